"""One run of the engine: what a step sets going, robot after robot, as effects in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from models.engine import (
    balances,
    due_dates,
    guards,
    holds,
    lives,
    silences,
    transitions,
    trigger_rules,
    visit_changes,
    visit_faces,
)
from models.engine import effects as e
from models.engine.deal_state import DealState, Moment
from models.engine.silences import SILENCE
from models.engine.trigger_rules import stamp
from models.field_values import FieldValues
from models.process import conditions, months
from models.process.actions import BaseAction, Move, SetVisit
from models.process.conditions import Done
from models.process.own_tasks import CLIENT_WAITS, OWN_TASKS, RETURN_MONEY, RETURNED
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import DueOn, Outcome, TaskDefinition
from models.process.triggers import OnDate
from models.values.before_date import BeforeDate
from models.values.received_payment import ReceivedPayment

ENDINGS = ("", "_who", "_phone", "_when", "_day")  # of the words of a text that name a visit's field
MONEY = "money"  # the rule by which it is told of the money of deals that are over
MONEY_FACTS = frozenset((balances.PAID_IN_FULL, balances.DEBT))
DEEPEST = 12  # robots that move a deal which moves a deal …: more than any process needs, and never a loop
Does = TypeVar("Does", bound=BaseAction, contravariant=True)


class Performer(Protocol[Does]):
    """Performs an action of that kind in a run; `rule` is the robot or the task that it belongs to."""

    def __call__(self, run: EngineRun, action: Does, rule: str) -> None: ...


PERFORMERS: dict[type[BaseAction], Performer[Any]] = {}


def performs(action: type[Does]) -> Callable[[Performer[Does]], Performer[Does]]:
    """Register how an action is performed (see `models.engine.performers`)."""

    def register(performer: Performer[Does]) -> Performer[Does]:
        PERFORMERS[action] = performer
        return performer

    return register


def anchor_of(robot: Robot, deal: DealState) -> str:
    """For which state of the deal a timed robot is planned; '' if there is nothing to hang it on."""
    timing = trigger_rules.TIMINGS.get(type(robot.on))
    return timing.anchor(robot.on, deal) if timing else ""


@dataclass(frozen=True, slots=True)
class TimerRun:
    """The timer for which the clock rings: the robot, its anchor, and the date of which it reminds."""

    rule: str
    anchor: str
    before: BeforeDate | None


class EngineRun:
    """One run of the engine: the deal as it becomes, and the effects so far."""

    def __init__(self, process: Process, deal: DealState, moment: Moment, *, foresees: bool = False) -> None:
        self.process, self.deal, self.moment = process, deal, moment
        self.begun = deal
        self.foresees = foresees  # it only looks what would come of a step
        self.effects: list[e.Effect] = []
        self.depth = 0
        self.stale = False  # the client was told of a visit that has become another one, or none
        self.was: e.Change | None = None  # the value before of the field whose change is just being told
        self.closed: set[str] = set()  # tasks closed in this run: what their outcomes bring does not end them
        self.rings: TimerRun | None = None

    def plan(self) -> e.Plan:
        """What the run has come to, and what is to be told of guards that hold no more, or hold again. A client who was
        told of a visit that is not so any more has not been forgotten."""
        if self.stale and not any(isinstance(effect, e.SmsPlanned) for effect in self.effects):
            self.stale = False
            self.give(CLIENT_WAITS, OWN_TASKS[CLIENT_WAITS], "visit.told")
        told = holds.told(self.process, self.begun, self.deal, self.moment)
        return e.Plan((*self.effects, *told))

    def add(self, effect: e.Effect) -> None:
        """The next effect of the run."""
        self.effects.append(effect)

    @property
    def place(self) -> tuple[str, str]:
        """The pipeline and the stage where the deal stands now."""
        return self.deal.pipeline, self.deal.stage

    # --- moving

    def move(self, to: str, why: str | None, pipeline: str | None = None) -> None:
        target = pipeline or self.deal.pipeline
        stage = self.process.stage(target, to)
        status = stage.ending or "open"
        before, opened = self.deal, [name for name, outcome in self.deal.tasks.items() if outcome is None]
        kept = frozenset(name for name in opened if self._goes_along(name, target, to, why))
        self.effects.append(e.StageChanged(before.pipeline, before.stage, target, to, status, why, kept))
        self.deal = before.at(to, self.moment.now, target).without_tasks(set(opened) - kept)
        known = transitions.passed(self.process, target, to) | {f"{transitions.STOOD}{self.deal.place}"}
        self.deal = replace(self.deal, facts=self.deal.facts | known)
        self._recount()
        if before.visits:
            self._take_visits(visit_changes.leave(self.process, before, self.deal, self.moment), why)
        self.put_aside(lives.fields_left(self.process, before, target, to))
        closed = [name for name, outcome in self.deal.tasks.items() if outcome is not None]
        self._end([name for name in closed if lives.is_left(self.process, before, name, target, to)])
        self.settle_in(again=transitions.comes_back(self.process, before, target, to))
        if self.place == (target, to):
            self._see_to_money(balances.NOTHING)

    def _goes_along(self, name: str, pipeline: str, to: str, why: str | None) -> bool:
        by_itself = why in self.process.rules
        return lives.goes_along(self.process, self.deal, name, pipeline, to, self.moment, by_itself=by_itself)

    def settle_in(self, *, again: bool = False) -> None:
        pipeline, name = self.deal.pipeline, self.deal.stage
        stage = self.process.stage(pipeline, name)
        for task_name, task in stage.tasks.items():
            outlives = task.lasts is not None and task.lasts.stages and task_name in self.deal.tasks
            if not outlives:
                self.give(task_name, task, f"{pipeline}.{name}.task.{task_name}")
        rules = self.process.rules_of(pipeline, name)
        for rule, robot in rules:
            self.set_timer(rule, robot)
        if not stage.ending:
            due = silences.next_ring(self.process.silence, self.deal.entered_at, 0, self.moment.calendar)
            self.effects.append(e.TimerSet(SILENCE, stamp(self.deal.entered_at), due))
        self.wake(trigger_rules.Entered(again))

    def set_timer(self, rule: str, robot: Robot) -> None:
        timing = trigger_rules.TIMINGS.get(type(robot.on))
        if timing is None:
            return
        before = self.reminds_of(robot)
        if before is not None and isinstance(robot.on, OnDate):
            value = self.deal.fields[robot.on.field]
            due = due_dates.first_ring(robot.on, value, self.moment, alarm=robot.alarms)
        else:
            due = timing.due_at(robot.on, self.deal, self.moment)
        if due is None:
            self.add(e.TimerVoided(rule))
        else:
            tells = robot.told if before is not None else ()
            self.add(e.TimerSet(rule, anchor_of(robot, self.deal), due, before, tells))

    def reminds_of(self, robot: Robot) -> BeforeDate | None:
        """When a robot that only speaks of a date to come does so; None for any other robot, and without a date."""
        value = self.deal.fields.get(robot.on.field) if robot.warns and isinstance(robot.on, OnDate) else None
        if value is None or not isinstance(robot.on, OnDate):
            return None
        return due_dates.before_date(robot.on, value, self.moment)

    def ring(self, rule: str, robot: Robot) -> None:
        """The robot's timer rings. What reminds of a date rings again: in open time, and at its own moment."""
        before = self.reminds_of(robot)
        self.rings = TimerRun(rule, anchor_of(robot, self.deal), before)
        self.fire(rule, robot)
        if before is not None and (again := before.next_ring(self.moment.now)) is not None:
            self.add(e.TimerSet(rule, self.rings.anchor, again))

    def say(self, said: e.NoticePlanned) -> None:
        """A message; what the clock rings for knows of its timer."""
        if self.rings is not None and self.rings.rule == said.rule:
            said = replace(said, anchor=self.rings.anchor, before=self.rings.before)
        self.add(said)

    # --- fields

    def fill(self, values: FieldValues, why: str | None) -> None:
        before = self.deal
        values = {name: self._entered(name, value) for name, value in values.items()}
        changed = {name: value for name, value in values.items() if before.fields.get(name) != value}
        if not changed:
            return
        found = visit_changes.write(self.process, before, changed, self.moment)
        changed = self._now_otherwise(before, found.deal, changed)
        self.deal = found.deal
        if changed:
            self.effects.append(e.FieldsSet(changed, why))
        self._set_visits(found, before)
        became = self._recount()
        ended = self._follow(changed, before)
        self._see_to_money(balances.to_return(self.process, before))
        if not self.wake(trigger_rules.FieldsChanged(changed, before)):
            return  # a robot moved the deal on
        if not self._tell_visits(found) or not self._ask_anew(ended):
            return
        self._close_answered(changed, cured=self._adds_up_again(before))
        for fact in became:
            self.become(fact)
        self._follow_month(changed)

    def _follow(self, changed: FieldValues, before: DealState) -> dict[str, e.Change]:
        """What hangs on fields that are otherwise: answers that end, timers, open tasks. Gives what has changed, by the
        tasks whose outcomes have ended."""
        aside = lives.fields_of_other_days(self.process, before, self.deal, changed, self.moment)
        aside += lives.fields_said_of(self.process, before, changed)
        self.put_aside(aside)
        touched = {*changed, *aside}
        for rule, robot in self.process.rules_of(*self.place) if touched else ():
            if robot.timed and not robot.on.fields.isdisjoint(touched):
                self.set_timer(rule, robot)
        self._move_tasks(touched, before)
        return self._end_about(touched, before)

    def _now_otherwise(self, before: DealState, after: DealState, written: FieldValues) -> dict[str, Any]:
        """The fields that have other values than before: those written, and those that follow a visit's."""
        names = dict.fromkeys(written)
        for name in written:
            if name in self.process.faces:
                names |= dict.fromkeys(self.process.faces[name].fields)
        return {name: after.fields.get(name) for name in names if before.fields.get(name) != after.fields.get(name)}

    # --- visits

    def set_visit(self, action: SetVisit, why: str | None) -> None:
        """Say how it stands with a visit; robots that wait for it run."""
        self._take_visits(visit_changes.set_state(self.process, self.deal, action, self.moment), why)

    def _take_visits(self, found: visit_changes.VisitUpdate, why: str | None) -> None:
        """Visits are otherwise, not by their fields: these follow, with all that hangs on them."""
        before = self.deal
        names = [name for change in found.sets for name in self.process.visit_kinds[change.visit.name].fields]
        changed = self._now_otherwise(before, found.deal, dict.fromkeys(names))
        self.deal = found.deal
        if changed:
            self.effects.append(e.FieldsSet(changed, why))
        self._set_visits(found, before)
        ended = self._follow(changed, before) if changed else {}
        if self._tell_visits(found):
            self._ask_anew(ended)

    def _set_visits(self, found: visit_changes.VisitUpdate, before: DealState) -> None:
        for change in found.sets:
            self.effects.append(change)
        for name in dict.fromkeys(change.visit.name for change in found.sets):
            self._follow_visit(name, before)

    def _follow_visit(self, name: str, before: DealState) -> None:
        """The task of whoever comes is off with the hour; with another day or person it is begun anew (C-5)."""
        kind, old, new = self.process.visit_kinds[name], before.visit(name), self.deal.visit(name)
        if old is None or not old.is_agreed():
            return
        if old.told and old.is_ahead(self.moment.now) and not visit_faces.is_as_told(old, new):
            self.stale = True
        for job in visit_changes.open_jobs(self.process, kind, self.deal):
            if new is None or not (new.is_agreed() or new.state == "held"):
                self.effects.append(e.TasksTakenBack((job,), told=False))
                self.deal = self.deal.without_tasks((job,))
            elif visit_faces.is_of_another_day(old, new, self.moment.calendar):
                self.effects.append(e.TaskReset(job))

    def text_client(self, sms: e.SmsPlanned) -> None:
        """A message to the client; a visit that it names is known to him from now on."""
        self.add(sms)
        for name, kind in self.process.visit_kinds.items():
            visit = self.deal.visit(name)
            words = (f"{{{field}{ending}}}" for field in kind.fields for ending in ENDINGS)
            if visit is not None and visit.is_agreed() and not visit.told and any(word in sms.text for word in words):
                found = visit_changes.tell(self.process, self.deal, visit, self.moment)
                self.effects += found.sets
                self.deal = found.deal
                self._nobody_waits()

    def _nobody_waits(self) -> None:
        """A client who has been told when somebody comes instead needs no call any more."""
        waits = self.deal.tasks.get(CLIENT_WAITS, "") is None
        if waits and not any(rows and rows[-1].told and rows[-1].state == "off" for rows in self.deal.visits.values()):
            self.effects.append(e.TasksTakenBack((CLIENT_WAITS,)))
            self.deal = self.deal.without_tasks((CLIENT_WAITS,))

    def _tell_visits(self, found: visit_changes.VisitUpdate) -> bool:
        """Robots that wait for a visit's state run; whether the deal still stands where it stood."""
        came = [one.visit for one in found.sets if one.was is None or one.was.state != one.visit.state]
        return all(self.wake(trigger_rules.VisitCame(visit.name, visit.state)) for visit in came)

    def _entered(self, name: str, value: Any) -> Any:
        """Money that comes in, or is given back, is a line of the ledger, and adds to what the field holds."""
        if not isinstance(value, ReceivedPayment):
            return value
        self.effects.append(e.PaymentEntered(name, value))
        held = (self.deal.fields.get(name) or Decimal(0)) + value.amount
        return held or None

    def _recount(self) -> frozenset[str]:
        """Keep the facts «paid in full» and «something is owed» true; gives the one that has become so just now."""
        if self.process.payments is None:
            return frozenset()
        before, known = self.deal.facts, balances.facts(self.process, self.deal)
        if known != before & MONEY_FACTS:
            self.deal = replace(self.deal, facts=before - MONEY_FACTS | known)
        return known - before

    def _see_to_money(self, before: Decimal) -> None:
        """Money of the client's that stays in a deal that is over is somebody's task until it is given back, or until
        somebody above says why it stays; more of it than `before` makes it one anew."""
        left = balances.to_return(self.process, self.deal)
        is_open = self.deal.tasks.get(RETURN_MONEY, "") is None
        if left <= 0 and is_open:
            self.close(RETURN_MONEY, RETURNED, OWN_TASKS[RETURN_MONEY].outcomes[RETURNED])
        elif left > before and not is_open:
            self.give(RETURN_MONEY, OWN_TASKS[RETURN_MONEY], MONEY)
            self.add(e.RefundDue(left))

    def reverse(self, payment_id: int, name: str, amount: Decimal, why: str) -> None:
        """Take a payment back: the field holds so much less."""
        self.effects.append(e.PaymentReversed(payment_id, why))
        left = (self.deal.fields.get(name) or Decimal(0)) - amount
        self.fill({name: left if left > 0 else None}, why=None)

    def _adds_up_again(self, before: DealState) -> bool:
        """Whether what stood against every way on does so no more."""
        return bool(holds.broken(self.process, before, self.moment)) and not holds.broken(
            self.process, self.deal, self.moment
        )

    def _close_answered(self, changed: Mapping[str, Any], *, cured: bool) -> None:
        """A task that only asks for fields has nothing left once they are known, wherever they were filled in (F-E2).

        One with a choice of outcomes, or with a line that may stay open, is closed by a person. One that was answered
        while the deal did not add up is closed when it is `cured`, for its outcome moves the deal on.
        """
        for name, outcome in tuple(self.deal.tasks.items()):
            task = self.process.find_task(name)
            if outcome is not None or task is None or len(task.outcomes) > 1 or name in self.deal.by_hand:
                continue
            ((end, chosen),) = task.outcomes.items()
            choice = chosen.ask or chosen.if_ or chosen.puts_off or chosen.stays
            if choice or any(not line.fill or line.optional or line.paper for line in task.checklist):
                continue
            wanted = {field for line in task.checklist for field in line.fill}
            if any(self._is_held(action) for action in chosen.do):
                continue  # else the task would be gone, and the deal not moved
            waited = cured and any(isinstance(action, Move) for action in chosen.do)
            if (waited or wanted & set(changed)) and all(self.deal.filled(field) for field in wanted):
                self.close(name, end, chosen)

    def _is_held(self, action: BaseAction) -> bool:
        """Whether the action would move the deal on, and something that must stay true stands against it."""
        return isinstance(action, Move) and bool(
            transitions.held_against(self.process, self.deal, action.move, self.moment)
        )

    def _move_tasks(self, changed: Collection[str], before: DealState) -> None:
        """Open tasks follow their dates; what was ticked for another day or hour is no longer ticked."""
        for name, outcome in self.deal.tasks.items():
            task = lives.described(self.process, self.deal, name)
            if outcome is None and task and isinstance(task.due, DueOn) and task.due.on in changed:
                due = due_dates.task_due(task.due, self.deal, self.moment)
                self.effects.append(e.TaskMoved(name, due, anew=task.about in before.fields))

    # --- what ends

    def put_aside(self, names: tuple[str, ...]) -> None:
        """Values whose time is over leave the card; nobody is told of it as of a change."""
        if names:
            self.deal = self.deal.with_fields(dict.fromkeys(names))
            self.effects.append(e.FieldsPutAside(names))

    def _end(self, names: Sequence[str]) -> dict[str, str]:
        """These closed tasks count no longer; gives their outcomes, by name."""
        tasks = self.deal.tasks
        outcomes = {name: outcome for name in names if (outcome := tasks.get(name)) is not None}
        if outcomes:
            self.deal = self.deal.without_tasks(outcomes)
            self.effects.append(e.OutcomesPutAside(outcomes))
        return outcomes

    def _end_about(self, touched: Collection[str], before: DealState) -> dict[str, e.Change]:
        """Outcomes end that were about what has changed: about another day, or an approval of something else. Gives
        what has changed, by the task. What was closed in this run knows of the change."""
        over = lives.outcomes_of_other_days(self.process, before, self.deal, touched, self.moment)
        approvals = lives.approvals_over(self.process, before, self.deal, touched, self.moment)
        for name, was in approvals.items():
            if name not in self.closed:
                self._lapse(name, was)
        self._end([name for name in over if name not in self.closed])
        return {name: was for name, was in {**over, **approvals}.items() if name not in self.closed}

    def _lapse(self, name: str, was: e.Change) -> None:
        """An approval is over, and with it what it put on the card and the tasks that it led to."""
        task, outcome = lives.described(self.process, self.deal, name), self.deal.tasks.get(name)
        if task is None or outcome is None:
            return  # an approval that stood on another one, and has ended with it
        self.effects.append(e.ApprovalLapsed(name, task.title, outcome, was))
        self.put_aside(lives.put_by(self.process, self.deal, name))
        led_to = self.process.led_to.get((name, outcome), frozenset())
        opened = tuple(one for one, end in self.deal.tasks.items() if one in led_to and end is None)
        if opened:
            self.effects.append(e.TasksTakenBack(opened))
            self.deal = self.deal.without_tasks(opened)
        self._end([name, *(one for one in self.deal.tasks if one in led_to and one != name)])

    def _ask_anew(self, ended: Mapping[str, e.Change]) -> bool:
        """What ended is to be done again where it belongs, and robots that wait for it run; whether the deal still
        stands there."""
        for name in ended:
            if lives.belongs_here(self.process, self.deal, name):
                task = lives.described(self.process, self.deal, name)
                assert task is not None
                self.give(name, task, f"{self.deal.place}.task.{name}")
        self._ring_again(ended)
        return all(self.wake(trigger_rules.TaskLapsed(name, was)) for name, was in ended.items())

    def _ring_again(self, ended: Collection[str]) -> None:
        """Rules by a date that ask whether a task is done looked when it was: those whose hour has passed look again,
        now (M-8)."""
        for rule, robot in self.process.rules_of(*self.place) if ended else ():
            asked = {part.done for one in robot.if_ for part in conditions.walk(one) if isinstance(part, Done)}
            if isinstance(robot.on, OnDate) and not asked.isdisjoint(ended):
                self.set_timer(rule, robot)

    # --- tasks

    def give(self, name: str, task: TaskDefinition, rule: str) -> None:
        if self.deal.tasks.get(name, "") is None:
            return  # it is open: nobody has the same thing to do twice; one task sees to every open claim
        self.effects.append(e.TaskGiven(name, task, due_dates.task_due(task.due, self.deal, self.moment), rule))
        self.deal = self.deal.with_task(name, None)

    def close(self, name: str, outcome: str, chosen: Outcome) -> None:
        self.effects.append(e.TaskClosed(name, outcome))
        self.deal = self.deal.with_task(name, outcome)
        self.closed.add(name)
        place = self.place
        self._hold_visit(name, chosen)
        for action in chosen.do:
            self.act(action, f"{place[0]}.{place[1]}.task.{name}")
        if self.place == place:
            self.wake(trigger_rules.TaskEnded(name, outcome))

    def _hold_visit(self, name: str, chosen: Outcome) -> None:
        """Whoever comes has done there what was to be done: the visit was held, unless the outcome says otherwise."""
        said = {action.visit for action in chosen.do if isinstance(action, SetVisit)}
        for key, kind in self.process.visit_kinds.items():
            if key not in said and visit_changes.is_job(self.process, kind, name):
                self.set_visit(SetVisit(visit=key, to="held"), None)

    def stay(self, name: str, outcome: str, chosen: Outcome) -> None:
        """What an outcome says, without closing the task (K-16)."""
        place = (self.deal.pipeline, self.deal.stage)
        self.effects.append(e.TaskAnswered(name, outcome))
        for action in chosen.do:
            self.act(action, f"{place[0]}.{place[1]}.task.{name}")

    # --- robots

    def become(self, fact: str) -> None:
        """A fact of the deal became true, or ceased to: robots that wait for it run."""
        self.wake(trigger_rules.FactBecame(fact))

    def wake(self, event: trigger_rules.Event) -> bool:
        """Robots of the stage that wait for what happened run; whether the deal still stands there.

        Once one has moved the deal on, what else its old stage would say is no longer true.
        """
        place = self.place
        for rule, robot in self.process.rules_of(*place):
            woken = trigger_rules.woken(robot.on, event, self.deal)
            if woken is None:
                continue
            if woken.was is None:
                self.fire(rule, robot)
            else:
                self.was = woken.was
                self.fire(rule, robot)
                self.was = None
            if self.place != place:
                return False
        return True

    def fire(self, rule: str, robot: Robot) -> None:
        if self.depth >= DEEPEST or not guards.all_hold(robot.if_, self.deal, self.moment):
            return
        self.depth += 1
        for action in robot.do:
            self.act(action, rule)
        self.depth -= 1

    def act(self, action: BaseAction, rule: str) -> None:
        PERFORMERS[type(action)](self, action, rule)

    def place_meant(self, target: str) -> tuple[str, str]:
        """`pipeline` or `pipeline.stage`; without a stage the first one, or the month where the deal belongs."""
        pipeline, _, stage = target.partition(".")
        return pipeline, stage or self._month_in(pipeline) or self.process.pipelines[pipeline].first

    def _month_in(self, pipeline: str) -> str | None:
        """The stage of a monthly pipeline where the deal belongs by its date; without a date, this month's (M-17)."""
        field = self.process.pipelines[pipeline].monthly
        if field is None:
            return None
        value = self.deal.fields.get(field)
        return months.stage_of(self.moment.day_of(value) if value is not None else self.moment.today)

    def _follow_month(self, changed: Mapping[str, Any]) -> None:
        """A new date of contact takes the deal to its month (M-18)."""
        line = self.process.pipelines[self.deal.pipeline]
        if line.monthly in changed and months.is_month(self.deal.stage):
            to = self._month_in(self.deal.pipeline)
            if to is not None and to != self.deal.stage:
                self.move(to, why=f"{self.deal.pipeline}.{line.described(to)}.month")
