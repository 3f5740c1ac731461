"""One unit of work: the transaction, who acts, when, and what the company's processes and calendar say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from models import paper_sources
from models.engine.deal_state import Moment
from models.entities import Employee
from models.files.file_limits import FileLimits
from models.ids import DealId
from models.paper_sources import PaperSources
from models.personal.retention import Retention
from models.process.process import Process
from models.undo import DealSnapshot
from models.values.work_calendar import WorkCalendar

LATE = timedelta(minutes=90)  # less is no news: within an hour is «on time» for a reminder of a day
RowValues = dict[str, Any]  # what is written into a row, by its columns' names


@dataclass(frozen=True)
class Company:
    """What does not change between two taps: the processes, the templates of papers, the calendar."""

    processes: Mapping[str, Process]
    calendar: WorkCalendar
    locale: str = "ru"
    name: str = "Верстак"
    base_url: str = ""  # where the bot is reached from outside over HTTP; empty if it is not
    papers: PaperSources = field(default_factory=paper_sources.come_with_package)
    files: FileLimits = field(default_factory=FileLimits)
    kept: Retention = field(default_factory=Retention)  # what is kept how long

    def intake_process(self) -> Process | None:
        """The process where leads from outside come in: the first that has an intake."""
        return next((process for process in self.processes.values() if process.intake), None)


@dataclass(frozen=True, slots=True)
class ConfirmedAnswers:
    """Fields of a deal whose values the actor has just seen together and confirmed: it holds for this transaction."""

    deal: DealId
    fields: frozenset[str]


@dataclass
class UnitOfWork:
    """A verb's surroundings. `actor` is None when a robot, the clock or the intake acts."""

    tx: Connection
    now: datetime
    company: Company
    actor: Employee | None = None
    scheduled_for: datetime | None = None  # when a bell was to ring that rings now: what it says is late by as much
    confirmed: ConfirmedAnswers | None = None
    begun: DealId | None = None  # the deal that it has begun
    wakes: bool = False  # it has left something that is due at once
    look: DealSnapshot | None = field(default=None, repr=False)  # the deal that the actor changes, as it was
    staff_cache: list[Employee] | None = field(default=None, repr=False)

    @property
    def moment(self) -> Moment:
        return Moment(self.now, self.company.calendar)

    @property
    def actor_id(self) -> int | None:
        return self.actor.id if self.actor else None

    @property
    def is_late(self) -> bool:
        """Whether what happens now should have happened long before: the bot, or Telegram, was down."""
        return self.scheduled_for is not None and self.now - self.scheduled_for > LATE

    def read_by(self, person: Employee) -> UnitOfWork:
        """The same moment as that person sees it: what is not his to see is not in it."""
        return UnitOfWork(self.tx, self.now, self.company, person)

    def process(self, name: str) -> Process:
        """The process by name; KeyError if it is not switched on."""
        return self.company.processes[name]

    def add(self, statement: Any, **values: Any) -> int:
        """Insert one row and give its id. The statement must end with RETURNING id."""
        return int(self.tx.execute(statement, values).scalar_one())
