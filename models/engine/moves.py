"""The engine: from a wish (move, fill in, close a task, a timer rings) to a plan of effects, or a refusal with reasons.

Each `plan_*` is pure. Robots run here too: an action that moves the deal goes through the same guard as a button.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from models.engine import (
    asked_runs,
    claim_runs,
    due_dates,
    foresight,
    guards,
    holds,
    performers,
    silence_runs,
    transitions,
    trigger_rules,
    visit_jobs,
)
from models.engine import effects as e
from models.engine.claim_runs import CLAIM
from models.engine.deal_state import DealState, Moment
from models.engine.engine_run import EngineRun, anchor_of
from models.engine.silences import SILENCE, LastActs
from models.field_values import FieldValues
from models.process.actions import Action, CarryOver, Move, SetVisit
from models.process.process import Process
from models.process.stages import Outcome, TaskDefinition
from models.process.triggers import Tapped
from models.values.product_text import StoredTitle

NO_ACTS = LastActs()


def missing() -> list[str]:
    """Each word of the language that the engine does not know, and what it lacks; nothing may be planned then."""
    return [*performers.missing(), *guards.missing(), *trigger_rules.missing()]


def plan_move(process: Process, deal: DealState, to: str, moment: Moment) -> e.Plan | e.Refusal:
    """Move the deal to a stage of its pipeline (C-1). Refused with every reason that stands against it."""
    reasons = foresight.why_not(process, deal, to, moment)
    if reasons:
        return e.Refusal(tuple(reasons))
    run = EngineRun(process, deal, moment)
    run.move(to, why=None)
    return run.plan()


def plan_begin(process: Process, deal: DealState, moment: Moment) -> e.Plan:
    """What happens when a new deal begins on the stage where `deal` stands: tasks, timers, robots on entering."""
    run = EngineRun(process, deal, moment)
    run.settle_in()
    return run.plan()


def plan_fields(
    process: Process, deal: DealState, values: FieldValues, moment: Moment, *, decides: bool = False, lost: bool = False
) -> e.Plan | e.Refusal:
    """Set fields to typed values: timers and tasks that hang on their dates follow, robots on change run.

    Refused if a guard that must hold would not: `held`, or `asked` where somebody above would have to say yes; nothing
    is asked of one who `decides` himself. What was `lost` is gone, whatever guards say; who must hear of it does.
    """
    run = EngineRun(process, deal, moment)
    run.fill(values, why=None)
    return run.plan() if lost else _kept(run, decides=decides)


def plan_visit(process: Process, deal: DealState, action: SetVisit, moment: Moment) -> e.Plan:
    """Somebody says how it stands with a visit; robots that wait for it run."""
    run = EngineRun(process, deal, moment)
    run.set_visit(action, None)
    return run.plan()


def _kept(run: EngineRun, *, decides: bool) -> e.Plan | e.Refusal:
    """The plan of a change, unless what must stay true stands against it."""
    reasons = holds.why_not_change(run.process, run.begun, run.deal, run.moment)
    if decides:
        reasons = [one for one in reasons if one.code != "asked"]
    return e.Refusal(tuple(reasons)) if reasons else run.plan()


def plan_timer(
    process: Process, deal: DealState, rule: str, anchor: str, moment: Moment, acts: LastActs = NO_ACTS
) -> e.Plan:
    """A timer rang: do what the rule says, if it is still wanted. An empty plan means that it is not.

    `acts` is what the net under the deal must know of it besides.
    """
    run = EngineRun(process, deal, moment)
    if rule == SILENCE:
        silence_runs.ring(run, anchor, acts)
        return run.plan()
    if rule == CLAIM:  # put off by whom it was told to
        if "claim_open" in deal.facts:
            claim_runs.tell_of_claim(run)
        return run.plan()
    if rule in process.asked_tasks:
        asked_runs.ask_again(run, rule, anchor)
        return run.plan()
    robot = dict(process.rules_of(deal.pipeline, deal.stage)).get(rule)
    if robot is not None and robot.timed and anchor == anchor_of(robot, deal):
        run.ring(rule, robot)
    return run.plan()


def plan_fact(process: Process, deal: DealState, fact: str, moment: Moment) -> e.Plan:
    """A fact of the deal became true (`paid_in_full`, `claim_open`, `claim_settled`): robots that wait for it run.

    `deal.facts` hold what is true now, after the change.
    """
    run = EngineRun(process, deal, moment)
    run.become(fact)
    return run.plan()


def plan_reversal(
    process: Process,
    deal: DealState,
    payment_id: int,
    field: str,
    amount: Decimal,
    why: str,
    moment: Moment,
    *,
    decides: bool = False,
) -> e.Plan | e.Refusal:
    """A payment is taken back: the ledger gets a line of its own, the field so much less (K-14)."""
    run = EngineRun(process, deal, moment)
    run.reverse(payment_id, field, amount, why)
    return _kept(run, decides=decides)


def plan_claim(process: Process, deal: DealState, text: str, moment: Moment) -> e.Plan:
    """A claim is registered by hand (K-24): its text stands in the process's own field too; robots wait for one.

    A closed deal stays closed; its claim is worked on like any other.
    """
    run = EngineRun(process, deal, moment)
    field = process.claim_fields[0]
    if field in process.fields:
        run.fill({field: text}, why=None)
    claim_runs.open_claim(run, text)
    return run.plan()


def plan_tap(process: Process, deal: DealState, rule: str, moment: Moment) -> e.Plan | e.Refusal:
    """A person pressed a robot's own button on the card."""
    robot = dict(process.rules_of(deal.pipeline, deal.stage)).get(rule)
    if robot is None or not isinstance(robot.on, Tapped):
        return e.Refusal((e.Reason("no_button"),))
    missing = [name for name in robot.on.ask if not deal.filled(name)]
    reasons = [e.Reason("missing", {"field": name}, cure=e.Fill((name,))) for name in missing]
    reasons += guards.reasons(robot.if_, deal, moment) + _shut(process, deal, robot.do, moment)
    if reasons:
        return e.Refusal(_each_once(reasons))
    run = EngineRun(process, deal, moment)
    run.fire(rule, robot)
    return _unless_undone(run)


