"""Steps that would undo themselves: what is drawn as open has been played to the end.

A move is planned, and robots that would act in the same moment are looked at: one that `shuts` the stage, or one that
takes the deal away at once. Nothing is asked of the world; stages without such robots cost one look into a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from models.engine import effects as e
from models.engine import guards, transitions, visit_changes, visit_faces
from models.engine.deal_state import DealState, Moment
from models.engine.engine_run import EngineRun
from models.engine.transitions import Option
from models.field_values import FieldValues
from models.fields.date_field import DateField
from models.process.actions import Action, CarryOver, Move
from models.process.conditions import fields_of
from models.process.process import Process
from models.process.robots import Robot
from models.process.triggers import OnDate

FURTHEST = 60  # days in which a day is looked for that would do


class DealPlace(Protocol):
    """Where a deal stands: the card, or the deal as the engine sees it."""

    @property
    def pipeline(self) -> str: ...


def options(process: Process, deal: DealState, moment: Moment) -> tuple[Option, ...]:
    """The stage menu; a way on which the deal would not stay is shut with its reason."""
    menu = transitions.options(process, deal, moment)
    return tuple(
        one if any(reason.code != "missing" for reason in one.reasons) else _foreseen(process, deal, one, moment)
        for one in menu
    )


def _foreseen(process: Process, deal: DealState, one: Option, moment: Moment) -> Option:
    against = undone(process, deal, one.stage, moment)
    return replace(one, reasons=(*one.reasons, *against)) if against else one


def why_not(process: Process, deal: DealState, to: str, moment: Moment) -> list[e.Reason]:
    """Every reason why the deal cannot move to the stage of its pipeline now, and stay there; empty if it can (C-1)."""
    found = transitions.why_not(process, deal, to, moment)
    return found if any(one.code != "missing" for one in found) else [*found, *undone(process, deal, to, moment)]


def undone(
    process: Process, deal: DealState, to: str, moment: Moment, pipeline: str | None = None
) -> tuple[e.Reason, ...]:
    """Why a move would be undone in the moment in which it is made; empty if it would not."""
    line = pipeline or deal.pipeline
    if (line, process.described(line, to)) not in process.restless:
        return ()
    run = EngineRun(process, deal, moment, foresees=True)
    run.move(to, None, pipeline)
    if run.place == (deal.pipeline, deal.stage):
        return (e.Reason("undone", {"stage": deal.stage}),)
    return _at_once(run)


def of_actions(process: Process, deal: DealState, actions: Iterable[Action], moment: Moment) -> tuple[e.Reason, ...]:
    """Why what a button does would be undone, as far as it moves the deal."""
    for action in actions:
        place = _place(deal, action)
        if place is not None and (found := undone(process, deal, place[1], moment, place[0])):
            return found
    return ()


def may_undo(process: Process, deal: DealPlace, actions: Iterable[Action]) -> bool:
    """Whether what a button does leads to a stage where a deal might not stay: read off the file alone."""
    places = [_place(deal, action) for action in actions]
    return any((line, process.described(line, stage)) in process.restless for line, stage in filter(None, places))


def _place(deal: DealPlace, action: Action) -> tuple[str, str] | None:
    match action:
        case Move(move=to) if to != "previous":
            return deal.pipeline, to
        case CarryOver(carry=target):
            pipeline, _, stage = target.partition(".")
            return (pipeline, stage) if stage else None
        case _:
            return None


def of_values(process: Process, deal: DealState, values: FieldValues, moment: Moment) -> tuple[e.Reason, ...]:
    """Why new values would at once bring about what shuts the stage where the deal stands: a day too near."""
    if (deal.pipeline, process.described(deal.pipeline, deal.stage)) not in process.restless:
        return ()
    run = EngineRun(process, deal, moment, foresees=True)
    run.fill(values, None)
    return _at_once(run) if run.place == (deal.pipeline, deal.stage) else ()


def goes_to_nobody(process: Process, deal: DealState, values: FieldValues, moment: Moment) -> bool:
    """Whether these values agree a day ahead for a deal that is lost: nobody would go there, nor be expected."""
    stage = process.find_stage(deal.pipeline, deal.stage)
    if stage is None or stage.ending != "lost":
        return False
    sets = visit_changes.write(process, deal, values, moment).sets
    return any(one.visit.current and not visit_faces.is_over(one.visit, moment) for one in sets)


def find_day(process: Process, deal: DealState, to: str, field: str, moment: Moment) -> tuple[date, str] | None:
    """The first day of that field on which the stage, or another one that hangs on the same day, would be open."""
    if not isinstance(process.fields.get(field), DateField):
        return None
    ways = process.ways(deal.pipeline, deal.stage)
    alike = [way.to for way in ways if way.to != to and any(field in fields_of(test) for test in way.if_)]
    for days in range(FURTHEST):
        day = moment.today + timedelta(days=days)
        then = visit_changes.write(process, deal, {field: day}, moment).deal
        for stage in (to, *alike):
            if all(one.code == "missing" for one in why_not(process, then, stage, moment)):
                return day, stage
    return None


def _at_once(run: EngineRun) -> tuple[e.Reason, ...]:
    """What robots whose time has come would do where the deal stands now: the first that shuts it or takes it away."""
    rules, place = dict(run.process.rules_of(*run.place)), run.place
    rung: set[str] = set()
    while due := [rule for rule in _due(run.effects, run.moment) if rule in rules and rule not in rung]:
        rung.add(due[0])
        robot = rules[due[0]]
        holds = guards.all_hold(robot.if_, run.deal, run.moment)
        if holds and robot.shuts is None:
            run.fire(due[0], robot)
        if (holds and robot.shuts is not None) or run.place != place:
            return (e.Reason("undone", {"stage": run.deal.stage, **_field(robot)}, robot.shuts, _cure(robot)),)
    return ()


def _due(effects: Sequence[e.Effect], moment: Moment) -> list[str]:
    """The rules whose timers, as they stand after these effects, ring now."""
    timers: dict[str, bool] = {}
    for effect in effects:
        match effect:
            case e.StageChanged():
                timers.clear()
            case e.TimerSet(rule=rule, due_at=at):
                timers[rule] = at <= moment.now
            case e.TimerVoided(rule=rule):
                timers.pop(rule, None)
            case _:
                pass
    return [rule for rule, due in timers.items() if due]


def _field(robot: Robot) -> e.ReasonData:
    return {"field": robot.on.field} if isinstance(robot.on, OnDate) else {}


def _cure(robot: Robot) -> e.Fill | None:
    return e.Fill((robot.on.field,)) if isinstance(robot.on, OnDate) else None
