"""The ledger as a file for spreadsheets: .xlsx with real dates and sums, .csv (M-5). A formula in it is only text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from models.values.phone import format_phone
from services.register.register_entries import RegisterEntry

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
PHONES = re.compile(r"\+[0-9][0-9 +,-]{6,}")  # nothing in it can call anything
BAD_IN_A_NAME = str.maketrans("[]:*?/\\'", "        ")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its Russian title, its width in characters, what of the entry stands in it."""

    key: str
    title: str
    width: int
    of: Callable[[RegisterEntry], Any]


COLUMNS = (
    Column("number", "Номер сделки", 14, lambda one: one.number),
    Column("client", "Клиент", 26, lambda one: one.client),
    Column("full_name", "ФИО", 30, lambda one: one.full_name),
    Column("phone", "Телефон", 18, lambda one: ", ".join(map(format_phone, one.phones))),
    Column("address", "Адрес", 44, lambda one: one.address),
    Column("date", "Дата замера", 13, lambda one: one.date),
    Column("sum", "Сумма предварительного просчёта", 18, lambda one: one.sum),
    Column("status", "Статус", 24, lambda one: one.status),
    Column("result", "Результат", 22, lambda one: one.result),
    Column("contract_number", "Номер договора", 16, lambda one: one.contract_number),
    Column("contract_sum", "Сумма договора", 16, lambda one: one.contract_sum),
    Column("discount", "Скидка", 12, lambda one: one.discount),
    Column("responsible", "Ответственный", 22, lambda one: one.responsible),
)


def xlsx(sheets: Mapping[str, Iterable[RegisterEntry]]) -> bytes:
    """A workbook with a sheet of that title for each business."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = {
            date: book.add_format({"num_format": "dd.mm.yyyy", "align": "left"}),
            Decimal: book.add_format({"num_format": "#,##0.00"}),
        }
        for title, found in sheets.items():
            sheet = book.add_worksheet(_sheet_name(title, {one.get_name().lower() for one in book.worksheets()}))
            sheet.freeze_panes(1, 1)
            for place, column in enumerate(COLUMNS):
                sheet.set_column(place, place, column.width)
                sheet.write_string(0, place, column.title, head)
            row = 0
            for row, one in enumerate(found, start=1):
                for place, column in enumerate(COLUMNS):
                    _write(sheet, row, place, column.of(one), formats)
            sheet.autofilter(0, 0, row, len(COLUMNS) - 1)
    return out.getvalue()


def _write(sheet: Any, row: int, place: int, value: Any, formats: Mapping[type, Any]) -> None:
    match value:
        case None | "":
            return
        case Decimal():
            sheet.write_number(row, place, value, formats[Decimal])
        case date():
            sheet.write_datetime(row, place, value, formats[date])
        case _:
            sheet.write_string(row, place, str(value))


def _sheet_name(title: str, taken: set[str]) -> str:
    """At most 31 characters, none of those that a sheet's name may not have, no name twice."""
    name = " ".join(title.translate(BAD_IN_A_NAME).split())[:31] or "Учёт"
    n = 1
    while name.lower() in taken:
        n += 1
        name = f"{name[:27]} {n}"
    return name


def as_csv(found: Iterable[RegisterEntry]) -> bytes:
    """UTF-8 with a mark, `;` between cells: what a Russian spreadsheet opens without questions."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([column.title for column in COLUMNS])
    for one in found:
        writer.writerow([_text(column.of(one)) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:.2f}".replace(".", ",")
        case date():
            return f"{value:%d.%m.%Y}"
        case _:
            return _safe(str(value))


def _safe(text: str) -> str:
    """A spreadsheet must not take a customer's text for a formula."""
    return f"'{text}" if text.startswith(RISKY) and not PHONES.fullmatch(text) else text
