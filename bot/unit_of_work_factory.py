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


@dataclass
class UnitOfWorkFactory:
    """Where units of work come from."""

    db: Database
    clock: Clock
    company: Company

    async def run(self, do: Callable[[UnitOfWork], T]) -> T:
        """Carry `do` out in one transaction; `now` is when the transaction begins to be asked for."""

        def transact(tx: Connection) -> T:
            return do(UnitOfWork(tx, self.clock(), self.company))

        return await self.db.run(transact)
