"""Clients: found by phone on every way in, merged with their history."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.database import Database
from models.errors import NotAllowed, NotFound
from models.tables.deals import HistoryRow
from services.clients import client_cards
from services.deals import client_merge, deal_queries
from services.search import finder
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, open_office


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def test_the_second_deal_of_a_phone_belongs_to_the_same_client(office: Office) -> None:
    first, second = await office.deal(), await office.deal(name="Мария И.")
    assert first.client_id is not None and first.client_id == second.client_id


async def test_a_number_that_is_added_twice_stands_once_and_names_the_others(office: Office) -> None:
    def add(work: UnitOfWork) -> tuple[tuple[str, ...], list[str]]:
        one = client_cards.create(work, "Анна", ["+79160000001"])
        client_cards.create(work, "Яна", ["+79160000002"])
        client_cards.add_phone(work, one.id, "+79160000001")
        others = client_cards.add_phone(work, one.id, "+79160000002")
        return client_cards.get(work, one.id).phones, [other.name for other in others]

    assert await office.run(add) == (("+79160000001", "+79160000002"), ["Яна"])


async def test_duplicates_are_cards_of_the_same_kind_with_a_phone_in_common(office: Office) -> None:
    def look(work: UnitOfWork) -> list[str]:
        one = client_cards.create(work, "Анна", ["+79160000001"])
        client_cards.create(work, "Аня", ["+79160000001"])
        client_cards.create(work, "ООО «Анна»", ["+79160000001"], kind="company")
        client_cards.create(work, "Яна", ["+79160000002"])
        return [other.name for other in client_cards.duplicates(work, one, 8)]

    assert await office.run(look) == ["Аня"]


async def test_merging_keeps_deals_phones_and_history(office: Office) -> None:
    kept, gone = await office.deal(), await office.deal(name="Маша", phone="+79160000001")
    assert kept.client_id and gone.client_id and kept.client_id != gone.client_id
    keep, drop = kept.client_id, gone.client_id

    def history(work: UnitOfWork) -> list[str]:
        rows = work.tx.execute(select(HistoryRow.kind).where(HistoryRow.deal_id == gone.id).order_by(HistoryRow.id))
        return list(rows.scalars())

    before = await office.run(history)
    after = await office.run(lambda work: client_merge.merge(work, keep, drop), "manager")
    assert after.phones == ("+79123456789", "+79160000001")
    assert [one.id for one in await office.run(lambda work: deal_queries.of_client(work, keep), "manager")] == [
        gone.id,
        kept.id,
    ]
    assert await office.run(history) == [*before, "merged"]
    assert (await office.run(lambda work: client_cards.get(work, drop))).id == keep
    assert [one.id for one in await office.run(lambda work: client_cards.find_by_phone(work, "+79160000001"))] == [keep]
    moved = await office.run(lambda work: deal_queries.get(work, gone.id), "manager")
    assert moved.version == gone.version + 1


async def test_a_merged_card_is_found_by_no_name_of_its_own(office: Office) -> None:
    def join(work: UnitOfWork) -> list[str]:
        one, other = client_cards.create(work, "Анна Белая"), client_cards.create(work, "Анна Чёрная")
        client_merge.merge(work, one.id, other.id)
        return [found.name for found in finder.look(work, "анна").clients]

    assert await office.run(join, "manager") == ["Анна Белая"]


async def test_an_installer_merges_nobody(office: Office) -> None:
    with pytest.raises(NotAllowed):
        await office.run(lambda work: client_merge.merge(work, 1, 2), "installer")
    with pytest.raises(NotFound):
        await office.run(lambda work: client_cards.get(work, 2**40))


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("ёлкин", ["Елкин Пётр"]),
        ("петр", ["Елкин Пётр"]),
        ("елк пё", ["Елкин Пётр"]),
        ("сидор", ["Анна Сидорова", "Иван Сидоров"]),
        ("с", []),
        ("%", []),
        ("_", []),
    ],
)
async def test_names_are_found_by_the_beginnings_of_their_words(office: Office, said: str, names: list[str]) -> None:
    def look(work: UnitOfWork) -> list[str]:
        for name in ("Елкин Пётр", "Иван Сидоров", "Анна Сидорова"):
            client_cards.create(work, name)
        return sorted(one.name for one in finder.look(work, said).clients)

    assert await office.run(look, "manager") == names


async def test_percent_and_quotes_in_a_search_are_only_text(office: Office) -> None:
    await office.deal(pipeline="leads", name="Иван")
    for said in ("%", "'; DROP TABLE deal; --", '"+79123456789"%', "\\", "_" * 10):
        await office.run(lambda work, said=said: finder.look(work, said), "manager")
    assert (await office.run(lambda work: finder.look(work, "+7 912 345-67-89"), "manager")).deals
