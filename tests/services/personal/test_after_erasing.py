"""What an erasure leaves to be done, and what its certificate says of it: nothing that was not done."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from models.jobs import FinishErasure
from models.notices.deal_notices import DealAssigned
from models.personal.erasure import LeftOutside
from models.tables.outbox import PinRow, ScheduledRow
from models.tables.personal import ErasureRow
from models.tables.updates import DONE, InboxRow
from services.files import blobs
from services.outbox import notices, queue, schedule
from services.personal import certificate, erasing, erasures, person_keys
from services.unit_of_work import UnitOfWork
from tests.worlds.stored_shop import Sent, Shop, open_shop

BYTES = b"%PDF the plan of a kitchen"


@pytest.fixture
async def shop(database: Any, tmp_path: Path) -> Shop:
    """A deal, told of to somebody: its message has not gone out yet."""
    return await open_shop(database, tmp_path)


async def erase(shop: Shop, deal_id: int | None = None) -> int:
    def do(work: UnitOfWork) -> int:
        return erasures.erase(work, person_keys.of_lead(work, deal_id or shop.deal_id), "asked")

    return await shop.office.run(do, "owner")


async def found(shop: Shop, key: int) -> Any:
    return await shop.office.run(lambda work: erasures.find(work, key))


async def plan(shop: Shop) -> str:
    """The same file comes to the deal; its hash."""
    shop.telegram.held["tg-plan"] = BYTES
    await shop.put(Sent("plan"))
    await shop.errands()
    return blobs.sha_of(BYTES)


def aged(shop: Shop, sha: str) -> None:
    """The bytes were stored long ago."""
    long_ago = time.time() - 3 * 3600
    os.utime(blobs.path_of(shop.folder, sha), (long_ago, long_ago))


# --- bytes -----------------------------------------------------------------------------------------------------------


async def test_bytes_that_another_client_has_too_stay(shop: Shop) -> None:
    sha = await plan(shop)
    other = await shop.office.deal(name="Жемчугова Анна", phone="+79057776655")
    hers, shop.deal_id = shop.deal_id, other.id
    await plan(shop)
    aged(shop, sha)
    key = await erase(shop, hers)
    await shop.errands()
    assert blobs.is_kept(shop.folder, sha)
    one = await found(shop, key)
    assert one.done_at is not None and one.outside.done.files == 0


async def test_bytes_that_somebody_is_just_storing_stay_until_he_has_written_his_row(shop: Shop) -> None:
    """Another client's file has the same bytes: they are on the disk already, its row has no hash yet."""
    sha = await plan(shop)
    aged(shop, sha)
    blobs.store(shop.folder, BYTES)
    key = await erase(shop)
    await shop.errands()
    assert blobs.is_kept(shop.folder, sha)
    assert (await found(shop, key)).outside.shas == (sha,)
    aged(shop, sha)
    await shop.errands(hours=1)
    one = await found(shop, key)
    assert not blobs.is_kept(shop.folder, sha)
    assert (one.outside.shas, one.outside.done.files, one.done_at is not None) == ((), 1, True)


# --- messages that were on their way ---------------------------------------------------------------------------------


async def in_flight(shop: Shop) -> Any:
    """A message about the deal, whose call has begun."""

    def begin(work: UnitOfWork) -> Any:
        told = notices.to(work, shop.office.staff["owner"], DealAssigned(), rule="x", cause="x", deal_id=shop.deal_id)
        schedule.put(work, [told])
        one = next(row for row in queue.claim(work, 7) if row.kind == "notice" and row.deal_id == shop.deal_id)
        assert queue.begin_sending(work, one)
        return one

    return await shop.office.run(begin, "owner")


async def test_a_message_that_lands_after_the_erasure_is_replaced(shop: Shop) -> None:
    one = await in_flight(shop)
    key = await erase(shop)
    await shop.errands()
    assert (await found(shop, key)).done_at is None, "it waits for the message"
    await shop.office.run(lambda work: queue.finish(work, one, message=555))
    await shop.errands(minutes=1)
    changed = [params["message_id"] for method, params, _ in shop.telegram.calls if method == "editMessageText"]
    assert changed == [555]
    after = await found(shop, key)
    assert after.done_at is not None and after.outside.done.replaced == 1


