"""What the engine is told: one deal as it stands, and the moment in the company's calendar."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from models.field_values import FieldValues
from models.values.visit_slot import VisitSlot, start_of
from models.values.work_calendar import WorkCalendar
from models.visits import Visit


@dataclass(frozen=True, slots=True)
class Moment:
    """Now (aware, UTC) and the calendar that tells what day it is for the company."""

    now: datetime
    calendar: WorkCalendar

    @property
    def today(self) -> date:
        """The business date."""
        return self.calendar.today(self.now)

    def day_of(self, value: date | datetime | VisitSlot) -> date:
        """The day of a date field in the company's zone; of a booked visit the day on which it begins."""
        begins = start_of(value)
        return self.calendar.local(begins).date() if isinstance(begins, datetime) else begins


@dataclass(frozen=True, slots=True)
class DealState:
    """A deal as the engine sees it.

    `fields` are typed values (Decimal, date, aware datetime, bool, str, tuple of names, Address, tuple of file ids).
    `tasks` maps a task's name to its last outcome, or to None while it is open. `came_from` is the stage before.
    `visits` are the deal's visits by name, the oldest first; the fields that show the current ones are in `fields`.
    `by_hand` are open tasks whose checklist, as it was given or edited since, has a line that only a person can tick.
    `origins` says on which `pipeline.stage` each task was given (where it does not, on this one).
    `confirmed` are fields whose values whoever takes this step has just seen together and confirmed (M-16).
    """

    pipeline: str
    stage: str
    entered_at: datetime
    fields: FieldValues = field(default_factory=dict)
    tasks: Mapping[str, str | None] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    came_from: str | None = None
    by_hand: frozenset[str] = frozenset()
    origins: Mapping[str, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    visits: Mapping[str, tuple[Visit, ...]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """`pipeline.stage` where the deal stands."""
        return f"{self.pipeline}.{self.stage}"

    def origin_of(self, task: str) -> str:
        """`pipeline.stage` where the task was given."""
        return self.origins.get(task, self.place)

    def visit(self, name: str) -> Visit | None:
        """The visit of that name that the deal's fields show, if any."""
        return next((one for one in reversed(self.visits.get(name, ())) if one.current), None)

    def filled(self, name: str) -> bool:
        """Whether the field has a value; False (a «no») is a value, an empty text or list is none."""
        value = self.fields.get(name)
        return value is not None and value != "" and value != ()

    def at(self, stage: str, now: datetime, pipeline: str | None = None) -> DealState:
        """The deal after a move. Another pipeline has no way back here, even if a stage there has the same name."""
        line = pipeline or self.pipeline
        came_from = self.stage if line == self.pipeline else None
        return replace(self, pipeline=line, stage=stage, entered_at=now, came_from=came_from)

    def with_fields(self, values: FieldValues) -> DealState:
        """The deal after some of its fields were set; None empties one."""
        merged = {**self.fields, **values}
        return replace(self, fields={name: value for name, value in merged.items() if value is not None})

    def with_task(self, name: str, outcome: str | None) -> DealState:
        """The deal after a task was given here (None) or closed with an outcome."""
        origins = {**self.origins, name: self.place} if outcome is None else self.origins
        return replace(self, tasks={**self.tasks, name: outcome}, origins=origins)

    def without_tasks(self, names: Collection[str]) -> DealState:
        """The deal as if these tasks had never been given."""
        return replace(self, tasks={name: outcome for name, outcome in self.tasks.items() if name not in names})
