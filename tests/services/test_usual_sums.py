"""What a sum usually is: the median of the company's newest deals, on both databases (truth 38)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.entities import Deal
from services import usual_sums
from services.deals import deal_commands
from tests.worlds.office import Office, open_office


@pytest.fixture
async def office(database: Any) -> Office:
    return await open_office(database)


async def usual(office: Office, name: str = "budget", but: Deal | None = None) -> Decimal | None:
    process = office.company.processes["furniture"]
    return await office.run(lambda work: usual_sums.find(work, process, name, but=but.id if but else None))


async def test_of_two_sums_nothing_is_learnt_and_of_three_the_middle_one(office: Office) -> None:
    for sum_ in (90_000, 1_000_000):
        await office.deal(budget=Decimal(sum_))
    assert await usual(office) is None
    await office.deal(budget=Decimal(120_000))
    assert await usual(office) == Decimal(120_000)
    await office.deal()  # one without a sum says nothing
    assert await usual(office) == Decimal(120_000) and await usual(office, "prepayment") is None


async def test_the_deal_itself_and_those_that_were_deleted_teach_nothing(office: Office) -> None:
    first, *_ = [await office.deal(budget=Decimal(sum_)) for sum_ in (90_000, 100_000, 110_000)]
    assert await usual(office, but=first) is None
    await office.run(lambda work: deal_commands.delete(work, first.id), "supervisor")
    assert await usual(office) is None


async def test_a_slip_of_long_ago_weighs_nothing_among_a_hundred_new_deals(office: Office) -> None:
    for _ in range(3):
        await office.deal(budget=Decimal(150))
    for _ in range(usual_sums.LOOKED_AT):
        await office.deal(budget=Decimal(150_000))
    assert await usual(office) == Decimal(150_000)
