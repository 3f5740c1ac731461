"""Presses about changes that somebody above is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId


@callback("ask_above")
@dataclass(frozen=True, slots=True)
class AskAbove(CallbackData):
    """Ask somebody above to fill in a field that only he may."""

    deal: DealId
    field: str
