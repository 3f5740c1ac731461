"""What the engine's tests share: small processes out of YAML, moments, and a deal that takes plans like a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from models.engine import effects as e
from models.engine import moves
from models.engine.deal_state import DealState, Moment
from models.process import checks, parse
from models.process.process import Process
from models.values.work_calendar import WorkCalendar

PREAMBLE = """
process: shop
title: Мастерская
client: {name: name, phone: phone}
silence: {every: 7d, escalate: supervisor, text: Тишина}
sections: {about: {title: О сделке}}
fields:
  name: {title: Имя, type: text, section: about}
  phone: {title: Телефон, type: phone, section: about}
  note: {title: Заметка, type: text, section: about}
  total: {title: Сумма, type: money, section: about}
  paid: {title: Оплачено, type: money, section: about}
  ready_on: {title: Готовность, type: date, section: about}
  visit_at: {title: Визит, type: datetime, section: about}
  urgent: {title: Срочно, type: yes_no, section: about}
  kind: {title: Вид, type: choice, options: {corner: Угловая, straight: Прямая}, section: about}
  create: {title: Создать, type: choice, many: true, options: {contact: К, company: О, deal: С}, section: about}
"""
T = TypeVar("T")
UTC_CALENDAR = WorkCalendar(ZoneInfo("UTC"))
MOSCOW = WorkCalendar(ZoneInfo("Europe/Moscow"))
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Moscow


def build(pipelines: str, tasks: str = "", *, checked: bool = True) -> Process:
    """A process with these pipelines; by default it must pass every check, as one on disk would have to."""
    text = PREAMBLE + (f"tasks:\n{indent(tasks, '  ')}\n" if tasks else "") + f"pipelines:\n{indent(pipelines, '  ')}"
    process, problems, lines = parse.read(text, "shop.yaml")
    assert process is not None, problems
    found = checks.find_problems(process, "shop.yaml", lines) if checked else []
    assert not found, "\n".join(map(str, found))
    return process


@cache
def furniture() -> Process:
    """The furniture maker's process as it stands in processes/."""
    process, problems, _ = parse.read(
        (Path(__file__).parents[3] / "processes" / "furniture.yaml").read_text("utf-8"), "f"
    )
    assert process is not None, problems
    return process


def moment(now: datetime = NOW, calendar: WorkCalendar = UTC_CALENDAR) -> Moment:
    """Now, by default on a Tuesday in a company that lives by UTC."""
    return Moment(now, calendar)


def deal_at(place: str, entered_at: datetime = NOW, /, came_from: str | None = None, **fields: Any) -> DealState:
    """A deal on `pipeline.stage` with these fields."""
    pipeline, stage = place.split(".")
    return DealState(pipeline, stage, entered_at, fields, came_from=came_from)


def planned(found: e.Plan | e.Refusal) -> tuple[e.Effect, ...]:
    """The effects of a step that must be allowed."""
    assert isinstance(found, e.Plan), found
    return found.effects


def refused(found: e.Plan | e.Refusal) -> e.Refusal:
    """The refusal of a step that must not be allowed."""
    assert isinstance(found, e.Refusal), found
    return found


def of_kind(kind: type[T], found: e.Plan | e.Refusal) -> list[T]:
    """The effects of one kind."""
    return [effect for effect in planned(found) if isinstance(effect, kind)]


def codes(found: e.Plan | e.Refusal) -> list[tuple[str, Any]]:
    """(code, what it is about) of every reason of a refusal."""
    return [(reason.code, next(iter(reason.data.values()), None)) for reason in refused(found).reasons]


@dataclass
class Standing:
    """A deal in the world: takes plans as a service does, and keeps its timers and open tasks."""

    process: Process
    deal: DealState
    timers: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    tasks: dict[str, datetime] = field(default_factory=dict)
    begun: list[tuple[str, str]] = field(default_factory=list)
    visited: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def begin(cls, process: Process, place: tuple[str, str], now: Moment, fields: Mapping[str, Any]) -> Standing:
        """A new deal on a stage, with all that beginning there brings."""
        standing = cls(process, DealState(*place, entered_at=now.now, fields=dict(fields)))
        standing.take(moves.plan_begin(process, standing.deal, now), now)
        return standing

    @property
    def open(self) -> bool:
        """Whether the deal has not ended."""
        return self.process.stage(self.deal.pipeline, self.deal.stage).ending is None

    def take(self, plan: e.Plan, now: Moment) -> None:
        """Carry out the effects, in order."""
        for effect in plan.effects:
            self._take(effect, now)

    def _take(self, effect: e.Effect, now: Moment) -> None:
        match effect:
            case e.StageChanged():
                assert (effect.pipeline, effect.from_stage) == (self.deal.pipeline, self.deal.stage)
                self.deal = self.deal.at(effect.to_stage, now.now, effect.to_pipeline)
                self.timers.clear()
                gone = {name for name, outcome in self.deal.tasks.items() if outcome is None} - effect.kept
                self.deal = self.deal.without_tasks(gone)
                self.tasks = {name: due for name, due in self.tasks.items() if name not in gone}
                self.visited.append((effect.to_pipeline, effect.to_stage))
            case e.FieldsSet():
                self.deal = self.deal.with_fields(effect.values)
            case e.FieldsPutAside():
                self.deal = self.deal.with_fields(dict.fromkeys(effect.fields))
            case e.OutcomesPutAside():
                self.deal = self.deal.without_tasks(effect.outcomes)
            case e.TimerSet():
                self.timers[effect.rule] = (effect.anchor, effect.due_at)
            case e.TimerVoided():
                self.timers.pop(effect.rule, None)
            case e.TaskGiven():
                self._task(effect.name, None)
                self.tasks[effect.name] = effect.due_at
            case e.TaskMoved() | e.TaskSnoozed():
                self.tasks[effect.name] = effect.due_at
            case e.TaskClosed():
                self._task(effect.name, effect.outcome)
                del self.tasks[effect.name]
            case e.Converted():
                self.begun.append((effect.pipeline, effect.stage))
            case _:
                pass

    def _task(self, name: str, outcome: str | None) -> None:
        self.deal = self.deal.with_task(name, outcome)


def later(start: datetime = NOW, **span: float) -> datetime:
    """So much after a moment."""
    return start + timedelta(**span)
