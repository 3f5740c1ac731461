"""Tables as files for spreadsheets: .xlsx with real dates and sums, .csv. A formula in a cell is only text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

import xlsxwriter

from models.sheet import Column, R, Sheet

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
# nothing in them can call anything
PHONES = re.compile(r"\+[0-9][0-9 +,-]{6,}")
NUMBERS = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
BAD_IN_A_NAME = str.maketrans("[]:*?/\\'", "        ")


def xlsx(sheets: Iterable[Sheet[Any]]) -> bytes:
    """A workbook with a frozen head, a filter and a sheet for each table."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = {
            date: book.add_format({"num_format": "dd.mm.yyyy", "align": "left"}),
            Decimal: book.add_format({"num_format": "#,##0.00"}),
        }
        for one in sheets:
            sheet = book.add_worksheet(
                _sheet_name(one.title, {known.get_name().lower() for known in book.worksheets()})
            )
            sheet.freeze_panes(1, 1)
            for place, column in enumerate(one.columns):
                sheet.set_column(place, place, column.width)
                sheet.write_string(0, place, column.title, head)
            for row, said in enumerate(one.rows, start=1):
                for place, column in enumerate(one.columns):
                    _write(sheet, row, place, column.of(said), formats)
            sheet.autofilter(0, 0, len(one.rows), len(one.columns) - 1)
    return out.getvalue()


def as_csv(columns: Sequence[Column[R]], rows: Iterable[R]) -> bytes:
    """A table with its head."""
    head = [column.title for column in columns]
    return csv_of(chain([head], ([_text(column.of(one)) for column in columns] for one in rows)))


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, `;` between cells: what a Russian spreadsheet opens without questions."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


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


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:.2f}".replace(".", ",")
        case date():
            return f"{value:%d.%m.%Y}"
        case _:
            return str(value)


def safe(text: str) -> str:
    """A text for a cell: a spreadsheet must not take what a customer wrote for a formula."""
    begins = text.startswith(RISKY) or text.lstrip().startswith(RISKY)  # some programs leave spaces before a sign out
    if not begins or PHONES.fullmatch(text) or NUMBERS.fullmatch(text):
        return text
    return f"'{text}"
