"""Presses about the papers of a deal."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, PaperId, Revision, TaskId


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


@callback("papername")
@dataclass(frozen=True, slots=True)
class ChoosePaperName(CallbackData):
    """The deal's papers carry the name of the client's card, or the deal's own. `shown` is a checksum of the name that
    the button showed: nobody chooses what he has not read. `task`: whose checklist wants the paper."""

    deal: DealId
    name: str
    is_card: bool
    shown: int
    task: TaskId | None = None


@callback("papernamed")
@dataclass(frozen=True, slots=True)
class AskPaperName(CallbackData):
    """They carry another name, which is typed."""

    deal: DealId
    name: str
    task: TaskId | None = None


@callback("paperfill")
@dataclass(frozen=True, slots=True)
class FillPaper(CallbackData):
    """Fill what the paper would leave empty, then make it."""

    deal: DealId
    name: str
    task: TaskId | None = None


@callback("papergo")
@dataclass(frozen=True, slots=True)
class ConfirmPaper(CallbackData):
    """Make it with its empty places, as they were shown at that version of the deal."""

    deal: DealId
    name: str
    seen: Revision
    task: TaskId | None = None
