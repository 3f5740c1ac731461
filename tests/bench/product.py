"""Verstak as it is started in production, without its bell: what a move makes the bot say later is counted apart."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import uvloop

from bot import app as root
from bot import log
from bot.delivery.rate_limits import RateLimits
from bot.settings import Settings
from scheduler.ticks import Ticks

ROOMY = RateLimits(
    overall=1_000_000, per_chat=1_000_000.0, burst=1_000_000
)  # the books of the pace are kept all the same


async def _nothing() -> None:
    return


async def main(url: str, token: str, database: str, folder: Path, *, bell: bool, paced: bool) -> None:
    """Serve until terminated; `paced` keeps Telegram's pace as the bot in production does."""
    log.configure()
    settings = Settings(
        _env_file=None,
        bot_token=token, bot_api_url=url, database_url=database, data_dir=folder, http_port=0,
    )  # fmt: skip
    app = await root.build(settings, limits=RateLimits() if paced else ROOMY)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if not bell:
        app.ticks = Ticks(_nothing)
    await app.start()
    root.tune_memory()
    await stop.wait()
    await app.stop()


if __name__ == "__main__":
    url, token, database, folder, *more = sys.argv[1:]
    uvloop.run(main(url, token, database, Path(folder), bell="bell" in more, paced="paced" in more))
