"""One run of the engine: what a step sets going, robot after robot, as effects in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from models.engine import balances, due_dates, guards, transitions, trigger_rules, visit_changes
from models.engine import effects as e
from models.engine.deal_state import DealState, Moment
from models.engine.trigger_rules import stamp
from models.field_values import FieldValues
from models.process import built_in, months
from models.process.actions import BaseAction, SetVisit
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import DueOn, Outcome, Stage, TaskDefinition
from models.values.received_payment import ReceivedPayment

SILENCE = "silence"
TAKEN_BACK = "void"  # how a task that was taken back within the run ended: by none of its outcomes
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


class EngineRun:
    """One run of the engine: the deal as it becomes, and the effects so far."""

    def __init__(self, process: Process, deal: DealState, moment: Moment) -> None:
        self.process, self.deal, self.moment = process, deal, moment
        self.effects: list[e.Effect] = []
        self.depth = 0
        self.stale = False  # the client was told of a visit that has become another one, or none
        self.was: e.Change | None = None  # the value before of the field whose change is just being told

    def plan(self) -> e.Plan:
        """What has been decided; a client who was told of a visit that is not so any more has not been forgotten."""
        if self.stale and not any(isinstance(effect, e.SmsPlanned) for effect in self.effects):
            self.stale = False
            self.give(built_in.CLIENT_WAITS, built_in.TASKS[built_in.CLIENT_WAITS], "visit.told")
        return e.Plan(tuple(self.effects))

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
        self.effects.append(e.StageChanged(self.deal.pipeline, self.deal.stage, target, to, status, why))
        left = self.deal
        self.deal = self.deal.at(to, self.moment.now, target)
        self.deal = replace(self.deal, facts=self.deal.facts | transitions.passed(self.process, target, to))
        if left.visits:
            self._take_visits(visit_changes.leave(self.process, left, self.deal, self.moment), why)
        self.settle_in()

    def settle_in(self) -> None:
        pipeline, name = self.deal.pipeline, self.deal.stage
        stage = self.process.stage(pipeline, name)
        for task_name, task in stage.tasks.items():
            self.give(task_name, task, f"{pipeline}.{name}.task.{task_name}")
        rules = self.process.rules_of(pipeline, name)
        for rule, robot in rules:
            self.set_timer(rule, robot)
        if not stage.ending:
            due = self.moment.now + self.process.silence.every
            self.effects.append(e.TimerSet(SILENCE, stamp(self.deal.entered_at), due))
        self.wake(trigger_rules.Entered())

    def set_timer(self, rule: str, robot: Robot) -> None:
        timing = trigger_rules.TIMINGS.get(type(robot.on))
        if timing is None:
            return
        due = timing.due_at(robot.on, self.deal, self.moment)
        if due is None:
            self.add(e.TimerVoided(rule))
        else:
            self.add(e.TimerSet(rule, timing.anchor(robot.on, self.deal), due))

    def break_silence(self, anchor: str) -> None:
        stage = self.process.find_stage(self.deal.pipeline, self.deal.stage)
        if stage is None or stage.ending or anchor != stamp(self.deal.entered_at):
            return
        silence = self.process.silence
        if not self._waits_for_its_day(stage):
            self.effects.append(e.NoticePlanned(silence.escalate, silence.text, SILENCE, escalated=True))
        self.effects.append(e.TimerSet(SILENCE, anchor, self.moment.now + silence.every))

    def _waits_for_its_day(self, stage: Stage) -> bool:
        """Whether an open task of the stage is for a day still to come: three weeks of production are no silence."""
        opened = (task for name, task in stage.tasks.items() if self.deal.tasks.get(name, "") is None)
        return any(due_dates.is_to_come(task.due, self.deal, self.moment) for task in opened)

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
        became_paid = self._recount()
        for rule, robot in self.process.rules_of(*self.place):
            if robot.timed and not robot.on.fields.isdisjoint(changed):
                self.set_timer(rule, robot)
        self._move_tasks(changed)
        if not self.wake(trigger_rules.FieldsChanged(changed, before)):
            return  # a robot moved the deal on
        if not self._tell_visits(found):
            return
        self._close_answered(changed)
        if became_paid:
            self.become(balances.PAID_IN_FULL)
        self._follow_month(changed)

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
        for rule, robot in self.process.rules_of(*self.place) if changed else ():
            if robot.timed and not robot.on.fields.isdisjoint(changed):
                self.set_timer(rule, robot)
        self._move_tasks(changed)
        self._tell_visits(found)

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
        if old.told and old.is_ahead(self.moment.now) and not visit_changes.is_as_told(old, new):
            self.stale = True
        for job in visit_changes.open_jobs(self.process, kind, self.deal):
            if new is None or not (new.is_agreed() or new.state == "held"):
                self.effects.append(e.TaskTakenBack(job))
                self._task(job, TAKEN_BACK)
            elif visit_changes.is_of_another_day(old, new, self.moment.calendar):
                self.effects.append(e.TaskReset(job))

    def text_client(self, sms: e.SmsPlanned) -> None:
        """A message to the client; a visit that it names is known to him from now on."""
        self.add(sms)
        for name, kind in self.process.visit_kinds.items():
            visit = self.deal.visit(name)
            words = (f"{{{field}{ending}}}" for field in kind.fields for ending in ("", "_who", "_phone"))
            if visit is not None and visit.is_agreed() and not visit.told and any(word in sms.text for word in words):
                found = visit_changes.tell(self.process, self.deal, visit, self.moment)
                self.effects += found.sets
                self.deal = found.deal

    def _tell_visits(self, found: visit_changes.VisitUpdate) -> bool:
        """Robots that wait for a visit's state run; whether the deal still stands where it stood."""
        came = [one.visit for one in found.sets if one.was is None or one.was.state != one.visit.state]
        return all(self.wake(trigger_rules.VisitCame(visit.name, visit.state)) for visit in came)

    def _entered(self, name: str, value: Any) -> Any:
        """Money that comes in is a line of the ledger, and adds to what the field holds."""
        if not isinstance(value, ReceivedPayment):
            return value
        self.effects.append(e.PaymentEntered(name, value))
        return (self.deal.fields.get(name) or Decimal(0)) + value.amount

    def _recount(self) -> bool:
        """Keep the fact «paid in full» true; whether it has just become so."""
        if self.process.payments is None:
            return False
        before = balances.PAID_IN_FULL in self.deal.facts
        now = balances.is_paid_in_full(self.process, self.deal.fields)
        if now != before:
            facts = self.deal.facts | {balances.PAID_IN_FULL} if now else self.deal.facts - {balances.PAID_IN_FULL}
            self.deal = replace(self.deal, facts=facts)
        return now and not before

    def reverse(self, payment_id: int, name: str, amount: Decimal, why: str) -> None:
        """Take a payment back: the field holds so much less."""
        self.effects.append(e.PaymentReversed(payment_id, why))
        left = (self.deal.fields.get(name) or Decimal(0)) - amount
        self.fill({name: left if left > 0 else None}, why=None)

    def _close_answered(self, changed: Mapping[str, Any]) -> None:
        """A task that only asks for fields has nothing left once they are known, wherever they were filled in (F-E2).

        One with a choice of outcomes, or with a line that may stay open, is closed by a person.
        """
        for name, outcome in tuple(self.deal.tasks.items()):
            task = self.process.find_task(name)
            if outcome is not None or task is None or len(task.outcomes) > 1 or name in self.deal.by_hand:
                continue
            ((end, chosen),) = task.outcomes.items()
            choice = chosen.ask or chosen.if_ or chosen.snooze or chosen.stays
            if choice or any(not line.fill or line.optional or line.paper for line in task.checklist):
                continue
            wanted = {field for line in task.checklist for field in line.fill}
            if wanted & set(changed) and all(self.deal.filled(field) for field in wanted):
                self.close(name, end, chosen)

    def _move_tasks(self, changed: Mapping[str, Any]) -> None:
        for name, outcome in self.deal.tasks.items():
            task = self.process.find_task(name)
            if outcome is None and task and isinstance(task.due, DueOn) and task.due.on in changed:
                self.effects.append(e.TaskMoved(name, due_dates.task_due(task.due, self.deal, self.moment)))

    # --- tasks

    def give(self, name: str, task: TaskDefinition, rule: str) -> None:
        if name in self.process.settling and self.deal.tasks.get(name, "") is None:
            return  # one task sees to every open claim of the deal, and goes along when the deal moves
        self.effects.append(e.TaskGiven(name, task, due_dates.task_due(task.due, self.deal, self.moment), rule))
        self._task(name, None)

    def close(self, name: str, outcome: str, chosen: Outcome) -> None:
        self.effects.append(e.TaskClosed(name, outcome))
        self._task(name, outcome)
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

    def _task(self, name: str, outcome: str | None) -> None:
        self.deal = replace(self.deal, tasks={**self.deal.tasks, name: outcome})

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
