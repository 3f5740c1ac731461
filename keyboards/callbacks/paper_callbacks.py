"""Presses about the papers of a deal."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, PaperId


@callback("papers")
@dataclass(frozen=True, slots=True)
class ListPapers(CallbackData):
    """All papers of the deal."""

    deal: DealId


@callback("paper")
@dataclass(frozen=True, slots=True)
class OpenPaper(CallbackData):
    """One paper with its versions."""

    deal: DealId
    name: str


@callback("papermake")
@dataclass(frozen=True, slots=True)
class PreparePaper(CallbackData):
    """Make it; what is missing is asked first."""

    deal: DealId
    name: str


@callback("paperask")
@dataclass(frozen=True, slots=True)
class RemindOwner(CallbackData):
    """Remind the owner of the company's requisites."""

    deal: DealId


@callback("paperfile")
@dataclass(frozen=True, slots=True)
class SendPaperAgain(CallbackData):
    """The file once more."""

    paper: PaperId


@callback("papersent")
@dataclass(frozen=True, slots=True)
class MarkPaperSent(CallbackData):
    """The client has it."""

    paper: PaperId
