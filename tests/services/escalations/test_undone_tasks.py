"""Who hears of an undone task: those above whoever should do it, and at once where nobody is there (kind F)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.database import Database
from models.outbox import Scheduled
from services import obsolete_notices
from services.escalations import task_escalations
from services.people import employees
from services.tasks import task_commands, task_queries
from services.visits import absences
from tests.services.test_timers import ring_all
from tests.worlds import notice_shop
from tests.worlds.notice_shop import News, begin
from tests.worlds.office import Office, hire

DAY = timedelta(days=1)


@pytest.fixture
async def shop(database: Database) -> Office:
    """Its deals begin with a call of the manager's and a plan of the technologist's, both due after a day."""
    return await notice_shop.open_shop(database)


async def rung(shop: Office, **later: int) -> list[tuple[str, str]]:
    """(Who, why) hears of undone tasks when everything rings that is due after so long."""
    shop.later(**later)
    news = News(shop)
    await news.rows()
    await shop.run(ring_all)
    return await said(shop, await news.rows())


async def said(shop: Office, rows: list[Scheduled]) -> list[tuple[str, str]]:
    names = {one.id: one.name for one in await shop.run(employees.staff)}
    return [(names[row.reader_id], row.notice.why) for row in rows if row.notice.kind == "undone"]


async def named(shop: Office, deal_id: int, name: str) -> int:
    found = await shop.run(lambda work: task_queries.of_deal(work, deal_id))
    return next(one.id for one in found if one.name == name)


async def test_nobody_above_hears_of_a_task_when_it_falls_due_but_a_working_day_later(shop: Office) -> None:
    await begin(shop)
    assert await rung(shop, days=1) == []
    assert await rung(shop, hours=23) == []
    assert await rung(shop, hours=1) == [("Семён", "late"), ("Семён", "late")], "the manager's, the technologist's"


async def test_a_closed_task_is_not_told(shop: Office) -> None:
    deal = await begin(shop)
    await rung(shop, days=1)
    key = await named(shop, deal.id, "call")
    await shop.run(lambda work: task_commands.close(work, key, "done", {}), "manager")
    assert await rung(shop, days=1) == [("Семён", "late")]


async def test_a_task_put_off_is_told_after_its_new_time(shop: Office) -> None:
    deal = await begin(shop)
    await rung(shop, days=1)
    for name, who in (("call", "manager"), ("plan", "technologist")):
        key = await named(shop, deal.id, name)
        later = shop.now + 2 * DAY
        await shop.run(lambda work, key=key, later=later: task_commands.put_off(work, key, later, "занята"), who)
    assert await rung(shop, days=1) == []
    assert await rung(shop, days=1) == []
    assert await rung(shop, days=1) == [("Семён", "late"), ("Семён", "late")]


async def test_a_task_put_off_day_after_day_is_told_all_the_same(shop: Office) -> None:
    """Each new time begins no new count: after three working days those above hear, once a week."""
    deal = await begin(shop)
    await rung(shop, days=1)
    key = await named(shop, deal.id, "call")
    heard = []
    for day in range(2, 16):
        later = shop.now + DAY
        await shop.run(lambda work, later=later: task_commands.put_off(work, key, later, "занята"), "manager")
        heard += [day for _, why in await rung(shop, days=1) if why == "put_off"]
    assert heard == [4, 11]


async def test_a_supervisors_own_task_is_told_to_the_owner(shop: Office) -> None:
    await begin(shop, of="supervisor")
    await rung(shop, days=1)
    assert ("Ольга", "late") in await rung(shop, days=1)


async def test_a_task_of_somebody_who_is_ill_is_told_when_it_falls_due(shop: Office) -> None:
    await begin(shop)
    today = shop.company.calendar.today(shop.now)
    await shop.run(lambda work: absences.add(work, shop.staff["manager"].id, "sick", today, today + 3 * DAY), "owner")
    assert await rung(shop, days=1) == [("Семён", "sick")]


async def test_a_task_of_somebody_who_is_not_reached_is_told_when_it_falls_due(shop: Office) -> None:
    await begin(shop)
    key = shop.staff["manager"].telegram_id
    await shop.run(lambda work: employees.mark_reachable(work, key, reachable=False))
    assert await rung(shop, days=1) == [("Семён", "unreachable")]


async def test_a_task_of_somebody_who_has_left_is_told_when_it_falls_due(shop: Office) -> None:
    await hire(shop, "manager", 2000, "Борис")
    await begin(shop)
    await shop.run(lambda work: employees.dismiss(work, shop.staff["manager"].id), "owner")
    assert await rung(shop, days=1) == [("Семён", "gone")]


async def test_a_task_of_a_role_that_nobody_has_taken_is_told_when_it_falls_due(shop: Office) -> None:
    await hire(shop, "technologist", 2000, "Тарас")
    await begin(shop)
    assert await rung(shop, days=1) == [("Семён", "untaken")]


async def test_the_owner_hears_where_the_supervisor_is_away(shop: Office) -> None:
    await begin(shop)
    await rung(shop, days=1)
    today = shop.company.calendar.today(shop.now)
    boss = shop.staff["supervisor"].id
    await shop.run(lambda work: absences.add(work, boss, "leave", today, today + 3 * DAY), "owner")
    assert await rung(shop, days=1) == [("Ольга", "late"), ("Ольга", "late")]


async def test_a_learners_task_is_nobody_elses_business_K2(shop: Office) -> None:
    await begin(shop, pipeline="school")
    await rung(shop, days=1)
    assert await rung(shop, days=30) == []


async def test_a_process_that_is_switched_off_is_not_told(shop: Office) -> None:
    await begin(shop)
    await rung(shop, days=1)
    shop.company = type(shop.company)({}, shop.company.calendar)
    assert await rung(shop, days=1) == []


async def test_what_was_told_of_a_task_that_is_done_by_then_is_not_sent(shop: Office) -> None:
    """It rang at night and waits for the morning; meanwhile the task is closed."""
    deal = await begin(shop)
    await rung(shop, days=1)
    news = News(shop)
    await news.rows()
    shop.later(days=1)
    await shop.run(ring_all)
    key = await named(shop, deal.id, "call")
    row = next(row for row in await news.rows() if row.notice.kind == "undone" and row.notice.task == key)
    assert not await shop.run(lambda work: obsolete_notices.is_obsolete(work, row))
    await shop.run(lambda work: task_commands.close(work, key, "done", {}), "manager")
    assert await shop.run(lambda work: obsolete_notices.is_obsolete(work, row))


async def test_c_6_put_off_it_is_told_on_that_day(shop: Office) -> None:
    deal = await begin(shop)
    await rung(shop, days=1)
    await rung(shop, days=1)
    for name in ("call", "plan"):
        key = await named(shop, deal.id, name)
        await shop.run(lambda work, key=key: task_escalations.put_off(work, key, 2), "supervisor")
    assert await rung(shop, days=1) == []
    assert {name for name, _ in await rung(shop, days=1)} == {"Семён", "Ольга"}
