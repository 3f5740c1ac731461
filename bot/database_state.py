"""Whether the database can be used just now, as the transactions themselves have met it.

A failure counts until a write has succeeded: with a full disk reads go on succeeding.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import database_faults
from bot.database_faults import AWAY
from models.troubles import TroubleKind

STALLED = 3.0  # seconds in which none of those that run has ended


@dataclass(frozen=True, slots=True)
class DatabaseTrouble:
    """What ails it, why, and since when."""

    kind: TroubleKind
    why: str
    since: datetime


class DatabaseState:
    """Kept by the database, read by whoever has to answer for it."""

    def __init__(self) -> None:
        self._running = 0
        self._moved_at = 0.0  # when one began with none running, or ended
        self._failed: DatabaseTrouble | None = None

    def began(self) -> None:
        """A transaction is asked for."""
        if not self._running:
            self._moved_at = time.monotonic()
        self._running += 1

    def ended(self) -> None:
        """It has ended, well or not."""
        self._running -= 1
        self._moved_at = time.monotonic()

    def failed(self, error: BaseException) -> None:
        """A transaction met a trouble of the database; any other error is none of ours."""
        kind = database_faults.kind_of(error)
        if kind is None:
            return
        if self._failed is not None and self._failed.kind is TroubleKind.DATABASE_SPOILT:
            return  # whatever else it meets, it is no better for it
        why = database_faults.why_away(error) or ""
        if self._failed is None or kind is not self._failed.kind:
            self._failed = DatabaseTrouble(kind, why, datetime.now(UTC))
        elif why != self._failed.why:
            self._failed = DatabaseTrouble(kind, why, self._failed.since)

    def wrote(self) -> None:
        """A write has been committed: it can be used again. What is damaged stays so."""
        if self._failed is not None and self._failed.kind is not TroubleKind.DATABASE_SPOILT:
            self._failed = None

    @property
    def is_silent(self) -> bool:
        """Whether it answers nothing at all, reads neither."""
        return self._running > 0 and time.monotonic() - self._moved_at > STALLED

    @property
    def trouble(self) -> DatabaseTrouble | None:
        """What ails it now; None while it can be used."""
        if self._failed is not None:
            return self._failed
        if self.is_silent:
            silent = time.monotonic() - self._moved_at
            since = datetime.fromtimestamp(time.time() - silent, UTC)
            return DatabaseTrouble(TroubleKind.DATABASE_AWAY, AWAY, since)
        return None
