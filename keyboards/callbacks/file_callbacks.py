"""Presses about files: a deal's folder, and files that came without a question. `token` names such a batch."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, FileId, ItemId, TaskId


@callback("files")
@dataclass(frozen=True, slots=True)
class ListFiles(CallbackData):
    """The deal's folder, page by page."""

    deal: DealId
    page: int | None = None


@callback("file")
@dataclass(frozen=True, slots=True)
class SendFile(CallbackData):
    """The file itself."""

    file: FileId


@callback("tfile")
@dataclass(frozen=True, slots=True)
class SendTaskFile(CallbackData):
    """A file that a task shows."""

    task: TaskId
    file: FileId


@callback("photos")
@dataclass(frozen=True, slots=True)
class SendPhotos(CallbackData):
    """All photos of the deal."""

    deal: DealId


@callback("ffind")
@dataclass(frozen=True, slots=True)
class AskFileSearch(CallbackData):
    """What is the file called?"""

    deal: DealId


@callback("fmove")
@dataclass(frozen=True, slots=True)
class ChooseFolder(CallbackData):
    """Where in the deal does it belong?"""

    file: FileId


@callback("fput")
@dataclass(frozen=True, slots=True)
class MoveFile(CallbackData):
    """Into the folder of that field; None: of no field."""

    file: FileId
    field: str | None


@callback("fdel")
@dataclass(frozen=True, slots=True)
class AskFileRemoval(CallbackData):
    """Is it really to go?"""

    file: FileId


@callback("fdel_yes")
@dataclass(frozen=True, slots=True)
class RemoveFile(CallbackData):
    """Out of the folder."""

    file: FileId


@callback("bin")
@dataclass(frozen=True, slots=True)
class ListBin(CallbackData):
    """What was removed from the deal's folder, page by page."""

    deal: DealId
    page: int | None = None


@callback("fback")
@dataclass(frozen=True, slots=True)
class RestoreFile(CallbackData):
    """Out of the bin, back into the folder."""

    file: FileId


@callback("put")
@dataclass(frozen=True, slots=True)
class PutUpload(CallbackData):
    """The waiting files go into that deal."""

    deal: DealId
    token: str


@callback("lead_of")
@dataclass(frozen=True, slots=True)
class BeginLeadOfUpload(CallbackData):
    """A new lead begins with what was sent."""

    token: str


@callback("notthere")
@dataclass(frozen=True, slots=True)
class CorrectUpload(CallbackData):
    """They went into the wrong deal."""

    token: str


@callback("putno")
@dataclass(frozen=True, slots=True)
class DropUpload(CallbackData):
    """They were sent by mistake."""

    token: str


@callback("tickfiles")
@dataclass(frozen=True, slots=True)
class TickWithFiles(CallbackData):
    """What has come, and nothing else of its folder, is what that line of the checklist wants."""

    task: TaskId
    item: ItemId
    token: str
