"""The words of search are what they are to be after every change, and after an upgrade (both databases)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from bot import database as databases
from bot.database import Database
from models.errors import CardOutdated
from models.tables.clients import ClientRow, ClientWordRow
from models.tables.deals import DealRow, DealWordRow
from models.values.addresses.address import Address
from services.clients import client_cards, client_words
from services.deals import client_merge, deal_commands, deal_queries, deal_words
from services.documents import papers
from services.personal import erasures, person_keys
from services.search import finder, word_filling
from services.unit_of_work import Company, UnitOfWork
from tests.worlds.office import Office, open_office

Words = tuple[set[Any], set[Any]]
SADOVAYA = Address(city="Москва", street="ул. Садовая", house="7", flat="12")


@pytest.fixture
async def office(database: Database, company: Company) -> Office:
    opened = await open_office(database)
    opened.company = company
    return opened


def kept(work: UnitOfWork) -> Words:
    """All words that stand in the tables."""
    deals = work.tx.execute(select(DealWordRow.deal_id, DealWordRow.word, DealWordRow.field))
    clients = work.tx.execute(select(ClientWordRow.client_id, ClientWordRow.word))
    return {tuple(row) for row in deals}, {tuple(row) for row in clients}


def rewritten(work: UnitOfWork) -> Words:
    """The words as they are to be, made anew of what there is."""
    work.tx.execute(delete(DealWordRow))
    work.tx.execute(delete(ClientWordRow))
    deal_words.rewrite(work, deal_queries.read_all(work, work.tx.execute(select(DealRow)).all()))
    client_words.renew(work, *work.tx.execute(select(ClientRow.id)).scalars())
    return kept(work)


async def are_true(office: Office) -> bool:
    before = await office.run(kept)
    assert before == await office.run(rewritten)
    return True


async def shop(office: Office) -> tuple[int, int]:
    """Two deals of two clients, and a lead; the ids of the deals."""
    first = await office.deal(address=SADOVAYA)
    second = await office.deal(name="Пётр Ёлкин", phone="+79160000001")
    await office.deal(pipeline="leads", name="Вера", phone="+79160000002")
    return first.id, second.id


Change = Callable[[UnitOfWork, int, int], Any]


def client_of(work: UnitOfWork, deal: int) -> int:
    found = deal_queries.get(work, deal)
    assert found.client_id is not None
    return found.client_id


def _merge(work: UnitOfWork, first: int, second: int) -> None:
    client_merge.merge(work, client_of(work, first), client_of(work, second))


def _paper(work: UnitOfWork) -> None:
    values = {"name": "Анна Белая", "phone": "+79160000009", "kitchen_type": "corner"}
    kitchen = deal_commands.begin(work, work.process("kitchens"), "general", values)
    papers.ask_for(work, kitchen, "contract")
    papers.ask_for(work, kitchen, "invoice")


def _erase(work: UnitOfWork, first: int, second: int) -> None:
    erasures.erase(work, person_keys.of_client(work, client_of(work, first)), "asked")


CHANGES: dict[str, Change] = {
    "begun": lambda work, first, second: None,
    "filled": lambda work, first, second: deal_commands.fill(work, first, {"comment": "Стол дубовый, 4 стула"}),
    "cleared": lambda work, first, second: deal_commands.fill(work, first, {"address": None}),
    "retitled": lambda work, first, second: deal_commands.rename(work, first, "Гардеробная на дачу"),
    "deleted": lambda work, first, second: deal_commands.delete(work, first),
    "renamed": lambda work, first, second: client_cards.rename(work, client_of(work, first), "Мария Петрова"),
    "phone": lambda work, first, second: client_cards.add_phone(work, client_of(work, first), "+79035556677"),
    "merged": _merge,
    "erased": _erase,
    "paper": lambda work, first, second: _paper(work),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_after_every_change_the_words_are_those_of_what_there_is(office: Office, change: str) -> None:
    first, second = await shop(office)
    await office.run(lambda work: CHANGES[change](work, first, second), "owner")
    assert await are_true(office)


async def test_a_change_that_somebody_else_was_faster_with_leaves_no_word(office: Office) -> None:
    deal = await office.deal()

    def late(work: UnitOfWork) -> None:
        found = deal_queries.get(work, deal.id)
        stale = found.replace(version=found.version - 1)
        deal_commands.put(work, stale, {"comment": "Комод"})

    with pytest.raises(CardOutdated):
        await office.run(late, "manager")
    assert await are_true(office)


async def test_parted_cards_are_found_by_their_own_words_again(office: Office) -> None:
    first, second = await shop(office)
    await office.run(lambda work: _merge(work, first, second), "owner")
    from models.undo import CardsBefore
    from services import undo

    def back(work: UnitOfWork) -> None:
        done = undo.find(work, CardsBefore, client_of(work, first))
        assert done is not None
        undo.take_back(work, done.id)

    await office.run(back, "owner")
    assert await are_true(office)
    found = await office.run(lambda work: finder.look(work, "елкин"), "owner")
    assert [one.phones for one in found.clients] == [("+79160000001",)]


async def test_an_upgrade_fills_the_words_and_they_are_the_same(office: Office, database: Database) -> None:
    """There and back again: what the start writes is what every change would have written, in any number of steps."""
    _, second = await shop(office)
    await office.run(_paper, "owner")
    await office.run(lambda work: deal_commands.delete(work, second), "owner")
    before = await office.run(kept)
    try:
        await database.run(lambda tx: databases.migrate_back(tx, "0023"))
        old = await database.run(_old_words)
        assert {"мария", "иванова"} <= old, "the version before finds clients by its own words"
    finally:
        await database.run(databases.migrate)
    assert await office.run(kept) == (set(), set())
    steps = 0
    while await office.run(word_filling.step) is not None:
        steps += 1
    assert await office.run(kept) == before and steps >= 2
    assert await office.run(word_filling.step) is None, "done once"


def _old_words(tx: Connection) -> set[str]:
    return set(tx.exec_driver_sql("SELECT word FROM client_word").scalars())


async def test_filling_goes_on_from_where_it_was_cut_off(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop(office)
    before = await office.run(kept)
    for row in (DealWordRow, ClientWordRow):
        await office.run(lambda work, row=row: work.tx.execute(delete(row)))
    monkeypatch.setattr(word_filling, "AT_ONCE", 2)
    for name in ("CARDS", "DEALS"):
        monkeypatch.setattr(word_filling, name, getattr(word_filling, name).limit(2))
    for _ in range(20):
        await office.run(word_filling.step)
    assert await office.run(kept) == before


async def test_an_option_that_is_called_otherwise_now_is_found_by_its_new_title(office: Office) -> None:
    """Changed: the process file is edited; at the next start the words of its deals are written anew, of others not."""
    process = office.company.processes["furniture"]
    name = next(name for name, one in process.fields.items() if one.type == "choice")
    option, _ = next(iter(process.fields[name].options.items()))
    deal = await office.deal(**{name: option})
    while await office.run(word_filling.step) is not None:
        pass
    field = process.fields[name].model_copy(update={"options": {option: "Палисандр"}})
    edited = process.model_copy(update={"fields": {**process.fields, name: field}})
    office.company = replace(office.company, processes={**office.company.processes, "furniture": edited})
    while await office.run(word_filling.step) is not None:
        pass
    found = await office.run(lambda work: finder.look(work, "палисандр"), "owner")
    assert [one.id for one in found.deals] == [deal.id]


async def test_nothing_is_written_where_nothing_changed_that_a_deal_is_found_by(office: Office) -> None:
    """The tap: a move reads and writes no words."""
    deal = await office.deal()
    said: list[str] = []

    def move(work: UnitOfWork) -> None:
        found = deal_queries.get(work, deal.id)
        after = found.replace(stage="making", version=found.version + 1)
        execute = work.tx.execute
        try:
            work.tx.execute = lambda *given: said.append(str(given[0])) or execute(*given)  # type: ignore[method-assign]
            deal_words.renew(work, work.process(found.process), found, after)
        finally:
            work.tx.execute = execute  # type: ignore[method-assign]

    await office.run(move, "manager")
    assert said == []


async def test_two_phones_added_at_once_are_both_found(office: Office, database: Database) -> None:
    """Two changes at once: on PostgreSQL side by side, on SQLite one after another."""
    import asyncio

    deal = await office.deal()
    numbers = ("+79035556677", "+79048889900")
    await asyncio.gather(
        *(office.run(lambda work, one=one: client_cards.add_phone(work, deal.client_id or 0, one)) for one in numbers)
    )
    assert await are_true(office)


async def test_the_way_to_what_one_works_on_is_by_the_deals_found_not_by_all_that_one_leads(office: Office) -> None:
    """At a million deals the other way took a hundred milliseconds."""
    if office.database.name != "sqlite":
        return

    def plan(work: UnitOfWork) -> str:
        asked = deal_queries.AT_WORK.params(ids=[1, 2], who=1)
        sql = asked.compile(dialect=work.tx.dialect, compile_kwargs={"literal_binds": True})
        return "\n".join(row[3] for row in work.tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}"))

    assert "ix_deal_origin_id" in await office.run(plan)
