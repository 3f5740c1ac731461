"""The differences between the deals and a ledger kept in another program, a line each (M-5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.values import money, phone
from services.register.register_entries import RegisterEntry
from services.register.register_file import RegisterLine, RegisterSheet, bare, deal_number

TITLES = {
    "phone": "телефон", "client": "клиент", "full_name": "ФИО", "date": "дата замера", "sum": "сумма просчёта",
    "contract_number": "номер договора", "contract_sum": "сумма договора", "discount": "скидка", "status": "статус",
    "result": "результат", "number": "номер сделки",
}  # fmt: skip
COMPARED = (
    "phone", "client", "full_name", "date", "sum", "status", "result", "contract_number", "contract_sum", "discount",
)  # fmt: skip


@dataclass(slots=True)
class _Known:
    """The entries by what a row may name them with."""

    by_number: dict[str, RegisterEntry] = field(default_factory=dict)
    by_contract: dict[str, list[RegisterEntry]] = field(default_factory=dict)
    by_phone: dict[str, list[RegisterEntry]] = field(default_factory=dict)


def compare(sheet: RegisterSheet, entries: Sequence[RegisterEntry]) -> list[str]:
    """Every difference as a sentence; empty if the file says what the deals say.

    Rows are matched by the deal's number, else the contract's, else the phone (and the date, where it has several
    deals). Only columns that the file has are compared.
    """
    known = _indexed(entries)
    seen: dict[int, int] = {}
    found: list[str] = []
    for line in sheet.lines:
        entry, trouble = _match(line, known, seen)
        if entry is None:
            found.append(f"строка {line.row}: {trouble}")
        elif entry.deal_id in seen:
            found.append(f"строка {line.row}: сделка {entry.number} уже есть в строке {seen[entry.deal_id]}")
        else:
            seen[entry.deal_id] = line.row
            found += [f"строка {line.row}: сделка {entry.number}: {said}" for said in _differences(line, entry)]
    missing = sorted((one for one in entries if one.deal_id not in seen), key=lambda one: one.deal_id)
    return found + [f"в файле нет сделки {_named(one)}" for one in missing]


# --- which deal -------------------------------------------------------------------------------------------------


def _indexed(entries: Sequence[RegisterEntry]) -> _Known:
    known = _Known()
    for one in entries:
        known.by_number[one.number] = one
        if one.contract_number:
            known.by_contract.setdefault(bare(one.contract_number), []).append(one)
        for number in one.phones:
            known.by_phone.setdefault(number, []).append(one)
    return known


def _match(line: RegisterLine, known: _Known, seen: Mapping[int, int]) -> tuple[RegisterEntry | None, str]:
    """The entry of a row, or why there is none."""
    number = deal_number(str(line.values.get("number") or ""))
    if number is not None:
        entry = known.by_number.get(number)
        return entry, "" if entry else f"в учёте нет сделки {number}"
    contract = bare(str(line.values.get("contract_number") or ""))
    for candidates in (
        known.by_contract.get(contract, ()),
        known.by_phone.get(str(line.values.get("phone") or ""), ()),
    ):
        left = _narrowed(line, candidates, seen)
        if len(left) == 1:
            return left[0], ""
        if left:
            return None, f"подходят сделки {', '.join(one.number for one in left)}, укажите номер ({_told(line)})"
    return None, f"сделки нет ({_told(line)})"


def _narrowed(line: RegisterLine, candidates: Sequence[RegisterEntry], seen: Mapping[int, int]) -> list[RegisterEntry]:
    """Of several deals those of the row's phone, then of its date, then those that no row has named yet."""
    left = list(candidates)
    rules: tuple[Callable[[RegisterEntry], bool], ...] = (
        lambda one: line.values.get("phone") in one.phones,
        lambda one: one.date is not None and one.date == line.values.get("date"),
        lambda one: one.deal_id not in seen,
    )
    for rule in rules:
        if len(left) > 1:
            left = [one for one in left if rule(one)] or left
    return left


def _told(line: RegisterLine) -> str:
    """The row in a few words, so that it is found without counting."""
    said = []
    for column in ("full_name", "client", "phone", "contract_number", "date", "number"):
        value = line.values.get(column)
        if value is None or (column == "client" and line.values.get("full_name")):
            continue
        words = _shown(column, value)
        said.append(f"{TITLES[column]} {words}" if column in ("contract_number", "date", "number") else words)
    said += [f"{TITLES[column]} «{raw}» не понять" for column, raw in line.unclear.items()]
    return ", ".join(said) or "без номера, договора и телефона"


def _named(one: RegisterEntry) -> str:
    day = f", замер {one.date:%d.%m.%Y}" if one.date else ""
    return f"{one.number} ({one.full_name or one.client}{day})"


# --- what differs -----------------------------------------------------------------------------------------------


def _differences(line: RegisterLine, entry: RegisterEntry) -> list[str]:
    said = []
    for column in COMPARED:
        ours = _ours(column, entry)
        if column in line.unclear:
            said.append(f"{TITLES[column]} «{line.unclear[column]}» не понять, в сделке {_or_not(column, ours)}")
        elif column in line.values:
            theirs = line.values[column]
            if not _same(column, theirs, ours, entry):
                said.append(f"{TITLES[column]} {_or_not(column, theirs)}, в сделке {_or_not(column, ours)}")
    return said


def _ours(column: str, entry: RegisterEntry) -> Any:
    value = entry.phones if column == "phone" else getattr(entry, column)
    return None if value in ("", ()) else value


def _same(column: str, theirs: Any, ours: Any, entry: RegisterEntry) -> bool:
    if column == "client":
        return theirs is None or _alike(theirs, ours or "")
    if column == "full_name":
        return _same_name(theirs, entry)
    if theirs is None or ours is None:
        return theirs is None and ours is None
    if column == "phone":
        return theirs in ours
    if isinstance(theirs, str):
        return bare(theirs) == bare(ours)
    return bool(theirs == ours)


def _same_name(theirs: Any, entry: RegisterEntry) -> bool:
    """Where the deal has no full name yet, its client's is enough, and the file may know more."""
    if entry.full_name:
        return theirs is not None and _words(theirs) == _words(entry.full_name)
    return theirs is None or _alike(theirs, entry.client)


def _alike(one: str, other: str) -> bool:
    """«Мария Иванова» and «Иванова Мария Петровна»: one says no more than the other."""
    first, second = _words(one), _words(other)
    return first <= second or second <= first


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.lower().replace("ё", "е")))


def _or_not(column: str, value: Any) -> str:
    gender = {"дата": "не указана", "сумма": "не указана", "скидка": "не указана", "ФИО": "не указано"}
    return gender.get(TITLES[column].split()[0], "не указан") if value is None else _shown(column, value)


def _shown(column: str, value: Any) -> str:
    match value:
        case tuple():
            return ", ".join(phone.format_phone(one) for one in value)
        case Decimal():
            return f"{money.shown(value)}\N{NO-BREAK SPACE}₽"
        case date():
            return f"{value:%d.%m.%Y}"
        case _:
            return phone.format_phone(value) if column == "phone" else f"«{value}»" if column != "number" else value
