"""A ledger kept in another program, as its file says it: columns by name, values in the usual notations (M-5)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import python_calamine

from models.values import money, phone
from models.values.clean_text import squeeze
from models.values.dates import date_phrases
from models.values.invalid_value import InvalidValue

HEAD = 20  # so many rows are looked through for the names of the columns: titles and remarks stand above them
EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets
SERIALS = range(20_000, 80_000)  # 1954 … 2119
CLOCK = re.compile(r"(?<![ t,])[ t,]+(?:в )?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
NOTHING = frozenset({"", "-", "–", "—", "нет", "не указано", "не указана", "n/a"})
NUMBER = re.compile(r"\b(20[0-9]{2})\s*[-–/]\s*([0-9]{1,7})\b")

# by what a column may be called, case, spaces and punctuation left out; the first that a file has is taken
NAMES: Mapping[str, tuple[str, ...]] = {
    "number": ("номерсделки", "сделканомер", "сделка", "номер", "dealnumber", "deal", "number"),
    "contract_number": ("номердоговора", "договорномер", "договор", "contractnumber", "contract"),
    "phone": ("телефон", "телефонклиента", "номертелефона", "контактныйтелефон", "тел", "мобильный", "phone"),
    "full_name": ("фио", "фиоклиента", "фиозаказчика", "fullname"),
    "client": ("клиент", "имя", "имяклиента", "заказчик", "client", "name"),
    "date": ("датазамера", "предполагаемаядатазамера", "замер", "датавыезда", "дата", "measurementdate", "date"),
    "sum": (
        "суммапредварительногопросчета", "суммапредварительнопросчета", "суммапросчета", "предварительныйпросчет",
        "предварительнаясумма", "суммарасчета", "просчет", "сумма", "sum",
    ),
    "contract_sum": ("суммадоговора", "договорсумма", "суммаподоговору", "стоимостьдоговора", "contractsum"),
    "discount": ("скидка", "размерскидки", "суммаскидки", "discount"),
    "status": ("статус", "статусзамера", "состояние", "status"),
    "result": ("результат", "результатзамера", "итогзамера", "result"),
}  # fmt: skip
KEYS = frozenset({"number", "contract_number", "phone"})
DATES = frozenset({"date"})
SUMS = frozenset({"sum", "contract_sum", "discount"})

Cell = str | date | Decimal | None


class RegisterUnreadable(Exception):
    """The file cannot be understood at all; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A row of the file. `values`: text, or date, Decimal, E.164 by its column, None for an empty cell.

    `unclear` are cells that could not be understood, as they stand there.
    """

    row: int
    values: Mapping[str, Cell]
    unclear: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """What the file says. `columns` are those that were recognised."""

    columns: frozenset[str]
    lines: tuple[RegisterLine, ...]


def read(name: str, data: bytes, today: date, titles: Mapping[str, Sequence[str]] | None = None) -> RegisterSheet:
    """The file of that name. `titles`: what the columns are called in the process. Raises Unreadable."""
    is_table = name.lower().endswith((".csv", ".txt", ".tsv"))
    sheets = _csv(data) if is_table else _workbook(name, data)
    known = _by_name(titles or {})
    for rows in sheets:
        for place, cells in enumerate(rows[:HEAD]):
            columns = _columns(cells, known)
            if len(columns) >= 2 and KEYS & columns.keys():
                return _sheet(rows, place, columns, today)
    raise RegisterUnreadable(
        "no known columns: there must be «Номер сделки», «Номер договора» or «Телефон», and one more such as "
        "«Дата замера»"
    )


def bare(text: str) -> str:
    """A name or a status for comparing: case, ё, spaces and punctuation left out."""
    return re.sub(r"[\W_]+", "", text.lower().replace("ё", "е").replace("№", "номер"))


def deal_number(value: str) -> str | None:
    """«2026-0042» as deals are numbered, None for what is no number of a deal (a running number of rows)."""
    found = NUMBER.search(value)
    return f"{found[1]}-{int(found[2]):04d}" if found else None


# --- cells ------------------------------------------------------------------------------------------------------


def _workbook(name: str, data: bytes) -> Iterator[list[list[Any]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        for one in names:
            yield book.get_sheet_by_name(one).to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise RegisterUnreadable(f"it is no .xlsx or .csv file ({type(error).__name__})") from None


def _csv(data: bytes) -> Iterator[list[list[Any]]]:
    """The rows as a spreadsheet numbers them: a cell of several lines is one row, an empty line is one too."""
    text = _decoded(data)
    head = "\n".join(text.splitlines()[:HEAD])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    rows: list[list[Any]] = []
    try:
        rows.extend([_bare_cell(cell) for cell in cells] for cells in reader)
    except csv.Error as error:
        raise RegisterUnreadable(f"line {reader.line_num}: {error}") from None
    yield rows


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    return data.decode("cp1251", "replace")


def _bare_cell(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") else cell


def _by_name(titles: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, int]]:
    """Column and rank of every name; the more exact name has the lower rank."""
    found: dict[str, tuple[str, int]] = {}
    for column, names in NAMES.items():
        own = [bare(one) for one in titles.get(column, ())]
        for rank, one in enumerate((*own, *names)):
            found.setdefault(one, (column, rank))
    return found


def _columns(cells: Sequence[Any], known: Mapping[str, tuple[str, int]]) -> dict[str, int]:
    """Which column stands where."""
    best: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(cells):
        column, rank = known.get(bare(str(cell)), ("", 0))
        if column and (column not in best or rank < best[column][0]):
            best[column] = (rank, place)
    return {column: place for column, (_, place) in best.items()}


def _sheet(rows: Sequence[Sequence[Any]], head: int, columns: Mapping[str, int], today: date) -> RegisterSheet:
    lines = []
    for row, cells in enumerate(rows[head + 1 :], start=head + 2):
        values: dict[str, Cell] = {}
        unclear: dict[str, str] = {}
        for column, place in columns.items():
            cell = cells[place] if place < len(cells) else None
            try:
                values[column] = _value(column, cell, today)
            except InvalidValue:
                unclear[column] = " ".join(str(cell).split())
        if unclear or any(value is not None for value in values.values()):
            lines.append(RegisterLine(row, values, unclear))
    return RegisterSheet(frozenset(columns), tuple(lines))


def _value(column: str, cell: Any, today: date) -> Cell:
    """What the cell says; Wrong if it cannot be understood."""
    if (isinstance(cell, str) and squeeze(cell) in NOTHING) or cell is None:
        return None
    if column in DATES:
        return _date(cell, today)
    if column in SUMS:
        return _sum(cell)
    text = _text(cell)
    return phone.find_phones(text)[0] if column == "phone" and phone.find_phones(text) else _other(column, text)


def _other(column: str, text: str) -> str:
    if column == "phone":
        return phone.parse_phone(text)  # says what is wrong with it
    return text


def _date(cell: Any, today: date) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if text.isascii() and text.isdigit() and int(text) in SERIALS:
        return EPOCH + timedelta(days=int(text))
    return date_phrases.parse_date(CLOCK.sub("", squeeze(text)), today, past=True)


def _sum(cell: Any) -> Decimal:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return money.parse_money(f"{Decimal(str(cell)):.2f}", at_least=Decimal(0))
    return money.parse_money(_text(cell), at_least=Decimal(0))


def _text(cell: Any) -> str:
    """As the spreadsheet shows it: a whole number without «.0»."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
