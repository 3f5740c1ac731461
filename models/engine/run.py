"""One run of the engine: what a step sets going, robot after robot, as effects in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, assert_never

from models.engine import dates, guards, ways
from models.engine import effects as e
from models.engine.state import DealState, Moment
from models.process import robots as r
from models.process.process import Process
from models.process.stages import DueOn, Outcome, Task

SILENCE = "silence"
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


def _stamp(value: date | datetime) -> str:
    """One moment is one text, whatever zone it was written in."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


class Run:
    """One run of the engine: the deal as it becomes, and the effects so far."""

    def __init__(self, process: Process, deal: DealState, moment: Moment) -> None:
        self.process, self.deal, self.moment = process, deal, moment
        self.effects: list[e.Effect] = []
        self.depth = 0

    def plan(self) -> e.Plan:
        return e.Plan(tuple(self.effects))

    # --- moving

    def move(self, to: str, why: str | None, pipeline: str | None = None) -> None:
        target = pipeline or self.deal.pipeline
        stage = self.process.stage(target, to)
        status = stage.ending or "open"
        self.effects.append(e.StageChanged(self.deal.pipeline, self.deal.stage, target, to, status, why))
        self.deal = self.deal.at(to, self.moment.now, target)
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
                due = dates.stuck_due(robot.on, self.deal.entered_at, self.moment)
            case r.OnDate():
                value = self.deal.fields.get(robot.on.field)
                due = dates.date_due(robot.on, value, self.moment) if value is not None else None
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
        self.effects.append(e.Noticed(silence.escalate, silence.text, SILENCE, escalated=True))
        self.effects.append(e.TimerSet(SILENCE, anchor, self.moment.now + silence.every))

    # --- fields

    def fill(self, values: Mapping[str, Any], why: str | None) -> None:
        before = self.deal
        changed = {name: value for name, value in values.items() if before.fields.get(name) != value}
        if not changed:
            return
        self.deal = before.with_fields(changed)
        self.effects.append(e.FieldsSet(changed, why))
        place = (self.deal.pipeline, self.deal.stage)
        for rule, robot in self.process.rules_of(*place):
            if isinstance(robot.on, r.OnDate) and robot.on.field in changed:
                self.set_timer(rule, robot)
        self._move_tasks(changed)
        for rule, robot in self.process.rules_of(*place):
            match robot.on:
                case r.Changed(changed=name) if name in changed and before.filled(name):
                    self.fire(rule, robot)
                case r.FilledIn(filled=name) if name in changed and self.deal.filled(name) and not before.filled(name):
                    self.fire(rule, robot)
                case _:
                    pass
            if (self.deal.pipeline, self.deal.stage) != place:
                return
        self._close_answered(changed)

    def _close_answered(self, changed: Mapping[str, Any]) -> None:
        """A task that only asks for fields has nothing left once they are known, wherever they were filled in (F-E2).

        One with a choice of outcomes, or with a line that may stay open, is closed by a person.
        """
        for name, outcome in tuple(self.deal.tasks.items()):
            task = self.process.find_task(name)
            if outcome is not None or task is None or len(task.outcomes) > 1:
                continue
            ((end, chosen),) = task.outcomes.items()
            choice = chosen.ask or chosen.if_ or chosen.snooze
            if choice or any(not line.fill or line.optional for line in task.checklist):
                continue
            wanted = {field for line in task.checklist for field in line.fill}
            if wanted & set(changed) and all(self.deal.filled(field) for field in wanted):
                self.close(name, end, chosen)

    def _move_tasks(self, changed: Mapping[str, Any]) -> None:
        for name, outcome in self.deal.tasks.items():
            task = self.process.find_task(name)
            if outcome is None and task and isinstance(task.due, DueOn) and task.due.on in changed:
                self.effects.append(e.TaskMoved(name, dates.task_due(task.due, self.deal, self.moment)))

    # --- tasks

    def give(self, name: str, task: Task, rule: str) -> None:
        self.effects.append(e.TaskGiven(name, task, dates.task_due(task.due, self.deal, self.moment), rule))
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
                add(e.Noticed(action.notify, action.text, rule))
            case r.Escalate():
                add(e.Noticed(action.escalate, action.text, rule, escalated=True))
            case r.Give():
                task = self.process.task(self.deal.pipeline, self.deal.stage, action.give)
                self.give(action.give, task, rule)
            case r.Move():
                self._robot_move(action.move, rule)
            case r.Carry():
                self._robot_carry(*self._place(action.carry), rule)
            case r.Convert():
                add(e.Converted(*self._place(action.convert)))
            case r.CreateClients():
                self._create_clients(self.deal.fields.get(action.create_clients))
            case r.Ask():
                add(e.FieldsAsked(action.of, action.ask, action.text, rule))
            case r.Put():
                self.fill(dict(action.put), rule)
            case r.Comment():
                add(e.Commented(action.comment, rule))
            case _:
                assert_never(action)

    def _place(self, target: str) -> tuple[str, str]:
        pipeline, _, stage = target.partition(".")
        return pipeline, stage or self.process.pipelines[pipeline].first

    def _create_clients(self, chosen: Any) -> None:
        options = {chosen} if isinstance(chosen, str) else set(chosen or ())
        if what := options & {"contact", "company"}:
            self.effects.append(e.ClientsCreated(frozenset(what)))

    def _robot_carry(self, pipeline: str, to: str, rule: str) -> None:
        """No way leads from one pipeline to another, but the door of the stage there is guarded as ever."""
        reasons = guards.gate_reasons(self.process.stage(pipeline, to).enter, self.deal, self.moment)
        if reasons:
            self.effects.append(e.MoveBlocked(to, e.Refusal(tuple(reasons)), rule, pipeline))
        else:
            self.move(to, rule, pipeline)

    def _robot_move(self, to: str, rule: str) -> None:
        target = (self.deal.came_from or "") if to == "previous" else to
        before = self.process.find_stage(self.deal.pipeline, target)
        if to == "previous" and before and before.ending:
            return  # someone took it back to work already: «back» never means back into an ending
        reasons = ways.why_not(self.process, self.deal, target, self.moment)
        if reasons:
            self.effects.append(e.MoveBlocked(target, e.Refusal(tuple(reasons)), rule))
        else:
            self.move(target, why=rule)
