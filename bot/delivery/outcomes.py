"""What became of a row is written down, if need be later: a database that is away for a while costs no repeat.

A row whose outcome cannot be written stays in this bot's hands, so nobody sends it again meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from bot import log
from bot.unit_of_work_factory import UnitOfWorkFactory
from services.unit_of_work import UnitOfWork

Write = Callable[[UnitOfWork], object]
logger = log.get("bot.delivery.outcomes")


class Outcomes:
    """Writes outcomes in the order in which they became known."""

    def __init__(self, units: UnitOfWorkFactory) -> None:
        self._units = units
        self._owed: deque[Write] = deque()
        self._writing = 0

    @property
    def owed(self) -> int:
        """How many wait for the database."""
        return len(self._owed)

    @property
    def is_settled(self) -> bool:
        """Whether every outcome that is known stands in the database."""
        return not self._owed and not self._writing

    async def write(self, write: Write) -> None:
        """Write an outcome down, now or as soon as the database takes it."""
        self._owed.append(write)
        await self.catch_up()

    async def catch_up(self) -> None:
        """Write what is owed; if the database is away, it stays owed."""
        while self._owed:
            first = self._owed.popleft()
            self._writing += 1
            try:
                await self._units.run(first)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                logger.error("an outcome waits for the database", owed=len(self._owed) + 1, failure=log.describe(error))
                self._owed.appendleft(first)
                return
            except Exception as error:
                # a fault of our own: it must not keep the others from being written
                logger.error("an outcome could not be written down", exc_info=error)
            finally:
                self._writing -= 1
