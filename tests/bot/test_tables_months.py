"""A deal that stands on a month is exported by the month's name (M-17)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.cli import csv_io
from bot.database import Database
from models.values.work_calendar import WorkCalendar
from services import processes
from services.deals import deal_commands
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import MOSCOW, PROCESSES


async def test_a_deal_put_off_stands_in_the_table_on_the_month_of_its_contact(database: Database) -> None:
    company = Company(processes.load(PROCESSES, ["measurement"]), WorkCalendar(MOSCOW))
    now = datetime(2026, 11, 23, 7, tzinfo=UTC)

    def write(work: UnitOfWork) -> list[list[str]]:
        values = {"name": "Мария", "contact_on": date(2027, 1, 9), "defer_reason": "Сдача дома"}
        deal_commands.begin(work, work.process("measurement"), "deferred", values, stage="m202701")
        return csv_io._deals(work.tx, company)

    head, row = await database.run(lambda tx: write(UnitOfWork(tx, now, company)))
    found = dict(zip(head, row, strict=True))
    assert (found["pipeline"], found["stage"], found["contact_on"]) == ("Отложенный спрос", "Январь 2027", "2027-01-09")
