"""One run of the engine: what a step sets going, robot after robot, as effects in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from models.engine import balances, due_dates, guards, holds, transitions, trigger_rules
from models.engine import effects as e
from models.engine.deal_state import DealState, Moment
from models.engine.trigger_rules import stamp
from models.field_values import FieldValues
from models.process import months
from models.process.actions import BaseAction, Move
from models.process.own_tasks import OWN_TASKS, RETURN_MONEY, RETURNED
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import DueOn, Outcome, Stage, TaskDefinition
from models.values.received_payment import ReceivedPayment

SILENCE = "silence"
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


class EngineRun:
    """One run of the engine: the deal as it becomes, and the effects so far."""

    def __init__(self, process: Process, deal: DealState, moment: Moment) -> None:
        self.process, self.deal, self.moment = process, deal, moment
        self.begun = deal
        self.effects: list[e.Effect] = []
        self.depth = 0
        self.was: e.Change | None = None  # the value before of the field whose change is just being told

    def plan(self) -> e.Plan:
        """What the run has come to, and what is to be told of guards that hold no more, or hold again."""
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
        self.effects.append(e.StageChanged(self.deal.pipeline, self.deal.stage, target, to, status, why))
        self.deal = self.deal.at(to, self.moment.now, target)
        self.deal = replace(self.deal, facts=self.deal.facts | transitions.passed(self.process, target, to))
        self._recount()
        self.settle_in()
        if self.place == (target, to):
            self._see_to_money(balances.NOTHING)

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
        changed |= self._lapsed(changed)
        self.deal = before.with_fields(changed)
        self.effects.append(e.FieldsSet(changed, why))
        became_paid = self._recount()
        self._see_to_money(balances.to_return(self.process, before))
        for rule, robot in self.process.rules_of(*self.place):
            if robot.timed and not robot.on.fields.isdisjoint(changed):
                self.set_timer(rule, robot)
        self._move_tasks(changed)
        if not self.wake(trigger_rules.FieldsChanged(changed, before)):
            return  # a robot moved the deal on
        self._close_answered(changed, cured=self._adds_up_again(before))
        if became_paid:
            self.become(balances.PAID_IN_FULL)
        self._follow_month(changed)

    def _lapsed(self, changed: Mapping[str, Any]) -> dict[str, None]:
        """What was said of a value that is another one now, and so is put aside."""
        covering = self.process.covering.items()
        return {
            name: None
            for name, covered in covering
            if name not in changed and self.deal.filled(name) and not covered.isdisjoint(changed)
        }

    def _entered(self, name: str, value: Any) -> Any:
        """Money that comes in, or is given back, is a line of the ledger, and adds to what the field holds."""
        if not isinstance(value, ReceivedPayment):
            return value
        self.effects.append(e.PaymentEntered(name, value))
        held = (self.deal.fields.get(name) or Decimal(0)) + value.amount
        return held or None

    def _recount(self) -> bool:
        """Keep the facts «paid in full» and «something is owed» true; whether all has just been paid."""
        if self.process.payments is None:
            return False
        before, known = self.deal.facts, balances.facts(self.process, self.deal)
        if known != before & MONEY_FACTS:
            self.deal = replace(self.deal, facts=before - MONEY_FACTS | known)
        return balances.PAID_IN_FULL in known - before

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
            choice = chosen.ask or chosen.if_ or chosen.snooze or chosen.stays
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
