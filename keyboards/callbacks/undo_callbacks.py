"""Taking back."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import UndoId


@callback("undo")
@dataclass(frozen=True, slots=True)
class TakeBack(CallbackData):
    """As it was before."""

    undo: UndoId
