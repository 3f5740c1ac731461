"""Who is told, and when: people who can act, within their hours, and late news says that it is late (promise 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.database import Database
from services import timers
from services.outbox import queue
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.worlds import notice_shop
from tests.worlds.notice_shop import MORNING, News, begin, fill, move, visit_of
from tests.worlds.office import NOON, Office, hire
from tests.worlds.outbox import text_of


@pytest.fixture
async def office(database: Database) -> Office:
    return await notice_shop.open_shop(database)


async def dismiss(office: Office, *roles: str) -> None:
    for role in roles:
        await office.run(lambda work, key=office.staff[role].id: employees.dismiss(work, key), "owner")


async def heard(office: Office, **values: object) -> dict[str, list[str]]:
    """Who hears what when a note is made by the owner on a deal with these fields: text → names."""
    deal = await begin(office)
    await fill(office, deal, "owner", **values) if values else None
    news = News(office)
    await news.rows()
    await fill(office, deal, "owner", note="Звонила")
    found: dict[str, list[str]] = {}
    for name, text in await news.told():
        found.setdefault(text, []).append(name)
    return found


# --- who ------------------------------------------------------------------------------------------------------------


async def test_each_word_of_the_file_means_its_person(office: Office) -> None:
    pavel = await hire(office, "installer", 2000, "Павел")
    visit = visit_of(pavel, NOON + timedelta(days=1))
    assert await heard(office, fitter=office.staff["installer"].id, visit=visit) == {
        "Ответственному": ["Анна"], "Технологу": ["Тимур"], "Монтажнику": ["Игорь"], "Кто едет": ["Павел"],
    }  # fmt: skip


async def test_a_field_that_names_nobody_means_the_supervisor(office: Office) -> None:
    said = await heard(office)
    assert (said["Монтажнику"], said["Кто едет"]) == (["Семён"], ["Семён"])


async def test_who_has_left_is_not_told_but_those_above_promise_5(office: Office) -> None:
    await dismiss(office, "technologist", "manager")
    said = await heard(office)
    assert (said["Ответственному"], said["Технологу"]) == (["Семён"], ["Семён"])


async def test_with_no_supervisor_the_owner_is_told_promise_5(office: Office) -> None:
    await dismiss(office, "technologist", "supervisor")
    said = await heard(office)
    assert said["Технологу"] == ["Ольга"] and said["Ответственному"] == ["Анна"]


async def test_a_deal_that_is_nobodys_speaks_to_every_manager(office: Office) -> None:
    await hire(office, "manager", 2000, "Борис")
    deal = await begin(office, who=None, of=None)
    news = News(office)
    await news.rows()
    await fill(office, deal, "owner", note="Звонила")
    assert [name for name, text in await news.told() if text == "Ответственному"] == ["Анна", "Борис"]


async def test_who_has_left_hears_of_no_task_that_is_taken_back(office: Office) -> None:
    deal = await begin(office, fitter=office.staff["installer"].id)
    await move(office, deal, "work")
    await dismiss(office, "installer")
    news = News(office)
    await news.rows()
    await move(office, deal, "lost")
    assert await news.told("withdrawn") == []


# --- when -----------------------------------------------------------------------------------------------------------


async def test_c_4_at_night_who_acts_is_told_at_once_and_the_others_in_the_morning(office: Office) -> None:
    deal = await begin(office)
    office.later(hours=14)
    news = News(office)
    await news.rows()
    await fill(office, deal, "manager", note="Не спится")
    rows = {text_of(row): row for row in await news.rows()}
    assert rows["Ответственному"].run_at == office.now
    assert rows["Технологу"].run_at == MORNING
    assert {row.scheduled_for for row in rows.values()} == {office.now}


def ring(work: UnitOfWork) -> None:
    for row in queue.claim(work):
        if row.kind == "timer":
            timers.fire(work, row)


@pytest.mark.parametrize(("hours", "late"), [(1, False), (3, True)])
async def test_what_rings_hours_late_says_so_and_when_it_was_meant(office: Office, hours: int, late: bool) -> None:
    """The bot was down; within an hour or so a reminder of a day is on time."""
    await begin(office)
    office.later(days=1, hours=hours)
    news = News(office)
    await news.rows()
    await office.run(ring)
    [row] = [row for row in await news.rows() if text_of(row) == "Стоит"]
    assert row.envelope.late is late
    assert row.scheduled_for == NOON + timedelta(days=1)
    assert row.run_at == office.now
