"""What the owner hears of messages that did not arrive, and of times in which nothing could be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.outbox import Scheduled
from models.troubles import TroubleKind
from services.operation import troubles
from services.people import employees
from services.unit_of_work import UnitOfWork

WORTH_TELLING = timedelta(seconds=60)  # a shorter outage is nobody's trouble


def lost(work: UnitOfWork, rows: Sequence[Scheduled], why: str) -> None:
    """Messages were given up: the owner hears to whom they were. Of a message about a trouble none is told: it would be
    given up for the same reason."""
    for row in rows:
        if row.rule == troubles.RULE:
            continue
        reader = employees.find_working(work, row.employee_id)
        unsure = "unsure" if row.tries and row.failures < 1 else "refused"
        told = {"name": reader.name, "why": unsure} if reader is not None else {}
        troubles.happened(work, TroubleKind.MESSAGE_LOST, str(row.id), **told)


def away(work: UnitOfWork, since: datetime) -> None:
    """Telegram has not been reached since then."""
    troubles.begun(work, TroubleKind.TELEGRAM_AWAY, "", since)


def back(work: UnitOfWork, began: datetime | None, over: datetime) -> None:
    """Telegram is reached again; `began` is None if only an earlier run of the bot may know of an outage."""
    if troubles.end(work, TroubleKind.TELEGRAM_AWAY) or began is None or over - began < WORTH_TELLING:
        return
    troubles.record(work, TroubleKind.TELEGRAM_AWAY, "", began)
