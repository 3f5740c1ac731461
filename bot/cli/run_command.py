"""The bot as a process: started, kept, and stopped by a signal."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from bot import app as root
from bot import settings as conf
from bot import sqlite_lock
from bot.cli.cli_error import CliError


async def run() -> None:
    """Run the bot until it is told to stop."""
    settings = conf.load()
    if settings.bot_token is None:
        raise CliError("BOT_TOKEN: is needed to run; without one there is `verstak sandbox`")
    async with sqlite_lock.alone_on(settings.database):
        app = await root.build(settings, backups=True)
        try:
            await app.start()
            root.tune_memory()
            await until_told()
        finally:
            await app.stop()


async def until_told() -> None:
    """Wait for SIGTERM or Ctrl+C."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, told.set)
    await told.wait()
