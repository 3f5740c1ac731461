"""Tables for people: clients and deals out as CSV, clients and leads in (named by line where something is wrong)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, Row, select

from bot import app as root
from bot import private_files
from bot import settings as conf
from bot.cli.cli_error import CliError
from models.engine import balances
from models.engine.deal_state import DealState
from models.fields import codec
from models.fields.base import Field
from models.fields.groups import Priced
from models.process.process import Process
from models.tables.clients import ClientPhoneRow, ClientRow
from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from models.values import money
from models.values import phone as phones
from models.values.invalid_value import InvalidValue
from scheduler.clock import utc_now
from services import sheet_export
from services.clients import client_cards
from services.deals import lead_intake
from services.oversight import exports
from services.unit_of_work import Company, UnitOfWork

HEADINGS = {
    "name": "name", "имя": "name", "фио": "name", "клиент": "name", "название": "name",
    "phone": "phone", "телефон": "phone", "тел": "phone", "номер": "phone",
    "comment": "comment", "комментарий": "comment", "примечание": "comment",
    "source": "source", "источник": "source",
}  # fmt: skip
LARGEST = 20 * 1024 * 1024


async def export(file: Path) -> str:
    """Write clients and deals into a ZIP of CSV files that a spreadsheet opens."""
    settings = conf.load()
    company = root.read_company(settings)
    db = await root.open_ready(settings)
    try:
        sheets = await db.run(lambda tx: _sheets(UnitOfWork(tx, utc_now(), company)))
    finally:
        await db.close()
    _write(file, sheets)
    return f"{file}: {len(sheets['clients.csv']) - 1} clients, {len(sheets['deals.csv']) - 1} deals"


def _sheets(work: UnitOfWork) -> dict[str, list[list[str]]]:
    """The tables; that they are taken out is written down, and the owner hears of it."""
    sheets = {"clients.csv": _clients(work.tx), "deals.csv": _deals(work.tx, work.company)}
    exports.taken(work, exports.ALL_CLIENTS, len(sheets["clients.csv"]) - 1)
    return sheets


async def bring(file: Path, kind: str) -> str:
    """Take clients or leads from a CSV file: all, or, if a line is wrong, none. What is known is passed over."""
    lines = read(file)
    settings = conf.load()
    company = root.read_company(settings)
    db = await root.open_ready(settings)
    try:
        new = await db.run(lambda tx: _bring(UnitOfWork(tx, utc_now(), company), lines, kind))
    finally:
        await db.close()
    return f"{new} new {kind}, {len(lines) - new} known already"


def _write(file: Path, sheets: Mapping[str, list[list[str]]]) -> None:
    try:
        # customers' data: for the account that makes it alone, while it is written too
        with private_files.create(file) as target, ZipFile(target, "w", ZIP_DEFLATED) as archive:
            for name, rows in sheets.items():
                archive.writestr(name, sheet_export.csv_of(rows))
    except OSError as error:
        raise CliError(f"{file} cannot be written: {error.strerror}") from None


def read(file: Path) -> list[tuple[int, dict[str, str]]]:
    """(Line number, values by field) of every line. Trouble if the file or its first line cannot be understood."""
    try:
        if file.stat().st_size > LARGEST:
            raise CliError(f"{file} is too big: at most {LARGEST // 1024 // 1024} MB")
        raw = file.read_bytes()
    except OSError as error:
        raise CliError(f"{file} cannot be read: {error.strerror}") from None
    text = _decode(raw)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(";,\t", key=first.count))
    headings = [HEADINGS.get(one.strip().lower().rstrip("."), "") for one in next(reader, [])]
    if "phone" not in headings:
        raise CliError(f"{file}, line 1: there is no column «phone» (or «телефон»)")
    lines = []
    for cells in reader:
        values = {name: _bare(cell) for name, cell in zip(headings, cells, strict=False) if name}
        if any(values.values()):
            lines.append((reader.line_num, values))
    return lines


def _bring(work: UnitOfWork, lines: Sequence[tuple[int, Mapping[str, str]]], kind: str) -> int:
    take = _lead if kind == "leads" else _client
    new = 0
    for number, values in lines:
        try:
            new += take(work, values)
        except InvalidValue as wrong:
            raise CliError(f"line {number}: {wrong} Nothing was imported.") from None
        except LookupError as error:
            raise CliError(f"line {number}: {error}; nothing was imported") from None
    return new


def _lead(work: UnitOfWork, values: Mapping[str, str]) -> bool:
    # the same line of the same table, brought in twice, is one lead
    key = "import:" + hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:40]
    _, is_new = lead_intake.receive(
        work,
        name=values.get("name", ""),
        phone=values.get("phone", ""),
        comment=values.get("comment", ""),
        source=values.get("source", "") or "import",
        idempotency_key=key,
    )
    return is_new


def _client(work: UnitOfWork, values: Mapping[str, str]) -> bool:
    number = phones.parse_phone(values.get("phone", ""))
    if client_cards.find_by_phone(work, number):
        return False
    client_cards.create(work, values.get("name", "") or phones.format_phone(number), [number])
    return True


def _clients(tx: Connection) -> list[list[str]]:
    numbers: dict[int, list[str]] = {}
    for one in tx.execute(select(ClientPhoneRow).order_by(ClientPhoneRow.client_id, ClientPhoneRow.position)):
        numbers.setdefault(one.client_id, []).append(phones.format_phone(one.phone))
    rows = [["id", "name", "kind", "phone", "note", "created"]]
    query = (
        select(ClientRow)
        .where(ClientRow.merged_into_id.is_(None), ClientRow.erased_at.is_(None))
        .order_by(ClientRow.id)
    )
    for row in tx.execute(query):
        told = ", ".join(numbers.get(row.id, []))
        rows.append([str(row.id), row.name, row.kind, told, row.note or "", row.created_at.isoformat()])
    return rows


def _deals(tx: Connection, company: Company) -> list[list[str]]:
    names = {row.id: row.name for row in tx.execute(select(EmployeeRow.id, EmployeeRow.name))}
    called = {row.id: row.name for row in tx.execute(select(ClientRow.id, ClientRow.name))}
    fields = list(dict.fromkeys(name for process in company.processes.values() for name in process.fields))
    sums = ["paid", "balance"] if any(process.payments for process in company.processes.values()) else []
    about_deal = ["number", "process", "pipeline", "stage", "status", "title", "client", "responsible", "created"]
    rows = [[*about_deal, *sums, *fields]]
    for row in tx.execute(select(DealRow).where(DealRow.deleted_at.is_(None)).order_by(DealRow.id)):
        process = company.processes.get(row.process)
        line = process.pipelines.get(row.pipeline) if process else None
        stage = process.find_stage(row.pipeline, row.stage) if process else None
        about = [
            row.number, process.title if process else row.process, line.title if line else row.pipeline,
            stage.title if stage else row.stage, row.status, row.title, called.get(row.client_id, ""),
            names.get(row.responsible_id, ""), row.created_at.isoformat(),
        ]  # fmt: skip
        money_ = _sums(process, row) if sums else []
        known = process.fields if process else {}
        rows.append([*about, *money_, *(_cell(row.fields.get(name), known.get(name)) for name in fields)])
    return rows


def _sums(process: Process | None, row: Row[Any]) -> list[str]:
    """What was paid, what is left, in roubles; empty for a deal whose process keeps no payments."""
    if process is None or process.payments is None:
        return ["", ""]
    state = DealState(row.pipeline, row.stage, row.entered_at, codec.decode(process.fields, row.fields))
    left = balances.balance(process, state)
    return [str(balances.paid(process, state)), "" if left is None else str(left)]


def _cell(value: Any, field: Field | None = None) -> str:
    if isinstance(field, Priced) and isinstance(value, int):
        return str(money.from_kopecks(value))
    if isinstance(value, dict):
        return ", ".join(str(one) for one in value.values() if one)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") else cell


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1251", "replace")  # what Russian spreadsheets save by default
