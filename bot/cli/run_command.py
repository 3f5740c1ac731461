"""The bot as a process: started, kept, and stopped by a signal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading

from bot import app as root
from bot import selfcheck, sqlite_lock, start_words
from bot import settings as conf
from bot.app import App
from bot.cli.cli_error import CliError
from bot.selfcheck import StartRefused
from bot.settings import Settings
from bot.troubles import database_note

LONGEST_STOP = 9.5  # seconds


async def run() -> None:
    """Run the bot until it is told to stop."""
    settings = conf.load()
    if settings.bot_token is None:
        raise CliError("BOT_TOKEN: is needed to run; without one there is `verstak sandbox`")
    if weak := selfcheck.weak_secrets(settings):
        raise StartRefused(weak)
    async with sqlite_lock.alone_on(settings.database):
        app = await _build(settings)
        try:
            await app.start()
            root.tune_memory()
            await until_told()
        finally:
            end_surely()
            await app.stop()


async def _build(settings: Settings) -> App:
    try:
        return await root.build(settings, backups=True)
    except StartRefused as refused:
        if start_words.SPOILT in refused.problems:
            await database_note.tell_spoilt(settings)
        raise


def end_surely() -> None:
    """End the process within ten seconds of being told to stop, whatever hangs: that loses no more than a crash,
    which is nothing."""
    last = threading.Timer(LONGEST_STOP, os._exit, (0,))
    last.daemon = True
    last.start()


async def until_told() -> None:
    """Wait for SIGTERM or Ctrl+C."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, told.set)
    await told.wait()
