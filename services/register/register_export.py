"""«Учёт клиентов» as a table for spreadsheets (M-5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.sheet import Column, Sheet
from models.values.phone import format_phone
from services import sheet_export
from services.register import register_entries
from services.register.register_entries import RegisterEntry
from services.report_registry import report
from services.unit_of_work import UnitOfWork

COLUMNS: tuple[Column[RegisterEntry], ...] = (
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


def sheet(title: str, found: Iterable[RegisterEntry]) -> Sheet[RegisterEntry]:
    """Entries as a table of that title."""
    return Sheet(title, COLUMNS, tuple(found))


def as_csv(found: Iterable[RegisterEntry]) -> bytes:
    """Entries as .csv."""
    return sheet_export.as_csv(COLUMNS, found)


@report(
    "ledger",
    rows="entries",
    empty="no process that is switched on keeps a client ledger (see `ledger` in a process file)",
)
def whole(work: UnitOfWork) -> list[Sheet[Any]]:
    """Every entry, a sheet for each business."""
    return [sheet(one.title, register_entries.every(work, one)) for one in register_entries.kept(work)]
