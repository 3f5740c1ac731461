"""A backup that failed reaches a person, and that all is well again too."""

from __future__ import annotations

from models.troubles import TroubleKind
from services.operation import troubles
from services.unit_of_work import UnitOfWork

NOT_MADE, NOT_SENT, TOO_BIG = "", "chat", "size"  # what a trouble is about; its words are in `keyboards.troubles`


def begin(work: UnitOfWork, about: str, **data: str | int) -> None:
    """It failed; told once, with a `reason`, or the `megabytes` that are too many."""
    troubles.begin(work, TroubleKind.BACKUP_FAILED, about, **data)


def end(work: UnitOfWork, about: str) -> None:
    """It is well; told if it was not."""
    troubles.end(work, TroubleKind.BACKUP_FAILED, about)
