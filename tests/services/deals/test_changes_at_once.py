"""Two change one deal at once: one wins, and nothing of the other is written (promises 2, 3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.database import Database
from models.entities import Deal
from models.errors import CardOutdated
from models.outbox import DeliveryState
from models.tables.deals import DealRow, HistoryRow
from models.tables.outbox import ScheduledRow
from services.deals import changes, deal_commands
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, open_office


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


class Rival:
    """A connection on which somebody else moves the deal after all checks, just before it is written."""

    def __init__(self, tx: Any) -> None:
        self._tx = tx

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def execute(self, statement: Any, *args: Any) -> Any:
        if statement is changes.CHANGE:
            theirs = update(DealRow).where(DealRow.id == args[0]["key"])
            self._tx.execute(theirs.values(version=DealRow.version + 1, title="Шкаф соседа"))
        return self._tx.execute(statement, *args)


async def test_who_is_outrun_between_the_look_and_the_step_changes_nothing(office: Office) -> None:
    deal = await office.deal(budget=Decimal(150_000))

    def outrun(work: UnitOfWork) -> tuple[Deal, int]:
        before = history(work, deal)
        work.tx = Rival(work.tx)  # type: ignore[assignment]
        with pytest.raises(CardOutdated):
            deal_commands.move(work, deal.id, None, "prepayment")
        return found(work, deal), history(work, deal) - before

    after, lines = await office.run(outrun, "manager")
    assert (after.stage, after.title, lines) == (deal.stage, "Шкаф соседа", 0)


def found(work: UnitOfWork, deal: Deal) -> Any:
    return work.tx.execute(select(DealRow).where(DealRow.id == deal.id)).one()


def history(work: UnitOfWork, deal: Deal) -> int:
    return len(work.tx.execute(select(HistoryRow.id).where(HistoryRow.deal_id == deal.id)).all())


async def test_the_database_itself_refuses_the_same_step_of_a_deal_twice(office: Office) -> None:
    """The second lock, should the first one fail: one version of a deal has one history."""
    deal = await office.deal()
    first = select(HistoryRow).where(HistoryRow.deal_id == deal.id).order_by(HistoryRow.id).limit(1)

    def again(work: UnitOfWork) -> None:
        line = dict(work.tx.execute(first).one()._mapping)
        del line["id"]
        work.tx.execute(insert(HistoryRow).values(**line))

    with pytest.raises(IntegrityError):
        await office.run(again)


async def test_what_reminded_of_a_stage_is_void_when_the_deal_leaves_it(office: Office) -> None:
    """In the transaction of the move itself: a reminder of the stage that was left cannot come any more."""
    deal = await office.deal(budget=Decimal(150_000))

    def waiting(work: UnitOfWork) -> list[str]:
        timers = select(ScheduledRow.rule).where(
            ScheduledRow.deal_id == deal.id,
            ScheduledRow.kind == "timer",
            ScheduledRow.delivery_state == DeliveryState.WAITING,
            ScheduledRow.rule.startswith("order.contract"),
        )
        return list(work.tx.execute(timers).scalars())

    assert await office.run(waiting)
    await office.run(lambda work: deal_commands.move(work, deal.id, None, "prepayment"), "manager")
    assert await office.run(waiting) == []
