"""The calendar of one's own visits (K-21): what is in it, that it follows moves, and who may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from bot.database import Database
from models.tables.people import WorkingHoursRow
from models.values.visit_slot import VisitSlot
from services.deals import deal_commands, deal_queries
from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import bookings, calendar_feed
from tests.worlds.office import ADDRESS, NOON, ZONE, Office, open_office

FIELD = "assembly"
HOUR = timedelta(hours=1)
START = NOON + timedelta(days=3)  # Monday, 12:00 in Moscow


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def booked(office: Office, **values: Any) -> int:
    deal = await office.deal(address=ADDRESS, budget=Decimal(150_000), **values)
    await book(office, deal.id, START)
    return deal.id


async def book(office: Office, key: int, at: Any, who: str = "installer") -> None:
    wanted = VisitSlot(office.staff[who].id, at, at + 4 * HOUR)
    await office.run(lambda work: bookings.book(work, key, FIELD, wanted, travel=HOUR))


async def feed(office: Office, who: str = "installer") -> Calendar:
    data = await office.run(lambda work: calendar_feed.ics(work, office.staff[who]))
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    return Calendar.from_ical(data)


async def test_a_visit_has_what_an_installer_needs_and_no_price_K21(office: Office) -> None:
    key = await booked(office)
    number = (await office.run(lambda work: deal_queries.get(work, key))).number
    calendar = await feed(office)
    [visit] = calendar.events
    assert str(visit["summary"]) == f"Монтаж · № {number} · Мария Иванова"
    assert str(visit["location"]) == ADDRESS.one_line()
    assert str(visit["description"]) == "Клиент: Мария Иванова\nТелефон: +7 912 345-67-89\nМенеджер: Анна"
    assert (visit.start, visit.end) == (START, START + 4 * HOUR)
    assert visit["dtstart"].params["TZID"] == "Europe/Moscow"
    assert [str(one["TZID"]) for one in calendar.timezones] == ["Europe/Moscow"]
    [alarm] = visit.walk("VALARM")
    assert alarm["trigger"].dt == -HOUR
    assert "150" not in calendar.to_ical().decode().replace(number, "")


async def test_a_moved_visit_keeps_its_uid_and_a_later_version_wins_K21(office: Office) -> None:
    key = await booked(office)
    [before] = (await feed(office)).events
    await office.run(lambda work: deal_commands.fill(work, key, {"comment": "Ждём в среду"}), "manager")
    await book(office, key, START + timedelta(days=2))
    [after] = (await feed(office)).events
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after.start.astimezone(ZONE) == START + timedelta(days=2)


async def test_a_freed_visit_and_a_deleted_deal_are_no_longer_there_K21(office: Office) -> None:
    first, second = await booked(office), (await office.deal()).id
    await book(office, second, START + timedelta(days=1))
    assert len((await feed(office)).events) == 2
    await office.run(lambda work: bookings.free(work, first, FIELD))
    await office.run(lambda work: deal_commands.delete(work, second), "owner")
    assert (await feed(office)).events == []
    assert (await feed(office, "manager")).events == []


async def test_visits_of_the_last_month_stay_and_older_ones_do_not_K21(office: Office) -> None:
    await booked(office)
    office.later(days=30)
    assert len((await feed(office)).events) == 1
    office.later(days=5)
    assert (await feed(office)).events == []


async def test_of_a_link_only_a_hash_is_kept_and_a_new_one_ends_the_old_K21(office: Office) -> None:
    await booked(office)
    key = office.staff["installer"].id

    def read(secret: str) -> Callable[[UnitOfWork], bytes | None]:
        return lambda work: calendar_feed.by_secret(work, secret)

    assert not await office.run(lambda work: calendar_feed.has_secret(work, key))
    old = await office.run(lambda work: calendar_feed.renew_secret(work, key))
    kept = await office.run(lambda work: work.tx.execute(select(WorkingHoursRow.calendar_secret)).scalars().all())
    assert len(old) >= 32 and old not in str(kept)
    data = await office.run(read(old))
    assert data is not None and "Мария Иванова" in data.decode().replace("\r\n ", "")
    new = await office.run(lambda work: calendar_feed.renew_secret(work, key))
    assert await office.run(read(old)) is None and await office.run(read(new)) is not None
    await office.run(lambda work: calendar_feed.revoke_secret(work, key))
    assert await office.run(read(new)) is None


async def test_who_has_left_reads_no_calendar_any_more_C8(office: Office) -> None:
    key = office.staff["installer"].id
    secret = await office.run(lambda work: calendar_feed.renew_secret(work, key))
    await office.run(lambda work: employees.dismiss(work, key), "owner")
    assert await office.run(lambda work: calendar_feed.by_secret(work, secret)) is None
