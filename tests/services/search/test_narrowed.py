"""What was found is narrowed by sum and by the day when a deal came, by what one's role may see (both databases)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.database import Database
from models.search.said_ranges import SumRange
from services.deals import deal_commands
from services.search import finder
from services.unit_of_work import Company, UnitOfWork
from tests.worlds.office import Office, open_office


@pytest.fixture
async def office(database: Database, company: Company) -> Office:
    opened = await open_office(database)
    opened.company = company
    return opened


async def priced(office: Office, *roubles: int | None) -> list[str]:
    """So many deals of namesakes, each with its sum, and their numbers."""
    numbers = []
    for n, one in enumerate(roubles):
        deal = await office.deal(name="Мария Иванова", phone=f"+7916000{n:04d}")
        if one is not None:
            await office.run(
                lambda work, key=deal.id, sum_=one: deal_commands.fill(work, key, {"budget": Decimal(sum_)})
            )
        numbers.append(deal.number)
    return numbers


def left(work: UnitOfWork, only: str) -> set[str]:
    return {one.number for one in finder.look(work, "Иванова", only=only).deals}


async def test_between_two_sums_both_ends_are_in_and_a_deal_without_a_sum_is_out(office: Office) -> None:
    one, two, three, _ = await priced(office, 100_000, 200_000, 300_000, None)
    assert await office.run(lambda work: left(work, SumRange(100_000, 200_000).word)) == {one, two}
    assert await office.run(lambda work: left(work, SumRange(200_001, None).word)) == {three}
    assert await office.run(lambda work: left(work, SumRange(None, 99_999).word)) == set()


async def test_ranges_that_are_offered_are_round_and_tell_the_deals_apart(office: Office) -> None:
    await priced(office, 110_000, 137_500, 260_000, 990_000, None)
    offered = {one.word: one.count for one in await office.run(lambda work: finder.filters(work, "Иванова"))}
    assert {word: n for word, n in offered.items() if word[0] == "c"} == {"c100000-200000": 2, "c200000-": 2}


async def test_by_a_sum_that_is_hidden_from_ones_role_nothing_is_told(office: Office) -> None:
    await priced(office, 100_000, 900_000)
    process = office.company.processes["furniture"]
    hidden = process.fields["budget"].model_copy(update={"hidden_from": ("manager",)})
    blind = process.model_copy(update={"fields": {**process.fields, "budget": hidden}})
    blind.__dict__.pop("hidden_by_role", None)  # computed once
    office.company = replace(office.company, processes={**office.company.processes, "furniture": blind})

    def as_manager(work: UnitOfWork) -> tuple[set[str], list[str]]:
        words = [one.word for one in finder.filters(work, "Иванова") if one.word[0] == "c"]
        return left(work, SumRange(0, None).word), words

    assert await office.run(as_manager, "manager") == (set(), [])
