"""Deals as a table: money in roubles, what was paid and what is left (K-14)."""

from datetime import UTC, date, datetime
from decimal import Decimal

from bot.cli import csv_io
from bot.database import Database
from models.values.received_payment import ReceivedPayment
from models.values.work_calendar import WorkCalendar
from services.deals import deal_commands
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import MOSCOW
from tests.worlds.payment_shop import bench


async def test_paid_and_balance_stand_beside_the_fields(database: Database) -> None:
    company = Company({"bench": bench()}, WorkCalendar(MOSCOW))
    now = datetime(2026, 11, 23, 7, tzinfo=UTC)

    def write(work: UnitOfWork) -> list[list[str]]:
        made = deal_commands.begin(work, bench(), "order", {"comment": "Верстак", "price": Decimal(150_000)})
        deal_commands.fill(
            work, made.id, {"prepayment": ReceivedPayment(Decimal("75000.50"), date(2026, 11, 23), "card")}
        )
        deal_commands.begin(work, bench(), "order", {"comment": "Тумба"})
        return csv_io._deals(work.tx, company)

    head, first, second = await database.run(lambda tx: write(UnitOfWork(tx, now, company)))
    assert dict(zip(head, first, strict=True)) | {"paid": "75000.50", "balance": "74999.50"} == dict(
        zip(head, first, strict=True)
    )
    assert (first[head.index("price")], first[head.index("prepayment")]) == ("150000.00", "75000.50")
    assert (second[head.index("paid")], second[head.index("balance")]) == ("0", "")
