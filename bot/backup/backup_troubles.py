"""A backup that failed reaches a person, and that all is well again too."""

from __future__ import annotations

from bot import log
from services.unit_of_work import UnitOfWork

NOT_MADE, NOT_SENT = "", "chat"  # what a trouble is about
logger = log.get("bot.backup.backup_troubles")


def begin(work: UnitOfWork, about: str, reason: str) -> None:
    """It failed; told once."""
    logger.error("backup failed", about=about, failure=reason)


def end(work: UnitOfWork, about: str) -> None:
    """It is well; told if it was not."""
