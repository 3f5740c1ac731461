"""Money that stood in plain fields becomes lines when its process begins to keep payments: none lost, none twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.database import Database
from models.entities import Deal
from models.tables.deals import HistoryRow
from models.tables.payments import PaymentRow
from models.values.received_payment import ReceivedPayment
from models.values.work_calendar import WorkCalendar
from services import payment_adoption, payments
from services.deals import deal_commands
from services.unit_of_work import Company, UnitOfWork
from tests.worlds import office as offices
from tests.worlds.office import ZONE, Office
from tests.worlds.payment_shop import bench


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    opened = await offices.open_office(database)
    opened.company = Company({"bench": bench()}, WorkCalendar(ZONE))
    yield opened


def begun(**fields: Any) -> Any:
    """A deal of the version before: its sums stand on the card alone."""
    told = {"name": "Мария", "phone": "+79123456789", "comment": "Верстак", "price": Decimal(150), **fields}
    return lambda work: deal_commands.begin(work, bench(), "order", told, makes_client=False)


async def lines(office: Office) -> list[tuple[int, str, int, str]]:
    rows = await office.run(lambda work: list(work.tx.execute(select(PaymentRow).order_by(PaymentRow.id))))
    return [(row.deal_id, row.field, row.amount, row.method) for row in rows]


async def test_what_the_card_holds_becomes_a_line_with_the_day_on_which_it_was_entered(office: Office) -> None:
    deal: Deal = await office.run(begun(prepayment=Decimal(75)))
    entered = office.now - timedelta(days=10)
    filled = {"deal_id": deal.id, "version": 99, "seq": 0, "at": entered, "kind": "filled"}
    told = {**filled, "data": {"field": "prepayment", "value": 7500}, "actor_id": office.staff["manager"].id}
    await office.run(lambda work: work.tx.execute(insert(HistoryRow).values(**told)))
    assert await office.run(payment_adoption.adopt) == 1
    (line,) = await office.run(lambda work: payments.of_deal(work, deal.id))
    assert (line.amount, line.paid_on, line.author) == (Decimal(75), entered.date(), "Анна")
    kinds = await office.run(lambda work: list(work.tx.execute(select(HistoryRow.kind)).scalars()))
    assert kinds.count("paid") == 1, "the history tells it, as of every payment"


async def test_it_is_done_once_and_what_has_lines_is_not_counted_twice(office: Office) -> None:
    deal: Deal = await office.run(begun(prepayment=Decimal(75), rest=Decimal(30)))

    def half(work: UnitOfWork) -> None:
        payments.write(work, deal.id, "rest", ReceivedPayment(Decimal(20), work.moment.today, "card"))

    await office.run(half)
    assert await office.run(payment_adoption.adopt) == 2
    wanted = [(deal.id, "rest", 2000, "card"), (deal.id, "prepayment", 7500, ""), (deal.id, "rest", 1000, "")]
    assert sorted(await lines(office)) == sorted(wanted)
    assert await office.run(payment_adoption.adopt) == 0
    assert len(await lines(office)) == 3


async def test_empty_fields_bring_no_lines(office: Office) -> None:
    await office.run(begun())
    assert await office.run(payment_adoption.adopt) == 0
    assert await lines(office) == []
