"""What the owner hears of messages that did not arrive, and of times in which nothing could be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.outbox import Scheduled
from services.unit_of_work import UnitOfWork


def lost(work: UnitOfWork, rows: Sequence[Scheduled], why: str) -> None:
    """Messages were given up."""


def away(work: UnitOfWork, since: datetime) -> None:
    """Telegram has not been reached since then."""


def back(work: UnitOfWork, began: datetime, over: datetime) -> None:
    """Telegram is reached again."""