async def test_a_message_of_which_nobody_hears_again_is_counted_as_left(shop: Shop) -> None:
    await in_flight(shop)
    key = await erase(shop)
    await shop.errands(minutes=5)
    after = await found(shop, key)
    assert after.done_at is not None and after.outside.done.kept == 1
    data = await shop.office.run(lambda work: certificate.data_of(work, after))
    assert any("изменить которые не удалось: 1" in line for line in data["kept"])  # type: ignore[attr-defined]


async def test_a_pin_that_was_being_redrawn_is_replaced_when_it_is_there(shop: Shop) -> None:
    owner = shop.office.staff["owner"].id

    def pin(work: UnitOfWork) -> None:
        pinned = {"deal_id": shop.deal_id, "text": "x", "stale": False, "unsure": False, "sending_at": work.now}
        work.tx.execute(insert(PinRow).values(**pinned))

    await shop.office.run(pin)
    key = await erase(shop)
    left = (await found(shop, key)).outside
    assert left.pins == (shop.deal_id,)
    there = update(PinRow).values(employee_id=owner, message_id=77, sending_at=None)
    await shop.office.run(lambda work: work.tx.execute(there))
    after = await shop.office.run(lambda work: erasing.landed(work, left, work.now))
    assert (owner, 77) in after.messages and after.pins == ()


# --- what was left undone --------------------------------------------------------------------------------------------


async def test_all_that_were_left_undone_go_on_one_after_the_other(shop: Shop) -> None:
    def left_undone(work: UnitOfWork) -> None:
        for _ in range(3):
            work.tx.execute(insert(ErasureRow).values(
                reason="deleted", clients=[], deals=[], counts={}, outside={}, author_id=None, asked_at=work.now
            ))  # fmt: skip
        erasures.go_on(work, 2, None)

    def waiting(work: UnitOfWork) -> list[tuple[Any, Any]]:
        rows = work.tx.execute(
            select(ScheduledRow.payload, ScheduledRow.run_at)
            .where(ScheduledRow.rule == FinishErasure.kind, ScheduledRow.done_at.is_(None))
            .order_by(ScheduledRow.run_at, ScheduledRow.id)
        )
        return [(row.payload["erasure"], row.run_at) for row in rows]

    await shop.office.run(left_undone)
    await shop.office.run(erasures.resume)
    await shop.office.run(erasures.resume)
    found = await shop.office.run(waiting)
    assert sorted(key for key, _ in found) == [1, 2, 3]
    assert len({at for key, at in found if key != 2}) == 2, "not all in one moment"


# --- what the certificate says ---------------------------------------------------------------------------------------


async def said_of(shop: Shop, key: int) -> str:
    return str(await shop.office.run(lambda work: certificate.data_of(work, erasures.find(work, key))))  # type: ignore[arg-type]


async def test_the_certificate_of_a_night_does_not_say_that_the_file_was_written_anew(shop: Shop) -> None:
    asked = await erase(shop)
    other = await shop.office.deal(name="Жемчугова Анна", phone="+79057776655")
    keys = await shop.office.run(lambda work: person_keys.of_deals([other.id]))
    night = await shop.office.run(lambda work: erasures.erase(work, keys, "deleted"))
    await shop.errands()
    assert "переписан" not in await said_of(shop, night)
    is_file = shop.database.name == "sqlite"
    assert ("файл базы переписан заново" in await said_of(shop, asked)) is is_file
    for key in (asked, night):
        assert "файлы удалены" not in await said_of(shop, key), "there were none"


async def test_the_certificate_counts_his_updates_and_nobody_elses(shop: Shop) -> None:
    def come(work: UnitOfWork) -> None:
        for at, said in enumerate(("погода", "курс", "погода")):
            work.tx.execute(insert(InboxRow).values(
                bot_id=1, update_id=at, chat_id=5, body=f'{{"text": "{said}"}}', state=DONE, attempts=0,
                received_at=work.now, done_at=work.now,
            ))  # fmt: skip

    await shop.office.run(come)
    assert "inbox" not in (await found(shop, await erase(shop))).counts
    assert await shop.office.run(lambda work: set(work.tx.execute(select(InboxRow.body)).scalars())) == {""}


def test_what_older_versions_have_written_of_an_erasure_is_read() -> None:
    left = LeftOutside.from_data({"shas": ["a"], "messages": [[1, 2]], "kept": 3})
    assert (left.shas, left.messages, left.done.kept) == (("a",), ((1, 2),), 3)
    assert not LeftOutside.from_data(None)
