"""One run of the engine: what a step sets going, robot after robot, as effects in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from models.engine import balances, due_dates, guards, lives, transitions, trigger_rules
from models.engine import effects as e
from models.engine.deal_state import DealState, Moment
from models.engine.trigger_rules import stamp
from models.field_values import FieldValues
from models.process import conditions, months
from models.process.actions import BaseAction
from models.process.conditions import Done
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import DueOn, Outcome, Stage, TaskDefinition
from models.process.triggers import OnDate
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


class EngineRun:
    """One run of the engine: the deal as it becomes, and the effects so far."""

    def __init__(self, process: Process, deal: DealState, moment: Moment, *, foresees: bool = False) -> None:
        self.process, self.deal, self.moment = process, deal, moment
        self.foresees = foresees  # it only looks what would come of a step
        self.effects: list[e.Effect] = []
        self.depth = 0
        self.was: e.Change | None = None  # the value before of the field whose change is just being told
        self.closed: set[str] = set()  # tasks closed in this run: what their outcomes bring does not end them

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
        before, opened = self.deal, [name for name, outcome in self.deal.tasks.items() if outcome is None]
        kept = frozenset(name for name in opened if lives.goes_along(self.process, before, name, target, to))
        self.effects.append(e.StageChanged(before.pipeline, before.stage, target, to, status, why, kept))
        self.deal = before.at(to, self.moment.now, target).without_tasks(set(opened) - kept)
        known = transitions.passed(self.process, target, to) | {f"{transitions.STOOD}{self.deal.place}"}
        self.deal = replace(self.deal, facts=self.deal.facts | known)
        self.put_aside(lives.fields_left(self.process, before, target, to))
        closed = [name for name, outcome in self.deal.tasks.items() if outcome is not None]
        self._end([name for name in closed if lives.is_left(self.process, before, name, target, to)])
        self.settle_in(again=transitions.comes_back(self.process, before, target, to))

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
            due = self.moment.now + self.process.silence.every
            self.effects.append(e.TimerSet(SILENCE, stamp(self.deal.entered_at), due))
        self.wake(trigger_rules.Entered(again))

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
        self.deal = before.with_fields(changed)
        self.effects.append(e.FieldsSet(changed, why))
        aside = lives.fields_of_other_days(self.process, before, self.deal, changed, self.moment)
        self.put_aside(aside)
        became_paid = self._recount()
        touched = {*changed, *aside}
        for rule, robot in self.process.rules_of(*self.place):
            if robot.timed and not robot.on.fields.isdisjoint(touched):
                self.set_timer(rule, robot)
        self._move_tasks(touched, before)
        ended = self._end_about(touched, before)
        if not self.wake(trigger_rules.FieldsChanged(changed, before)):
            return  # a robot moved the deal on
        if not self._ask_anew(ended):
            return
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
