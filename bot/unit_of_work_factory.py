"""Units of work for what happens by itself: a transaction, now, and the company; nobody acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from bot.database import Database
from scheduler.clock import Clock
from services.unit_of_work import Company, UnitOfWork

T = TypeVar("T")


class CommitBell:
    """Rung when a commit has left something that is due at once; whoever carries it out listens."""

    def __init__(self) -> None:
        self._listener: Callable[[], None] | None = None

    def listen(self, listener: Callable[[], None]) -> None:
        """From now on the listener hears it, in the event loop."""
        self._listener = listener

    def ring(self) -> None:
        """Something is due."""
        if self._listener is not None:
            self._listener()


@dataclass
class UnitOfWorkFactory:
    """Where units of work come from; `bell` rings when one has left something that is due at once."""

    db: Database
    clock: Clock
    company: Company
    bell: CommitBell | None = None

    async def run(self, do: Callable[[UnitOfWork], T]) -> T:
        """Carry `do` out in one transaction; `now` is when the transaction begins to be asked for."""

        wakes = False

        def transact(tx: Connection) -> T:
            nonlocal wakes
            work = UnitOfWork(tx, self.clock(), self.company)
            result = do(work)
            wakes = work.wakes
            return result

        result = await self.db.run(transact)
        if wakes and self.bell is not None:
            self.bell.ring()
        return result
