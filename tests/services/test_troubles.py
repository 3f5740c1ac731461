"""Each trouble is told once to the owner, and once more when it is over: by the bot, else by SMS or e-mail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from bot.database import Database
from bot.delivery import outages
from models.notices import notice
from models.notices.trouble_notices import TroubleBegan, TroubleOver
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from models.troubles import TroubleKind
from services.operation import troubles
from services.unit_of_work import UnitOfWork
from tests.conftest import MovableClock
from tests.worlds.office import open_office, race

InWork = Callable[..., Any]
Hire = Callable[..., Any]
K = TroubleKind


async def told(in_work: InWork) -> list[Row[Any]]:
    """Everything that is to be said or done because of troubles, but for what is no longer wanted."""
    query = (
        select(ScheduledRow)
        .where(ScheduledRow.rule.in_((troubles.RULE, "tell_trouble")), ScheduledRow.delivery_state != "void")
        .order_by(ScheduledRow.id)
    )
    found: list[Row[Any]] = await in_work(lambda work: work.tx.execute(query).all())
    return found


async def test_a_trouble_is_told_once_and_once_more_when_it_is_over(
    in_work: InWork, hire: Hire, clock: MovableClock
) -> None:
    owner = await hire("Сергей", "owner")
    await hire("Анна", "manager")
    assert await in_work(lambda work: troubles.begin(work, K.DISK_LOW, percent=7, free=900))
    assert not await in_work(lambda work: troubles.begin(work, K.DISK_LOW, percent=6, free=800))
    [row] = await told(in_work)
    assert (row.kind, row.employee_id) == ("notice", owner.id)
    said = notice.read(row.payload)
    assert said == TroubleBegan(K.DISK_LOW, clock(), "", {"percent": 7, "free": 900})
    clock.forward(hours=2)
    assert await in_work(lambda work: work.tx.execute(update(ScheduledRow).values(done_at=work.now)).rowcount)
    assert await in_work(lambda work: troubles.end(work, K.DISK_LOW))
    assert not await in_work(lambda work: troubles.end(work, K.DISK_LOW))
    over = notice.read((await told(in_work))[-1].payload)
    assert isinstance(over, TroubleOver)
    assert (over.began_at, over.ended_at) == (clock() - timedelta(hours=2), clock())
    assert await in_work(lambda work: troubles.begin(work, K.DISK_LOW)), "a new one is news"


async def test_one_that_was_over_before_it_could_be_told_is_told_once(in_work: InWork, hire: Hire) -> None:
    await hire("Сергей", "owner")
    await in_work(lambda work: troubles.begin(work, K.DISK_LOW))
    await in_work(lambda work: troubles.end(work, K.DISK_LOW))
    [row] = await told(in_work)
    assert isinstance(notice.read(row.payload), TroubleOver)


async def test_troubles_of_a_kind_are_told_apart_by_what_they_are_about(in_work: InWork, hire: Hire) -> None:
    await hire("Сергей", "owner")
    assert await in_work(lambda work: troubles.begin(work, K.MESSAGE_LOST, "5", name="Анна"))
    assert await in_work(lambda work: troubles.begin(work, K.MESSAGE_LOST, "6", name="Анна"))
    assert await in_work(lambda work: troubles.end(work, K.MESSAGE_LOST, "5"))
    assert [one.about for one in await in_work(lambda work: troubles.open_now(work.tx))] == ["6"]


@pytest.mark.parametrize("mute", [K.TOKEN_REVOKED, K.TELEGRAM_AWAY])
async def test_while_the_bot_can_tell_nobody_other_channels_tell_it(in_work: InWork, hire: Hire, mute: K) -> None:
    await hire("Сергей", "owner")
    await in_work(lambda work: troubles.begin(work, mute))
    await in_work(lambda work: troubles.begin(work, K.BACKUP_FAILED, reason="нет места"))
    assert [row.kind for row in await told(in_work)] == ["job", "job"]
    await in_work(lambda work: troubles.end(work, mute))
    assert [row.kind for row in await told(in_work)] == ["job", "job", "notice"], "the bot speaks again"


async def test_an_owner_whom_telegram_does_not_reach_is_told_by_other_channels(in_work: InWork, hire: Hire) -> None:
    await hire("Сергей", "owner")
    await in_work(lambda work: work.tx.execute(update(EmployeeRow).values(unreachable_at=work.now)))
    await in_work(lambda work: troubles.begin(work, K.DISK_LOW))
    assert [row.kind for row in await told(in_work)] == ["job"]


async def test_what_can_wait_waits_for_the_owners_hours(in_work: InWork, hire: Hire, clock: MovableClock) -> None:
    await hire("Сергей", "owner")
    clock.forward(hours=16)  # two at night
    await in_work(lambda work: troubles.begin(work, K.BACKUP_FAILED))
    await in_work(lambda work: troubles.begin(work, K.SECOND_BOT))
    backup, second = await told(in_work)
    assert backup.run_at > clock()
    assert second.run_at == clock()


async def test_of_two_who_notice_at_once_one_tells(database: Database) -> None:
    office = await open_office(database)

    def notices(work: UnitOfWork) -> bool:
        return troubles.begin(work, K.SECOND_BOT)

    got = await race(office, [(notices, None)] * 4)
    assert sorted(got) == [False, False, False, True]


async def test_what_could_not_be_written_down_is_recorded_when_it_is_over(
    in_work: InWork, hire: Hire, clock: MovableClock
) -> None:
    await hire("Сергей", "owner")
    began = clock()
    clock.forward(minutes=5)
    await in_work(lambda work: troubles.record(work, K.DATABASE_AWAY, "", began, why="full"))
    [row] = await told(in_work)
    assert notice.read(row.payload) == TroubleOver(K.DATABASE_AWAY, began, "", {"why": "full"}, clock())
    assert await in_work(lambda work: troubles.open_now(work.tx)) == []


async def test_an_outage_that_two_bots_were_cut_off_by_is_told_once(
    in_work: InWork, hire: Hire, clock: MovableClock
) -> None:
    """Each has noticed for itself when it began; one a moment after the other."""
    await hire("Сергей", "owner")
    began = clock()
    clock.forward(minutes=20)

    def record(seconds: int) -> Callable[[UnitOfWork], None]:
        since = began + timedelta(seconds=seconds)
        return lambda work: troubles.record(work, K.DATABASE_AWAY, "", since, why="away")

    await asyncio.gather(in_work(record(0)), in_work(record(5)))
    clock.forward(seconds=2)
    await in_work(record(3))
    assert len(await told(in_work)) == 1
    clock.forward(minutes=1)
    began = clock()
    clock.forward(minutes=1)
    await in_work(record(0))
    assert len(await told(in_work)) == 2, "another one"


async def test_of_two_bots_that_reach_telegram_again_one_tells_since_when(
    in_work: InWork, hire: Hire, clock: MovableClock
) -> None:
    await hire("Сергей", "owner")
    began = clock()
    await in_work(lambda work: outages.away(work, began))
    over = clock.forward(minutes=20)
    for since in (began, began + timedelta(seconds=30)):
        await in_work(lambda work, since=since: outages.back(work, since, over))
    assert len([row for row in await told(in_work) if row.kind == "notice"]) == 1


async def test_one_that_has_been_over_for_long_is_forgotten(in_work: InWork, hire: Hire, clock: MovableClock) -> None:
    await hire("Сергей", "owner")
    await in_work(lambda work: troubles.begin(work, K.DISK_LOW))
    await in_work(lambda work: troubles.begin(work, K.CLOCK_WRONG))
    await in_work(lambda work: troubles.end(work, K.DISK_LOW))
    clock.forward(days=91)
    assert await in_work(troubles.forget_old) == 1
    assert [one.kind for one in await in_work(lambda work: troubles.open_now(work.tx))] == [K.CLOCK_WRONG]
