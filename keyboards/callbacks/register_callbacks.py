"""Presses of «Учёт клиентов»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId


@callback("ledger")
@dataclass(frozen=True, slots=True)
class OpenRegister(CallbackData):
    """The statuses, with how many entries have each."""

    process: str


@callback("ledger_of")
@dataclass(frozen=True, slots=True)
class ListEntries(CallbackData):
    """Entries with one status, by its place among all; None: whatever the status. `after`: those that
    follow that deal."""

    process: str
    place: int | None
    after: int | None = None


@callback("ledger_one")
@dataclass(frozen=True, slots=True)
class OpenEntry(CallbackData):
    """One entry."""

    deal: DealId


@callback("ledger_st")
@dataclass(frozen=True, slots=True)
class ChangeStatus(CallbackData):
    """Its status, which follows the deal's stage."""

    deal: DealId


@callback("ledger_ask")
@dataclass(frozen=True, slots=True)
class AskStatusChange(CallbackData):
    """The supervisor is asked to change it."""

    deal: DealId


@callback("ledger_file")
@dataclass(frozen=True, slots=True)
class ExportRegister(CallbackData):
    """All entries as a file."""

    process: str
    ending: Literal["xlsx", "csv"]
