"""Where parts of the running bot report troubles: each as often as it notices; the database hears of changes only."""

from __future__ import annotations

from bot import log
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.troubles import TroubleKind
from services.operation import troubles

logger = log.get("bot.troubles.trouble_reporter")


class TroubleReporter:
    """Remembers what is known to last, so that a report that is no news costs nothing.

    A report that cannot be written is logged and counts as not made: the next one is tried again.
    """

    def __init__(self, units: UnitOfWorkFactory) -> None:
        self._units = units
        self._lasts: dict[tuple[TroubleKind, str], bool] = {}

    async def begin(self, kind: TroubleKind, about: str = "", **data: str | int) -> bool:
        """See `services.operation.troubles.begin`."""
        if self._lasts.get((kind, about)) is True:
            return False
        try:
            is_new = await self._units.run(lambda work: troubles.begin(work, kind, about, **data))
        except Exception as error:
            logger.error("a trouble cannot be written down", trouble=kind.value, about=about, exc_info=error)
            return False
        self._lasts[kind, about] = True
        return is_new

    async def end(self, kind: TroubleKind, about: str = "") -> bool:
        """See `services.operation.troubles.end`."""
        if self._lasts.get((kind, about)) is False:
            return False
        try:
            was = await self._units.run(lambda work: troubles.end(work, kind, about))
        except Exception as error:
            logger.error("the end of a trouble cannot be written down", trouble=kind.value, exc_info=error)
            return False
        self._lasts[kind, about] = False
        return was

    @property
    def lasting(self) -> set[tuple[TroubleKind, str]]:
        """What is known to last: of which kind, and about what."""
        return {key for key, lasts in self._lasts.items() if lasts}

    async def refresh(self) -> None:
        """Learn what lasts: another replica, or the command line, may have begun or ended some."""
        lasting = {(one.kind, one.about) for one in await self._units.db.run(troubles.open_now)}
        self._lasts = {key: key in lasting for key in self._lasts} | dict.fromkeys(lasting, True)
