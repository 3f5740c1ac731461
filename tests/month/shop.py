"""The simulated shop: its people, its deals, a clock, and what is sent, composed as it would be and counted."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import StaticPool, create_engine, insert, update

from bot import features
from bot.database import migrate
from handlers.notices import compose
from models.entities import Deal, Employee
from models.errors import CrmError
from models.tables.documents import PaperRow
from models.tables.people import EmployeeRow
from models.values.invalid_value import InvalidValue
from models.values.work_calendar import WorkCalendar
from services import processes, timers, unit_of_work
from services.outbox import queue, schedule
from services.people import employees
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import PROCESSES

ZONE = ZoneInfo("Europe/Moscow")
COMPANY = Company(processes.load(PROCESSES), WorkCalendar(ZONE, time(9), time(21), frozenset(range(5))))
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=ZONE)
PEOPLE = (
    ("Сергей", "owner"), ("Ирина", "supervisor"), ("Анна", "manager"), ("Павел", "manager"), ("Олег", "technologist"),
    ("Дарья", "dispatcher"), ("Пётр", "measurer"), ("Лев", "measurer"), ("Николай", "installer"),
    ("Фёдор", "installer"), ("Егор", "installer"),
)  # fmt: skip


@dataclass
class Tally:
    """What was sent: messages by person and week, lines by kind and week (a digest is one message of many lines)."""

    messages: Counter[tuple[str, int]] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    longest: int = 0

    def add(self, person: Employee, week: int, kinds: list[str]) -> None:
        self.messages[person.name, week] += 1
        self.longest = max(self.longest, len(kinds))
        for kind in kinds:
            self.kinds[person.role, kind, week] += 1


class Shop:
    """One shop in a database in memory; every act is one transaction, refused ones leave nothing."""

    def __init__(self, seed: int) -> None:
        features.load()
        raw = sqlite3.connect(":memory:", isolation_level=None)
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        self.tx = engine.connect()
        with self.tx.begin():
            raw.execute("BEGIN")
            migrate(self.tx)
        raw.execute("BEGIN")
        self.now, self.random, self.tally, self.counting = MONDAY.astimezone(), Random(seed), Tally(), False
        self.begun = self.now
        self.staff = [self._hire(key, name, role) for key, (name, role) in enumerate(PEOPLE, start=1)]

    def _hire(self, key: int, name: str, role: str) -> Employee:
        given = {"id": key, "telegram_id": 1000 + key, "name": name, "role": role, "locale": "ru", "active": True}
        self.tx.execute(insert(EmployeeRow).values(**given, phone=f"+7916000{key:04}", created_at=self.now))
        return employees.get(self.work(), key)

    def work(self, actor: Employee | None = None, deal: Deal | None = None) -> UnitOfWork:
        """By that person, who has looked at what he confirms."""
        made = UnitOfWork(self.tx, self.now, COMPANY, actor)
        confirmed: Any = getattr(unit_of_work, "ConfirmedAnswers", None)
        if confirmed is None or deal is None or "confirmed" not in {one.name for one in fields(UnitOfWork)}:
            return made
        every = frozenset(COMPANY.processes[deal.process].fields)
        return replace(made, confirmed=confirmed(deal.id, every))

    def of_role(self, *roles: str) -> list[Employee]:
        return [one for one in self.staff if one.role in roles]

    def act(self, verb: Callable[[], object]) -> bool:
        """Do it, if nothing stands against it; whether it was done."""
        try:
            with self.tx.begin_nested():
                verb()
        except (CrmError, InvalidValue):
            return False
        return True

    def papers_sent(self, deal_id: int) -> None:
        """Whatever was asked for has been printed, and the client has it."""
        made = update(PaperRow).where(PaperRow.deal_id == deal_id, PaperRow.sent_at.is_(None))
        self.tx.execute(made.values(state="made", sent_at=self.now))

    # --- the clock

    def until(self, at: datetime) -> None:
        """The clock goes on; what comes due rings in its own minute, and what is said then to one person is said at
        once."""
        while (due := schedule.next_due(self.work())) is not None and due <= at:
            self.now = max(self.now, due + timedelta(seconds=1))
            self._ring()
        self.now = max(self.now, at)

    def _ring(self) -> None:
        while rows := queue.claim(self.work(), most=500, people=500):
            said = [row for row in rows if row.kind == "notice"]
            for row in rows:
                if row.kind == "job":
                    queue.finish(self.work(), row)
                elif row.kind != "notice":
                    timers.fire(self.work(), row)
            for message in compose.compose(self.work(), said):
                for row in message.rows:
                    queue.finish(self.work(), row)
                self._count(message)

    def _count(self, message: compose.OutgoingMessage) -> None:
        person = next(one for one in self.staff if one.id == message.employee_id)
        kinds = [row.notice.kind for row in message.rows]
        if self.counting:
            self.tally.add(person, (self.now - self.begun).days // 7 + 1, kinds)
