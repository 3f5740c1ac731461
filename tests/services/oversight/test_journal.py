"""The journal: who looked at clients, took them out, or erased them. Rows are only added; a broken chain is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.database import Database
from models.ids import ClientId
from models.oversight.journal import ACTS, JournalState
from services.oversight import journal
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW

FREE = {
    "sqlite": ("DROP TRIGGER journal_no_update", "DROP TRIGGER journal_no_delete"),
    "postgresql": ("SET LOCAL session_replication_role = replica",),
}


@pytest.fixture
def written(in_work: Callable[..., Any], hire: Callable[..., Any]) -> Callable[..., Any]:
    """Five rows by Anna, one transaction each."""

    async def write() -> Any:
        anna = await hire("Анна")
        for number in range(5):
            about = ("client", number + 10)
            await in_work(lambda work, about=about: journal.note(work, "client_seen", about=about), actor=anna)
        return anna

    return write


async def state(database: Database) -> JournalState:
    return await database.run(journal.verify)


async def by_force(database: Database, statement: str) -> None:
    """As somebody does who has the database in his hands, and takes the triggers away first."""

    def change(tx: Connection) -> None:
        for one in (*FREE[tx.dialect.name], statement):
            tx.execute(text(one))

    await database.run(change)


async def test_a_row_tells_who_did_what_when_by_numbers_alone(
    in_work: Callable[..., Any], hire: Callable[..., Any], database: Database
) -> None:
    anna = await hire("Анна")
    seen = [ClientId(5), ClientId(7)]
    await in_work(lambda work: journal.note(work, "list_seen", about=("search", None), count=2, clients=seen), anna)
    await in_work(lambda work: journal.note(work, "restored"))
    last, first = await database.run(lambda tx: journal.latest(tx, NOW - timedelta(days=1), 10))
    assert (first.at, first.actor, first.what, first.about) == (NOW, anna.id, "list_seen", ("search", None))
    assert (first.count, first.clients) == (2, (5, 7))
    assert (last.actor, last.what, last.about, last.count) == (None, "restored", None, None)
    assert await database.run(lambda tx: journal.latest(tx, NOW, 10, who=anna.id)) == [first]
    assert await database.run(lambda tx: journal.latest(tx, NOW, 10, before=last.id)) == [first]
    assert await database.run(lambda tx: journal.latest(tx, NOW + timedelta(seconds=1), 10)) == []


async def test_an_untouched_journal_is_whole(written: Callable[..., Any], database: Database) -> None:
    assert (await state(database)).rows == 0
    await written()
    found = await state(database)
    assert (found.rows, found.last, found.faults) == (5, 5, ())


async def test_what_is_rolled_back_leaves_no_row_and_no_gap(
    written: Callable[..., Any], in_work: Callable[..., Any], database: Database
) -> None:
    def fail(work: UnitOfWork) -> None:
        journal.note(work, "client_erased", about=("client", 1))
        raise LookupError

    await written()
    with pytest.raises(LookupError):
        await in_work(fail)
    await in_work(lambda work: journal.note(work, "backup_made"))
    found = await state(database)
    assert (found.rows, found.last, found.faults) == (6, 6, ())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor_id = 99 WHERE id = 3",
        "DELETE FROM journal WHERE id = 5",
        "DELETE FROM journal",
        {
            "sqlite": "INSERT OR REPLACE INTO journal (id, at, what, previous, hash) VALUES (3, 1, 'x', '1', '2')",
            "postgresql": "TRUNCATE journal",
        },
    ],
)
async def test_no_row_is_changed_or_taken_out(
    written: Callable[..., Any], database: Database, statement: str | dict[str, str]
) -> None:
    await written()
    before = await state(database)
    said = statement if isinstance(statement, str) else statement[database.name]
    with pytest.raises(DBAPIError, match="only ever added to"):
        await database.run(lambda tx: tx.execute(text(said)))
    assert await state(database) == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE journal SET actor_id = 99 WHERE id = 3", {(3, "changed")}),
        ("UPDATE journal SET clients = '[1]' WHERE id = 3", {(3, "changed")}),
        ("UPDATE journal SET at = at + 1 WHERE id = 1", {(1, "changed")}),
        ("UPDATE journal SET counted = 7 WHERE id = 5", {(5, "changed")}),
        ("DELETE FROM journal WHERE id = 1", {(1, "missing")}),
        ("DELETE FROM journal WHERE id IN (2, 3)", {(2, "missing")}),
        ("UPDATE journal SET id = 9 WHERE id = 5", {(5, "missing"), (9, "changed")}),
        (
            "UPDATE journal SET previous = '0', hash = '1' WHERE id = 4",
            {(4, "displaced"), (4, "changed"), (5, "displaced")},
        ),
    ],
)
async def test_where_somebody_had_the_database_in_his_hands_is_seen(
    written: Callable[..., Any], database: Database, statement: str, said: set[tuple[int, str]]
) -> None:
    await written()
    await by_force(database, statement)
    assert {(one.id, one.how) for one in (await state(database)).faults} == said


async def test_a_changed_row_with_a_hash_made_anew_does_not_fit_the_one_after(
    written: Callable[..., Any], database: Database
) -> None:
    await written()
    third = (await database.run(lambda tx: journal.latest(tx, NOW, 1, before=4)))[0]
    second = await database.run(lambda tx: tx.execute(text("SELECT hash FROM journal WHERE id = 2")).scalar_one())
    forged = replace(third, actor=None).hash_after(second)
    await by_force(database, f"UPDATE journal SET actor_id = NULL, hash = '{forged}' WHERE id = 3")
    assert [(one.id, one.how) for one in (await state(database)).faults] == [(4, "displaced")]


async def test_rows_taken_off_the_end_are_seen_by_the_last_rows_number_and_hash(
    written: Callable[..., Any], database: Database
) -> None:
    await written()
    before = await state(database)
    await by_force(database, "DELETE FROM journal WHERE id > 3")
    after = await state(database)
    assert (after.faults, after.last, before.last) == ((), 3, 5)
    assert after.hash != before.hash


async def test_many_who_write_at_once_make_one_chain(in_work: Callable[..., Any], database: Database) -> None:
    writing = (in_work(lambda work: journal.note(work, "retention_ran", count=3)) for _ in range(20))
    async with asyncio.timeout(20):
        rows = await asyncio.gather(*writing, return_exceptions=True)
    assert sorted(map(str, rows)) == sorted(map(str, range(1, 21)))
    found = await state(database)
    assert (found.rows, found.last, found.faults) == (20, 20, ())


@pytest.mark.parametrize(
    ("what", "about", "count"),
    [
        ("looked", None, None),
        ("client_seen", ("Мария Иванова", 1), None),
        ("client_seen", ("client 79123456789", None), None),
        ("list_seen", None, -1),
    ],
)
async def test_nothing_but_registered_words_and_numbers_is_written(
    in_work: Callable[..., Any], database: Database, what: Any, about: Any, count: int | None
) -> None:
    with pytest.raises(ValueError, match=r"journal|rows"):
        await in_work(lambda work: journal.note(work, what, about=about, count=count))
    assert (await state(database)).rows == 0


def test_each_word_fits_its_column() -> None:
    assert max(map(len, ACTS)) <= 20
