"""A small furniture company for tests: its people, its process, a clock; presses and messages go to the handlers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Update, delete
from sqlalchemy.util import await_only

from handlers import routes
from handlers.forms import form_buttons, form_finishers, form_inputs
from handlers.request import Incoming, Request, SharedContact
from keyboards.screen import Button, Reply, Screen
from keyboards.translator import Translator, translator
from models.entities import Deal, Employee, Task
from models.errors import CrmError
from models.tables.outbox import ScheduledRow
from models.values.addresses.address import Address
from models.values.work_calendar import WorkCalendar
from services import invitations, processes
from services.deals import deal_commands, deal_queries
from services.people import employees
from services.tasks import task_queries
from services.unit_of_work import Company, UnitOfWork

T = TypeVar("T")
ZONE = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday, 12:00 in Moscow
PROCESS = Path(__file__).resolve().parents[2] / "processes" / "furniture.yaml"
COMPANY = Company(processes.load([PROCESS]), WorkCalendar(ZONE))
STAFF = ("owner", "supervisor", "manager", "installer")
ADDRESS = Address(city="Москва", street="ул. Ленина", house="5", flat="12", entrance="2", floor="3", intercom="12К")
assert form_buttons and form_finishers and form_inputs  # imported so that they register


@dataclass
class Office:
    """Everything a test needs; `staff` are the employees by role."""

    database: Any
    staff: dict[str, Employee]
    now: datetime = NOON
    screen: Screen | None = None
    company: Company = COMPANY

    async def run(self, job: Callable[[UnitOfWork], T], who: str | Employee | None = None) -> T:
        """One transaction by somebody (by nobody: a robot)."""
        return await self.database.run(lambda tx: job(self.work(tx, who)))

    def work(self, tx: Connection, who: str | Employee | None = None) -> UnitOfWork:
        return UnitOfWork(tx, self.now, self.company, self.staff[who] if isinstance(who, str) else who)

    def later(self, **length: int) -> None:
        self.now += timedelta(**length)

    # --- acting

    async def tap(self, who: str | Employee, button: str | Button) -> Reply:
        """Press a button: by its data, itself, or a part of its label on the last screen."""
        data = button.data if isinstance(button, Button) else button
        if data is not None and not data.startswith("v1:"):
            data = find(self.screen, data).data
        return await self._do(who, kind="tap", data=data, message_id=7, query_id="q")

    async def say(self, who: str | Employee, text: str) -> Reply:
        return await self._do(who, kind="message", text=text)

    async def contact(self, who: str | Employee, phone: str, name: str = "Пётр") -> Reply:
        return await self._do(who, kind="message", contact=SharedContact(phone, name, None))

    async def _do(self, who: str | Employee, **what: Any) -> Reply:
        answer = await self.run(lambda work: routes.handle(self._request(work, **what)), await self._fresh(who))
        self.screen = answer.screen or self.screen
        return answer

    async def _fresh(self, who: str | Employee) -> Employee:
        """As the root does: who acts is read from the database every time."""
        key = (self.staff[who] if isinstance(who, str) else who).id
        return await self.run(lambda work: employees.get(work, key))

    def _request(self, work: UnitOfWork, **what: Any) -> Request:
        me = work.actor
        assert me is not None and me.telegram_id is not None
        said = Incoming(telegram_id=me.telegram_id, chat_id=me.telegram_id, name=me.name, language="ru", **what)
        return Request(work, translator(me.locale, ZONE), said, me, "verstak_bot")

    # --- the shop's own life

    async def deal(self, who: str = "manager", pipeline: str = "order", **values: Any) -> Deal:
        """A new deal of that employee."""
        told = {"name": "Мария Иванова", "phone": "+79123456789", "comment": "Шкаф-купе", **values}
        process = self.company.processes["furniture"]
        owner = self.staff[who]
        return await self.run(
            lambda work: deal_commands.begin(work, process, pipeline, told, responsible_id=owner.id), owner
        )

    async def assembly(self, at: datetime | None = None, **values: Any) -> tuple[Deal, Task]:
        """A deal on «Монтаж» with the installer's job."""
        when = at or NOON + timedelta(days=1, hours=6)
        installer = self.staff["installer"].id
        deal = await self.deal(
            budget=Decimal(150000),
            prepayment=Decimal(75000),
            delivery_at=when - timedelta(hours=1),
            needs_assembly=True,
            assembly_at=when,
            assembler=installer,
            address=ADDRESS,
            **values,
        )

        def go(work: UnitOfWork) -> tuple[Deal, Task]:
            for stage in ("prepayment", "making", "delivery", "assembly"):
                deal_commands.move(work, deal.id, None, stage)
            job = next(one for one in task_queries.of_deal(work, deal.id) if one.name == "job")
            return deal_queries.get(work, deal.id), task_queries.get(work, job.id)

        return await self.run(go, "manager")

    async def refused(self, reason: str = "expensive", **values: Any) -> tuple[Deal, Task]:
        """A deal that failed, with the task to call again (F-E3)."""
        deal = await self.deal(refusal_reason=reason, **values)

        def go(work: UnitOfWork) -> tuple[Deal, Task]:
            said = {name: deal.fields[name] for name in ("refusal_reason", "refusal_note") if name in deal.fields}
            deal_commands.confirm(work, deal, said, agree=True)
            after = deal_commands.move(work, deal.id, None, "refused")
            call = next(one for one in task_queries.of_deal(work, deal.id) if one.name == "call_back")
            return after, task_queries.get(work, call.id)

        return await self.run(go, "manager")


