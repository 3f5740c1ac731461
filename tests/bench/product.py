"""Verstak as it is started in production, without its bell: what a move makes the bot say later is counted apart."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import uvloop

from bot import app as root
from bot import log
from bot.delivery.rate_limits import RateLimits
from bot.settings import Settings
from scheduler.clock import utc_now
from scheduler.ticks import Ticks

ROOMY = RateLimits(
    overall=1_000_000, per_chat=1_000_000.0, burst=1_000_000
)  # the books of the pace are kept all the same


class SteppedClock:
    """The clock, an hour further with each SIGUSR1."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self._ahead

    def step(self) -> None:
        """An hour has passed."""
        self._ahead += timedelta(hours=1)


async def _nothing() -> None:
    return


async def main(
    url: str, token: str, database: str, folder: Path, *, bell: bool, paced: bool, stepped: bool
) -> None:  # fmt: skip
    """Serve until terminated; `paced` keeps Telegram's pace as in production, `stepped` lets the clock be moved."""
    log.configure()
    settings = Settings(
        _env_file=None,
        bot_token=token, bot_api_url=url, database_url=database, data_dir=folder, http_port=0,
    )  # fmt: skip
    clock = SteppedClock()
    app = await root.build(settings, limits=RateLimits() if paced else ROOMY, clock=clock if stepped else None)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if not bell:
        app.ticks = Ticks(_nothing)
    await app.start()
    if stepped:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, lambda: (clock.step(), app.ticks.wake()))
    root.tune_memory()
    await stop.wait()
    await app.stop()


if __name__ == "__main__":
    url, token, database, folder, *more = sys.argv[1:]
    how = {name: name in more for name in ("bell", "paced", "stepped")}
    uvloop.run(main(url, token, database, Path(folder), **how))
