"""`verstak export WORD FILE`: any table that is registered (`services.reports`), as .xlsx or .csv."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot import app as root
from bot import private_files
from bot import settings as conf
from bot.cli.cli_error import CliError
from models.sheet import Sheet
from scheduler.clock import utc_now
from services import sheet_export
from services.oversight import exports
from services.report_registry import REPORTS, Report
from services.unit_of_work import UnitOfWork


async def export(word: str, file: Path | None) -> str:
    """Write the table of that word: an .xlsx with all its sheets, or a .csv with the rows of all. CliError."""
    company = root.read_company(conf.load())  # with it every feature registers its tables
    found = REPORTS.get(word)
    if found is None:
        raise CliError(f"export: there is no report `{word}`; there are: {', '.join(sorted(REPORTS))}")
    file = file or Path(f"verstak-{word}.xlsx")
    ending = file.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise CliError(f"{file}: a {word} is written as .xlsx or .csv")
    db = await root.open_ready(conf.load())
    try:
        sheets = await db.run(lambda tx: _read(UnitOfWork(tx, utc_now(), company), found))
    finally:
        await db.close()
    if not sheets:
        raise CliError(found.empty)
    every = [row for sheet in sheets for row in sheet.rows]
    data = sheet_export.xlsx(sheets) if ending == ".xlsx" else sheet_export.as_csv(sheets[0].columns, every)
    _write(file, data)
    return f"{file}: {len(every)} {found.rows}"


def _read(work: UnitOfWork, report: Report) -> list[Sheet[Any]]:
    """The table's sheets; that they are taken out is written down, and the owner hears of it."""
    sheets = report.read(work)
    if sheets:
        exports.taken(work, report.word, sum(len(one.rows) for one in sheets))
    return sheets


def _write(file: Path, data: bytes) -> None:
    try:
        with private_files.create(file) as target:  # customers' data
            target.write(data)
    except OSError as error:
        raise CliError(f"{file} cannot be written: {error.strerror}") from None
