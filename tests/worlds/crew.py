"""A crew of two installers for tests of booked visits: Игорь and Павел, free from 9 to 21 in Moscow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from models.entities import Employee
from models.tables.visits import HalfHourRow
from models.values.visit_slot import VisitSlot
from models.visits import Visit, VisitWindow
from services.deals import deal_commands
from services.unit_of_work import UnitOfWork
from services.visits import bookings, free_windows
from tests.conftest import MOSCOW

FIELD = "assembly"
HOUR = timedelta(hours=1)
TAKES, ROAD = 4 * HOUR, HOUR
TODAY = date(2026, 11, 23)  # a Monday
InWork = Callable[..., Any]
Hire = Callable[..., Any]


def at(day: int, clock: str, zone: ZoneInfo = MOSCOW, month: int = 11) -> datetime:
    return datetime.combine(date(2026, month, day), time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)


def slot(who: Employee, day: int, clock: str, length: timedelta = TAKES) -> VisitSlot:
    return VisitSlot(who.id, at(day, clock), at(day, clock) + length)


def said(windows: Sequence[VisitWindow]) -> list[str]:
    return [f"{one.starts_at.astimezone(MOSCOW):%d %H:%M} {one.name}" for one in windows]


def new_deal(work: UnitOfWork, name: str = "Мария Иванова") -> int:
    process = work.process("furniture")
    return deal_commands.begin(work, process, "order", {"name": name, "phone": "+79123456789", "comment": "Кухня"}).id


class Crew:
    """Two installers, and verbs in short."""

    def __init__(self, in_work: InWork, igor: Employee, pavel: Employee, owner: Employee) -> None:
        self.run, self.igor, self.pavel, self.owner = in_work, igor, pavel, owner

    async def deal(self) -> int:
        return await self.run(new_deal)

    async def book(self, key: int, wanted: VisitSlot, travel: timedelta = ROAD) -> Visit:
        return await self.run(lambda work: bookings.book(work, key, FIELD, wanted, travel=travel))

    async def hold(self, key: int | None, wanted: VisitSlot, who: Employee | None = None) -> Visit:
        return await self.run(lambda work: bookings.hold(work, key, FIELD, wanted, travel=ROAD), who)

    async def free_windows(self, **how: Any) -> list[str]:
        return said(
            await self.run(lambda work: free_windows.free_windows(work, "installer", TAKES, ROAD, TODAY, **how))
        )

    async def cells(self) -> int:
        return await self.run(lambda work: work.tx.execute(select(func.count()).select_from(HalfHourRow)).scalar())


async def open_crew(in_work: InWork, hire: Hire) -> Crew:
    """An owner and two installers."""
    owner = await hire("Ольга", "owner")
    return Crew(in_work, await hire("Игорь", "installer"), await hire("Павел", "installer"), owner)
