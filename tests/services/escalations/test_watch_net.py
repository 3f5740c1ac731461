"""What nothing would tell of gets its row again: tasks and deals of a version before (promise 4)."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.database import Database
from models.outbox import DeliveryState
from models.tables.outbox import ScheduledRow
from services.escalations import watch_net
from services.unit_of_work import UnitOfWork
from tests.services.test_timers import ring_all
from tests.worlds import notice_shop
from tests.worlds.notice_shop import News, begin
from tests.worlds.office import Office


@pytest.fixture
async def shop(database: Database) -> Office:
    return await notice_shop.open_shop(database)


def forget(work: UnitOfWork) -> None:
    """As after an update: what was planned is over, and nothing else is."""
    work.tx.execute(update(ScheduledRow).values(done_at=work.now, delivery_state=DeliveryState.SENT))


async def test_open_tasks_and_deals_without_a_row_are_told_on_the_next_working_day(shop: Office) -> None:
    await begin(shop)
    shop.later(days=3)
    await shop.run(forget)
    assert await shop.run(watch_net.mend) == 3, "two tasks and the net under their deal"
    assert await shop.run(watch_net.mend) == 0, "twice: it is planned already"
    news = News(shop)
    await news.rows()
    shop.later(days=1)
    await shop.run(ring_all)
    assert sorted(one.notice.kind for one in await news.rows() if one.notice.kind == "undone") == ["undone", "undone"]


async def test_what_is_planned_is_left_alone(shop: Office) -> None:
    await begin(shop)
    assert await shop.run(watch_net.mend) == 0
