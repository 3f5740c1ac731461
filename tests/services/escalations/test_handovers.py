"""What hangs on somebody who has left or is away comes before those above the same day (truth 28; Closed? Gone?)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.database import Database
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.notices.people_notices import WorkLeft
from services import obsolete_notices
from services.deals import deal_queries
from services.escalations import handing_over, handovers
from services.escalations.left_work import LeftWork
from services.people import employees
from services.tasks import task_commands, task_queries
from services.unit_of_work import UnitOfWork
from services.visits import absences
from tests.services.test_timers import ring_all
from tests.worlds import notice_shop
from tests.worlds.notice_shop import News, begin, visit_of
from tests.worlds.office import NOON, Office, hire

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)  # a Friday


@pytest.fixture
async def shop(database: Database) -> Office:
    return await notice_shop.open_shop(database)


async def dismiss(shop: Office, who: str = "manager", by: str = "supervisor") -> LeftWork:
    def gone(work: UnitOfWork) -> LeftWork:
        return handovers.dismissed(work, employees.dismiss(work, shop.staff[who].id))

    return await shop.run(gone, by)


async def away(shop: Office, first: date, last: date, who: str = "manager", by: str = "supervisor") -> LeftWork:
    def ill(work: UnitOfWork) -> LeftWork:
        made, _ = absences.add(work, shop.staff[who].id, "sick", first, last)
        return handovers.away(work, made)

    return await shop.run(ill, by)


async def told(shop: Office, news: News) -> list[str]:
    names = {one.id: one.name for one in await shop.run(employees.staff)}
    return [names[row.reader_id] for row in await news.rows() if row.notice.kind == "handover"]


async def rung(shop: Office, news: News, **later: int) -> list[str]:
    shop.later(**later)
    await shop.run(ring_all)
    return await told(shop, news)


async def test_truth_28_a_dismissed_managers_deals_and_tasks_are_one_list_at_once(shop: Office) -> None:
    deals = [await begin(shop) for _ in range(3)]
    news = News(shop)
    await news.rows()
    found = await dismiss(shop, by="owner")
    assert [one.id for one in found.deals] == [one.id for one in deals]
    assert [one.task.name for one in found.tasks] == ["call", "call", "call"]
    assert sorted(await told(shop, news)) == ["Ольга", "Семён"], "one list each: who stands above, and who did it"


async def test_truth_28_what_is_not_handed_on_is_asked_again_on_each_working_day(shop: Office) -> None:
    await begin(shop)
    await dismiss(shop)
    news = News(shop)
    await news.rows()
    assert await rung(shop, news, hours=20) == []
    assert await rung(shop, news, hours=2) == ["Семён"]
    assert await rung(shop, news, days=1) == ["Семён"]


async def test_truth_28_handed_on_to_a_colleague_he_hears_once_and_nobody_is_asked_again(shop: Office) -> None:
    boris = await hire(shop, "manager", 2000, "Борис")
    deals = [await begin(shop) for _ in range(3)]
    await dismiss(shop)
    news = News(shop)
    await news.rows()
    key = shop.staff["manager"].id
    done = await shop.run(lambda work: handing_over.hand_over(work, key, boris.id, deals=True), "supervisor")
    assert (done.deals, done.tasks, done.left) == (3, 3, 0)
    assert [what for name, what in await news.told() if name == "Борис"] == ["handed_over"]
    for deal in deals:
        card = await shop.run(lambda work, deal=deal: deal_queries.get(work, deal.id), "supervisor")
        assert card.responsible_id == boris.id
        tasks = await shop.run(lambda work, deal=deal: task_queries.of_deal(work, deal.id))
        assert {one.assignee_id for one in tasks if one.name == "call"} == {boris.id}
    assert await rung(shop, news, days=1) == []


async def test_nothing_hangs_on_him_nothing_is_asked(shop: Office) -> None:
    news = News(shop)
    await dismiss(shop)
    assert await told(shop, news) == []
    assert await rung(shop, news, days=3) == []


async def test_a_learners_deals_are_not_in_the_list_K2(shop: Office) -> None:
    await begin(shop, pipeline="school")
    assert (await dismiss(shop)).is_empty


async def fitting(shop: Office) -> Deal:
    """Tomorrow's job of the installer, and a visit booked for him in three days."""
    installer = shop.staff["installer"]
    deal = await begin(shop, fitter=installer.id)
    await notice_shop.fill(shop, deal, visit=visit_of(installer, NOON + 3 * DAY))
    return await notice_shop.move(shop, deal, "work")


async def test_somebody_ill_leaves_what_falls_into_these_days(shop: Office) -> None:
    await fitting(shop)
    found = await away(shop, TODAY, TODAY + DAY, "installer")
    assert [one.task.name for one in found.tasks] == ["fit"], "the visit is later"
    longer = await away(shop, TODAY, TODAY + 4 * DAY, "installer")
    assert [one.task.name for one in longer.tasks] == ["fit", "drive"]


