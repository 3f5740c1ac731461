"""One deal, several people at one moment: one wins, the others see who and when (proofs 12, 13).

`make races` runs each of them 10,000 times on either database; `make test` a few times. `RACES=100000` for more.
"""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.database import Database
from models.entities import Deal
from models.errors import CardOutdated
from models.tables.deals import DealRow, HistoryRow
from services.deals import deal_commands
from tests.worlds.office import NOON, Office, open_office, race

RACES = int(os.environ.get("RACES", "40"))  # of each kind, on each database
BACK = {"making": "prepayment", "contract": "prepayment"}


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


@pytest.fixture
async def deal(office: Office) -> Deal:
    """One that stands where the way leads on and back."""
    found = await office.deal(budget=Decimal(150000), prepayment=Decimal(75000))
    return await move(office, found, "prepayment", "manager")


async def move(office: Office, deal: Deal, to: str, who: str) -> Deal:
    return await office.run(lambda work: deal_commands.move(work, deal.id, deal.version, to), who)


async def pressed_at_once(office: Office, deal: Deal, *presses: tuple[str, str]) -> tuple[Deal, str]:
    """Each presses a button of the card as it is: where the deal is now, and who has moved it there; everybody else
    hears so."""
    jobs = [
        (lambda work, to=to: deal_commands.move(work, deal.id, deal.version, to), office.staff[who])
        for who, to in presses
    ]
    ends = await race(office, jobs)
    winners = [place for place, end in enumerate(ends) if isinstance(end, Deal)]
    assert len(winners) == 1, ends
    who, to = presses[winners[0]]
    won = ends[winners[0]]
    assert isinstance(won, Deal) and (won.stage, won.version) == (to, deal.version + 1)
    for lost in (end for place, end in enumerate(ends) if place != winners[0]):
        assert isinstance(lost, CardOutdated), lost
        assert (lost.who, lost.at) == (office.staff[who].name, NOON)
    return won, who


async def lines(office: Office, deal: Deal) -> tuple[int, int]:
    """How many moves the history tells of, and what the deal's version is."""
    moved = (
        select(func.count()).select_from(HistoryRow).where(HistoryRow.deal_id == deal.id, HistoryRow.kind == "moved")
    )
    version = select(DealRow.version).where(DealRow.id == deal.id)
    found: Any = await office.run(lambda work: (work.tx.execute(moved).scalar(), work.tx.execute(version).scalar()))
    return found


async def test_of_two_who_press_different_buttons_one_wins_and_the_other_sees_who(office: Office, deal: Deal) -> None:
    before = await lines(office, deal)
    for number in range(RACES):
        presses = [("manager", "making"), ("supervisor", "contract")]
        won, who = await pressed_at_once(office, deal, *presses[:: 1 if number % 2 else -1])
        deal = await move(office, won, BACK[won.stage], who)
    assert await lines(office, deal) == (before[0] + 2 * RACES, before[1] + 2 * RACES)


async def test_of_ten_presses_of_one_button_one_takes_effect(office: Office, deal: Deal) -> None:
    """Of a person who taps on, and of one who taps the same: nine hear that it is done already, and by whom."""
    before, most = await lines(office, deal), max(RACES // 10, 1)
    people = ("manager",) * 4 if office.database.name == "postgresql" else ("manager",) * 9
    for _ in range(most):
        won, who = await pressed_at_once(office, deal, *((one, "making") for one in (*people, "supervisor")))
        deal = await move(office, won, BACK[won.stage], who)
    assert await lines(office, deal) == (before[0] + 2 * most, before[1] + 2 * most)