def plan_close(
    process: Process,
    deal: DealState,
    name: str,
    task: TaskDefinition | None,
    outcome: str,
    open_items: tuple[StoredTitle, ...],
    moment: Moment,
) -> e.Plan | e.Refusal:
    """Close a task with an outcome: its checklist and its questions first, then what the outcome brings."""
    chosen = task.outcomes.get(outcome) if task else Outcome(title=outcome)
    if chosen is None:
        return e.Refusal((e.Reason("no_button"),))
    missing = [field for field in chosen.ask if not deal.filled(field)]
    reasons = [e.Reason("missing", {"field": field}, cure=e.Fill((field,))) for field in missing]
    # who has been at the client's says what he found there, whatever stands against the deal's way
    his = task is None or task.to == "responsible"
    steps = [one for one in chosen.do if his or not isinstance(one, Move)]
    reasons += guards.reasons(chosen.if_, deal, moment) + _shut(process, deal, steps, moment)
    if (day := visit_jobs.day_ahead(process, deal, name, chosen, moment)) is not None:
        reasons.insert(0, e.Reason("visit_ahead", {"day": day}))
    if open_items and not (chosen.puts_off or chosen.unchecked or chosen.stays):
        reasons.append(e.Reason("items_open", {"items": open_items}))
    if reasons:
        return e.Refusal(_each_once(reasons))
    run = EngineRun(process, deal, moment)
    if chosen.stays:
        run.stay(name, outcome, chosen)
    elif chosen.snooze:
        run.effects.append(e.TaskSnoozed(name, outcome, moment.calendar.open_later(moment.now, chosen.snooze)))
    elif chosen.until:
        run.effects.append(e.TaskSnoozed(name, outcome, due_dates.promised_due(chosen.until, deal, moment)))
    else:
        run.close(name, outcome, chosen)
    return _unless_undone(run, f"{deal.place}.task.{name}" if his else None)


def _unless_undone(run: EngineRun, chosen: str | None = None) -> e.Plan | e.Refusal:
    """The plan of what a person chose, or why the move that it brings would be undone at once: then nothing is done.

    Nor is it where `chosen` itself, the outcome of a task, cannot move the deal: else the task were gone all the same.
    """
    blocked = [one for one in run.effects if isinstance(one, e.MoveBlocked)]
    against = [why for one in blocked for why in one.refusal.reasons if why.code == "undone" or one.rule == chosen]
    return e.Refusal(_each_once(against)) if against else run.plan()


def _shut(process: Process, deal: DealState, actions: Sequence[Action], moment: Moment) -> list[e.Reason]:
    """A button that would carry the deal back through a one-way door says so, before anything is done (M-2, M-18), and
    so does one that would move it on while something that must stay true is not; one that moves it to where answers are
    confirmed together asks for them and for the yes (M-16).

    What is carried to another pipeline without a stage begins at its first one.
    """
    found = []
    for action in actions:
        if isinstance(action, Move):
            found += _asked_there(process, deal, action.move, moment)
            found += transitions.held_against(process, deal, action.move, moment)
        elif isinstance(action, CarryOver):
            pipeline, _, stage = action.carry.partition(".")
            to = stage or process.pipelines[pipeline].first
            if (door := transitions.blocking_one_way(process, deal, pipeline, to)) is not None:
                found.append(e.Reason("one_way", {"stage": to, "behind": door}))
    return found


def _asked_there(process: Process, deal: DealState, to: str, moment: Moment) -> list[e.Reason]:
    """What a stage where answers are confirmed together would still ask of the deal."""
    stage = process.find_stage(deal.pipeline, to)
    if stage is None or not stage.enter.confirms or deal.stage == to:
        return []
    return [one for one in guards.gate_reasons(stage.enter, deal, moment) if one.is_asked]


def _each_once(reasons: Sequence[e.Reason]) -> tuple[e.Reason, ...]:
    return tuple({(one.code, str(one.data), one.why): one for one in reasons}.values())
