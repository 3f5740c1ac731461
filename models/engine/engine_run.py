"""One run of the engine: what a step sets going, robot after robot, as effects in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from models.engine import balances, due_dates, guards, transitions, trigger_rules
from models.engine import effects as e
from models.engine.deal_state import DealState, Moment
from models.engine.trigger_rules import stamp
from models.field_values import FieldValues
from models.process import months
from models.process.actions import BaseAction
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import DueOn, Outcome, Stage, TaskDefinition
from models.process.triggers import OnDate
from models.values.before_date import BeforeDate
from models.values.received_payment import ReceivedPayment

SILENCE = "silence"
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

    def __init__(self, process: Process, deal: DealState, moment: Moment) -> None:
        self.process, self.deal, self.moment = process, deal, moment
        self.effects: list[e.Effect] = []
        self.depth = 0
        self.was: e.Change | None = None  # the value before of the field whose change is just being told
        self.rings: TimerRun | None = None

    def plan(self) -> e.Plan:
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
        self.deal = self.deal.at(to, self.moment.now, target)
        self.deal = replace(self.deal, facts=self.deal.facts | transitions.passed(self.process, target, to))
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
            due = self.moment.calendar.later(self.moment.now, self.process.silence.every)
            self.effects.append(e.TimerSet(SILENCE, stamp(self.deal.entered_at), due))
        self.wake(trigger_rules.Entered())

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

    def break_silence(self, anchor: str) -> None:
        stage = self.process.find_stage(self.deal.pipeline, self.deal.stage)
        if stage is None or stage.ending or anchor != stamp(self.deal.entered_at):
            return
        silence = self.process.silence
        if not self._waits_for_its_day(stage):
            self.effects.append(e.NoticePlanned(silence.escalate, silence.text, SILENCE, escalated=True))
        due = self.moment.calendar.later(self.moment.now, silence.every)
        self.effects.append(e.TimerSet(SILENCE, anchor, due))

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
        self.deal = before.with_fields(changed)
        self.effects.append(e.FieldsSet(changed, why))
        became_paid = self._recount()
        for rule, robot in self.process.rules_of(*self.place):
            if robot.timed and not robot.on.fields.isdisjoint(changed):
                self.set_timer(rule, robot)
        self._move_tasks(changed)
        if not self.wake(trigger_rules.FieldsChanged(changed, before)):
            return  # a robot moved the deal on
        self._close_answered(changed)
        if became_paid:
            self.become(balances.PAID_IN_FULL)
        self._follow_month(changed)

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
        for action in chosen.do:
            self.act(action, f"{place[0]}.{place[1]}.task.{name}")
        if self.place == place:
            self.wake(trigger_rules.TaskEnded(name, outcome))

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