async def test_tasks_of_a_field_go_by_the_field_and_a_busy_window_stays_in_the_list(shop: Office) -> None:
    """The card names who comes: a task that goes to somebody else must not name another one than the card."""
    pavel = await hire(shop, "installer", 2000, "Павел")
    deal = await fitting(shop)
    await notice_shop.fill(shop, await begin(shop), visit=visit_of(pavel, NOON + 3 * DAY))
    await away(shop, TODAY, TODAY + 4 * DAY, "installer")
    key = shop.staff["installer"].id
    done = await shop.run(lambda work: handing_over.hand_over(work, key, pavel.id, deals=False), "supervisor")
    assert (done.tasks, done.left) == (1, 1)
    card = await shop.run(lambda work: deal_queries.get(work, deal.id), "supervisor")
    assert card.fields["fitter"] == pavel.id and card.fields["visit"].person_id == key
    tasks = {one.name: one.assignee_id for one in await shop.run(lambda work: task_queries.of_deal(work, deal.id))}
    assert (tasks["fit"], tasks["drive"]) == (pavel.id, key)


async def test_an_illness_gives_the_tasks_and_keeps_the_deals(shop: Office) -> None:
    boris = await hire(shop, "manager", 2000, "Борис")
    deal = await begin(shop)
    await away(shop, TODAY, TODAY + 2 * DAY)
    key = shop.staff["manager"].id
    done = await shop.run(lambda work: handing_over.hand_over(work, key, boris.id, deals=False), "supervisor")
    assert (done.deals, done.tasks) == (0, 1)
    card = await shop.run(lambda work: deal_queries.get(work, deal.id), "supervisor")
    assert card.responsible_id == key
    assert [one.name for one in await shop.run(lambda work: task_queries.mine(work), boris)] == ["call"]


async def test_somebody_who_is_back_leaves_nothing(shop: Office) -> None:
    """Back? The absence is taken back: the message is not sent any more, nothing can be handed on, nobody is asked."""
    boris = await hire(shop, "manager", 2000, "Борис")
    await begin(shop)
    news = News(shop)
    await news.rows()
    await away(shop, TODAY, TODAY + 3 * DAY)
    row = next(one for one in await news.rows() if isinstance(one.notice, WorkLeft))
    assert not await shop.run(lambda work: obsolete_notices.is_obsolete(work, row))
    key = shop.staff["manager"].id
    found = await shop.run(lambda work: absences.of_person(work, key))
    await shop.run(lambda work: absences.remove(work, found[0].id), "supervisor")
    assert await shop.run(lambda work: obsolete_notices.is_obsolete(work, row))
    with pytest.raises(NotFound):
        await shop.run(lambda work: handing_over.hand_over(work, key, boris.id, deals=True), "supervisor")
    assert await rung(shop, news, days=1) == []


async def test_an_absence_that_is_over_is_asked_no_more(shop: Office) -> None:
    await begin(shop)
    await away(shop, TODAY, TODAY + DAY)
    news = News(shop)
    await news.rows()
    assert await rung(shop, news, hours=22) == ["Семён"]
    assert await rung(shop, news, days=1) == []


async def test_a_leave_of_next_month_is_asked_now_and_when_it_begins(shop: Office) -> None:
    await begin(shop)
    news = News(shop)
    await news.rows()
    await away(shop, TODAY + 10 * DAY, TODAY + 12 * DAY)
    assert await told(shop, news) == ["Семён"]
    assert await rung(shop, news, days=9) == []
    assert await rung(shop, news, days=1) == ["Семён"]


async def test_left_as_it_is_nobody_is_asked_until_the_next_absence(shop: Office) -> None:
    await begin(shop)
    await away(shop, TODAY, TODAY + 5 * DAY)
    key = shop.staff["manager"].id
    await shop.run(lambda work: handovers.leave(work, key), "supervisor")
    news = News(shop)
    await news.rows()
    assert await rung(shop, news, days=2) == []


async def test_what_a_leaver_leaves_cannot_be_left_as_it_is(shop: Office) -> None:
    await begin(shop)
    await dismiss(shop)
    with pytest.raises(NotAllowed):
        await shop.run(lambda work: handovers.leave(work, shop.staff["manager"].id), "supervisor")


@pytest.mark.parametrize("who", ["manager", "installer", "technologist"])
async def test_the_list_is_for_those_above_C8(shop: Office, who: str) -> None:
    key = shop.staff["installer"].id
    with pytest.raises(NotAllowed):
        await shop.run(lambda work: handovers.of_person(work, key), who)
    with pytest.raises(NotAllowed):
        await shop.run(lambda work: handing_over.takers(work, key), who)


async def test_f_e_5_calls_that_were_not_made_are_one_line_for_those_above(shop: Office) -> None:
    """A list is escalated as one, a working day after it came; those that were made meanwhile are not counted."""
    calls = []
    for _ in range(3):
        deal = await begin(shop)
        await notice_shop.move(shop, deal, "waiting")
        tasks = await shop.run(lambda work, deal=deal: task_queries.of_deal(work, deal.id))
        calls += [one.id for one in tasks if one.name == "ring"]
    shop.later(days=3)
    await shop.run(ring_all)
    await shop.run(lambda work: task_commands.close(work, calls[0], "done", {}), "manager")
    news = News(shop)
    await news.rows()
    shop.later(days=1)
    await shop.run(ring_all)
    rows = [row for row in await news.rows() if row.notice.kind == "calls_undone"]
    assert [(row.reader_id, row.notice.n, row.notice.name) for row in rows] == [
        (shop.staff["supervisor"].id, 2, "Анна")
    ]
    for call in calls[1:]:
        await shop.run(lambda work, call=call: task_commands.close(work, call, "done", {}), "manager")
    shop.later(days=3)
    await shop.run(ring_all)
    assert "calls_undone" not in [row.notice.kind for row in await news.rows()]
