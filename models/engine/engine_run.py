"""One run of the engine: what a step sets going, robot after robot, as effects in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, assert_never

from models.engine import balances, due_dates, guards, transitions
from models.engine import effects as e
from models.engine.deal_state import DealState, Moment
from models.process import months
from models.process import robots as r
from models.process.process import Process
from models.process.stages import DueOn, Outcome, Stage, TaskDefinition
from models.values.invalid_value import N_
from models.values.received_payment import ReceivedPayment
from models.values.visit_slot import VisitSlot, start_of

SILENCE = "silence"
CLAIM = "claim"  # the rule by which a claim is told and given to somebody where the file says nothing of it
CLAIM_TEXT = N_("Клиент предъявил претензию")
DEEPEST = 12  # robots that move a deal which moves a deal …: more than any process needs, and never a loop


def anchor_of(robot: r.Robot, deal: DealState) -> str:
    """For which state of the deal a timed robot is planned; '' if there is nothing to hang it on."""
    match robot.on:
        case r.Stuck():
            return _stamp(deal.entered_at)
        case r.OnDate():
            value = deal.fields.get(robot.on.field)
            return _stamp(value) if value is not None else ""
        case _:
            return ""


def _stamp(value: date | datetime | VisitSlot) -> str:
    """One moment is one text, whatever zone it was written in."""
    begins = start_of(value)
    return begins.astimezone(UTC).isoformat() if isinstance(begins, datetime) else begins.isoformat()


class EngineRun:
    """One run of the engine: the deal as it becomes, and the effects so far."""

    def __init__(self, process: Process, deal: DealState, moment: Moment) -> None:
        self.process, self.deal, self.moment = process, deal, moment
        self.effects: list[e.Effect] = []
        self.depth = 0
        self.was: e.Change | None = None  # the value before of the field whose change is just being told

    def plan(self) -> e.Plan:
        return e.Plan(tuple(self.effects))

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
            due = self.moment.now + self.process.silence.every
            self.effects.append(e.TimerSet(SILENCE, _stamp(self.deal.entered_at), due))
        for rule, robot in rules:
            if robot.on == "enter":
                self.fire(rule, robot)
            if (self.deal.pipeline, self.deal.stage) != (pipeline, name):
                return  # a robot moved the deal on: what else this stage would say is no longer true

    def set_timer(self, rule: str, robot: r.Robot) -> None:
        due: datetime | None = None
        match robot.on:
            case r.Stuck():
                due = due_dates.stuck_due(robot.on, self.deal.entered_at, self.moment)
            case r.OnDate():
                value = self.deal.fields.get(robot.on.field)
                due = due_dates.date_due(robot.on, value, self.moment) if value is not None else None
            case _:
                return
        if due is None:
            self.effects.append(e.TimerVoided(rule))
        else:
            self.effects.append(e.TimerSet(rule, anchor_of(robot, self.deal), due))

    def break_silence(self, anchor: str) -> None:
        stage = self.process.find_stage(self.deal.pipeline, self.deal.stage)
        if stage is None or stage.ending or anchor != _stamp(self.deal.entered_at):
            return
        silence = self.process.silence
        if not self._waits_for_its_day(stage):
            self.effects.append(e.Noticed(silence.escalate, silence.text, SILENCE, escalated=True))
        self.effects.append(e.TimerSet(SILENCE, anchor, self.moment.now + silence.every))

    def _waits_for_its_day(self, stage: Stage) -> bool:
        """Whether an open task of the stage is for a day still to come: three weeks of production are no silence."""
        opened = (task for name, task in stage.tasks.items() if self.deal.tasks.get(name, "") is None)
        return any(due_dates.is_to_come(task.due, self.deal, self.moment) for task in opened)

    # --- fields

    def fill(self, values: Mapping[str, Any], why: str | None) -> None:
        before = self.deal
        values = {name: self._entered(name, value) for name, value in values.items()}
        changed = {name: value for name, value in values.items() if before.fields.get(name) != value}
        if not changed:
            return
        self.deal = before.with_fields(changed)
        self.effects.append(e.FieldsSet(changed, why))
        became_paid = self._recount()
        place = (self.deal.pipeline, self.deal.stage)
        for rule, robot in self.process.rules_of(*place):
            if isinstance(robot.on, r.OnDate) and robot.on.field in changed:
                self.set_timer(rule, robot)
        self._move_tasks(changed)
        for rule, robot in self.process.rules_of(*place):
            match robot.on:
                case r.Changed(changed=name) if name in changed and before.filled(name):
                    self.was = e.Change(name, before.fields[name])
                    self.fire(rule, robot)
                    self.was = None
                case r.FilledIn(filled=name) if name in changed and self.deal.filled(name) and not before.filled(name):
                    self.fire(rule, robot)
                case _:
                    pass
            if (self.deal.pipeline, self.deal.stage) != place:
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
        place = (self.deal.pipeline, self.deal.stage)
        for action in chosen.do:
            self.act(action, f"{place[0]}.{place[1]}.task.{name}")
        for rule, robot in self.process.rules_of(*place):
            if (self.deal.pipeline, self.deal.stage) != place:
                return
            on = robot.on
            if isinstance(on, r.Closed) and on.task == name and on.outcome in (None, outcome):
                self.fire(rule, robot)

    def _robot_close(self, action: r.Close) -> None:
        """What the task waited for has come: it is closed as a person would close it, if it is open."""
        if self.deal.tasks.get(action.close, "") is None:
            task = self.process.task(self.deal.pipeline, self.deal.stage, action.close)
            self.close(action.close, action.outcome, task.outcomes[action.outcome])

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
        place = (self.deal.pipeline, self.deal.stage)
        for rule, robot in self.process.rules_of(*place):
            if (self.deal.pipeline, self.deal.stage) != place:
                return
            if isinstance(robot.on, r.Becomes) and robot.on.becomes == fact:
                self.fire(rule, robot)

    def fire(self, rule: str, robot: r.Robot) -> None:
        if self.depth >= DEEPEST or not guards.all_hold(robot.if_, self.deal, self.moment):
            return
        self.depth += 1
        for action in robot.do:
            self.act(action, rule)
        self.depth -= 1

    def act(self, action: r.Action, rule: str) -> None:
        add = self.effects.append
        match action:
            case r.Notify():
                add(e.Noticed(action.notify, action.text, rule, was=self.was, card=action.card))
            case r.Escalate():
                add(e.Noticed(action.escalate, action.text, rule, escalated=True, was=self.was))
            case r.GiveTask():
                task = self.process.task(self.deal.pipeline, self.deal.stage, action.give)
                self.give(action.give, task, rule)
            case r.Close():
                self._robot_close(action)
            case r.Move():
                self._robot_move(action.move, rule)
            case r.CarryOver():
                self._robot_carry(*self._place(action.carry), rule)
            case r.Convert():
                self._convert(action)
            case r.CreateClients():
                wanted = action.create_clients
                self._create_clients(wanted if wanted in r.CLIENTS else self.deal.fields.get(wanted))
            case r.AskFields():
                add(e.FieldsAsked(action.of, action.ask, action.text, rule))
            case r.PutValues():
                self.fill(dict(action.put), rule)
            case r.CopyFields():
                self.fill({name: self.deal.fields.get(source) for name, source in action.copy_.items()}, rule)
            case r.Comment():
                add(e.Commented(action.comment, rule))
            case r.ClearField():
                self.fill({action.clear: None}, rule)
            case r.SendSms():
                add(e.Texted(action.sms, rule, self.was))
            case r.PinText():
                add(e.Pinned(action.pin))
            case r.Make():
                add(e.PaperMade(action.make, rule))
            case r.OpenClaim():
                photos = self.deal.fields.get(action.photos) if action.photos else None
                self.open_claim(str(self.deal.fields.get(action.open_claim) or ""), tuple(photos or ()))
            case r.SettleClaim():
                self.settle_claim(str(self.deal.fields.get(action.settle_claim) or ""))
            case _:
                assert_never(action)

    def _convert(self, action: r.Convert) -> None:
        process, colon, rest = action.convert.rpartition(":")
        if self.process.direction(self.deal.pipeline) == "practice":
            return  # nothing real is begun by a learner (K-2)
        if not colon:
            self.effects.append(e.Converted(*self._place(action.convert), fill=action.fill))
        elif f"runs:{process}" in self.deal.facts:  # the stage it begins on is the other process's own affair
            pipeline, _, stage = rest.partition(".")
            self.effects.append(e.Converted(pipeline, stage, process, action.fill))

    def open_claim(self, text: str, photos: tuple[int, ...] = ()) -> None:
        """Robots that wait for a claim run, for a second one as well. Whatever the file says of this stage, somebody
        above hears of it, and somebody has the task to settle it: no claim is ever silent (K-24)."""
        self.effects.append(e.ClaimOpened(text, photos))
        before = len(self.effects)
        self._fact("claim_open", True)
        told = [one for one in self.effects[before:] if isinstance(one, e.Noticed)]
        if not any(one.escalated or one.to == "supervisor" for one in told):
            self.tell_of_claim()
        if all(self.deal.tasks.get(name, "") is not None for name in self.process.settling):
            own = next((name for name in self.process.tasks if name in self.process.settling), None)
            if own is not None:
                self.give(own, self.process.tasks[own], CLAIM)

    def tell_of_claim(self) -> None:
        self.effects.append(e.Noticed("supervisor", CLAIM_TEXT, CLAIM, escalated=True))

    def settle_claim(self, word: str) -> None:
        if "claim_open" in self.deal.facts:
            self.effects.append(e.ClaimSettled(word))
            self._fact("claim_open", False)

    def _fact(self, name: str, holds: bool) -> None:
        """A fact changed, and robots that wait for it run."""
        facts = self.deal.facts | {name} if holds else self.deal.facts - {name}
        self.deal = replace(self.deal, facts=facts)
        self.become(name if holds else {"claim_open": "claim_settled"}[name])

    def _place(self, target: str) -> tuple[str, str]:
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

    def _create_clients(self, chosen: Any) -> None:
        options = {chosen} if isinstance(chosen, str) else set(chosen or ())
        if what := options & {"contact", "company"}:
            self.effects.append(e.ClientsCreated(frozenset(what)))

    def _robot_carry(self, pipeline: str, to: str, rule: str) -> None:
        """No way leads from one pipeline to another, but the door of the stage there is guarded as ever.

        A learner's deal stays on the practice ground, whatever a task that both grounds share would do (K-2).
        """
        if "practice" in (self.process.direction(self.deal.pipeline), self.process.direction(pipeline)):
            return
        reasons = guards.gate_reasons(self.process.stage(pipeline, to).enter, self.deal, self.moment)
        if (door := transitions.blocking_one_way(self.process, self.deal, pipeline, to)) is not None:
            reasons.insert(0, e.Reason("one_way", {"stage": to, "behind": door}))
        if reasons:
            self.effects.append(e.MoveBlocked(to, e.Refusal(tuple(reasons)), rule, pipeline))
        else:
            self.move(to, rule, pipeline)

    def _robot_move(self, to: str, rule: str) -> None:
        target = (self.deal.came_from or "") if to == "previous" else to
        before = self.process.find_stage(self.deal.pipeline, target)
        if to == "previous" and before and before.ending:
            return  # someone took it back to work already: «back» never means back into an ending
        reasons = transitions.why_not(self.process, self.deal, target, self.moment)
        if reasons:
            self.effects.append(e.MoveBlocked(target, e.Refusal(tuple(reasons)), rule))
        else:
            self.move(target, why=rule)
