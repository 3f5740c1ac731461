"""`verstak compare FILE`: the client ledger against one that is kept in another program (M-5)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot import app as root
from bot import settings as conf
from bot.cli.cli_error import CliError
from models.process.process import Process
from scheduler.clock import utc_now
from services.register import register_compare, register_entries, register_file
from services.register.register_entries import RegisterEntry
from services.unit_of_work import Company, UnitOfWork

T = TypeVar("T")
LARGEST = 20 * 1024 * 1024


async def compare(file: Path) -> tuple[list[str], str]:
    """(Every difference between the deals and the ledger in the file, the summary). Trouble if it is no ledger."""
    data = _read(file)
    company = root.read_company(conf.load())
    entries, titles = await _in_work(company, _known)
    try:
        sheet = register_file.read(file.name, data, company.calendar.today(utc_now()), titles)
    except register_file.RegisterUnreadable as why:
        raise CliError(f"{file}: {why}") from None
    found = register_compare.compare(sheet, entries)
    return found, f"{file}: {len(sheet.lines)} rows, {len(entries)} entries, {len(found)} differences"


def _known(work: UnitOfWork) -> tuple[list[RegisterEntry], dict[str, list[str]]]:
    """All entries, and what their columns are called in the processes."""
    titles: dict[str, list[str]] = {}
    for process in _kept(work):
        for column, title in register_entries.titles(process).items():
            titles.setdefault(column, []).append(title)
    return [entry for one in _kept(work) for entry in _all(work, one)], titles


def _all(work: UnitOfWork, process: Process) -> list[RegisterEntry]:
    return list(register_entries.every(work, process))


def _kept(work: UnitOfWork) -> tuple[Process, ...]:
    found = register_entries.kept(work)
    if not found:
        raise CliError("no process that is switched on keeps a client ledger (see `ledger` in a process file)")
    return found


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise CliError(f"{file} is too big: at most {LARGEST // 1024 // 1024} MB")
        return file.read_bytes()
    except OSError as error:
        raise CliError(f"{file} cannot be read: {error.strerror}") from None


async def _in_work(company: Company, job: Callable[[UnitOfWork], T]) -> T:
    db = await root.open_ready(conf.load())
    try:
        return await db.run(lambda tx: job(UnitOfWork(tx, utc_now(), company)))
    finally:
        await db.close()