HEARD = delete(ScheduledRow).where(ScheduledRow.rule == invitations.RULE)  # who has come in is known to all


async def open_office(database: Any) -> Office:
    """An owner, a supervisor, a manager and an installer."""
    office = Office(database, {})
    names = {"owner": "Ольга", "supervisor": "Семён", "manager": "Анна", "installer": "Игорь"}
    for place, role in enumerate(STAFF):
        office.staff[role] = await hire(office, role, 1000 + place, names[role])
    await office.run(lambda work: work.tx.execute(HEARD))
    return office


async def hire(office: Office, role: str, telegram_id: int, name: str) -> Employee:
    """Somebody joins by an invitation."""

    def joined(work: UnitOfWork) -> Employee:
        return invitations.join(work, invitations.invite(work, role), telegram_id, name, "ru")

    return await office.run(joined)


class Meeting:
    """A connection that waits, before its first UPDATE, until every other party has come as far: a true race."""

    def __init__(self, tx: Connection, barrier: asyncio.Barrier) -> None:
        self._tx, self._barrier, self._met = tx, barrier, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def execute(self, statement: Any, *args: Any) -> Any:
        if isinstance(statement, Update) and not self._met:
            self._met = True
            await_only(self._barrier.wait())
        return self._tx.execute(statement, *args)


async def race(office: Office, jobs: Sequence[tuple[Callable[[UnitOfWork], T], Employee | None]]) -> list[T | CrmError]:
    """All at once; on PostgreSQL every party has read before the first one writes. Gives results and refusals."""
    barrier = asyncio.Barrier(len(jobs))

    def done(tx: Connection, job: Callable[[UnitOfWork], T], who: Employee | None) -> T:
        work = office.work(tx, who)
        if tx.dialect.name == "postgresql":  # SQLite lets one writer in at a time: a barrier would wait for ever
            work.tx = Meeting(tx, barrier)  # type: ignore[assignment]
        return job(work)

    async def one(job: Callable[[UnitOfWork], T], who: Employee | None) -> T | CrmError:
        try:
            return await office.database.run(lambda tx: done(tx, job, who))  # type: ignore[no-any-return]
        except CrmError as refused:
            return refused

    async with asyncio.timeout(20):
        return await asyncio.gather(*(one(job, who) for job, who in jobs))


def russian() -> Translator:
    return translator("ru", ZONE)


def labels(screen: Screen | None) -> list[str]:
    assert screen is not None
    return [button.text for row in screen.rows for button in row]


def find(screen: Screen | None, label: str) -> Button:
    """The button of that label, else the first whose label contains it."""
    assert screen is not None
    every = [button for row in screen.rows for button in row]
    exact = [one for one in every if one.text == label]
    part = [one for one in every if label in one.text]
    assert exact or part, f"no button «{label}» among {labels(screen)}"
    return (exact or part)[0]


def plain(answer: Reply | Screen) -> str:
    """The text, with ordinary spaces."""
    screen = answer.screen if isinstance(answer, Reply) else answer
    assert screen is not None
    return screen.plain.replace("\u00a0", " ").replace("\u202f", " ")


def data_of(screen: Screen) -> list[str]:
    return [button.data for row in screen.rows for button in row if button.data is not None]
