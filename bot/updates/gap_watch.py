"""Whether the bot hears Telegram's updates: looked at all the time, written down now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import database_faults, log
from bot.unit_of_work_factory import UnitOfWorkFactory
from services.operation import update_gaps

EVERY = 1.0  # seconds between two looks
WRITTEN = timedelta(minutes=10)  # so much earlier a gap may seem to begin
logger = log.get("bot.updates.gap_watch")


class GapWatch:
    """Notices when the bot hears again. `hears`: whether what people press now would come to it."""

    def __init__(self, units: UnitOfWorkFactory, hears: Callable[[], bool]) -> None:
        self._units, self._hears = units, hears
        self._heard = False  # at the last look that could be written down
        self._written_at: datetime | None = None

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            try:
                await self.look()
            except Exception as error:
                if not database_faults.is_surely_away(error):
                    raise
                logger.info("that updates are heard cannot be written down", failure=log.describe(error))
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """One look; writes at the first that hears, then every ten minutes, also when the clock was set."""
        if not self._hears():
            self._heard = False
            return
        now, before = self._units.clock(), self._written_at
        if not self._heard:
            told = await self._units.run(update_gaps.hears_again)
            if told:
                logger.warning("updates may be missing", told=told, alert=True)
        elif before is not None and abs(now - before) < WRITTEN:
            return
        else:
            await self._units.run(update_gaps.hears)
        self._heard, self._written_at = True, now
