"""A bot that ends of itself at a chosen point: before or after a commit, before or after a call of Telegram's."""

from __future__ import annotations

import os
from itertools import count
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from bot.telegram_client import TelegramClient

CRASHED = 86  # the exit status of who has ended so


def arm(at: int) -> None:
    """End this process, as SIGKILL would, at the so-manieth point that it comes to, counted from 1."""
    passed = count(1)

    def point() -> None:
        if next(passed) == at:
            os._exit(CRASHED)

    commit, post = DefaultDialect.do_commit, TelegramClient._post

    def counted_commit(self: DefaultDialect, connection: Any) -> None:
        point()
        commit(self, connection)
        point()

    async def counted_post(self: TelegramClient, *given: Any) -> Any:
        point()
        try:
            return await post(self, *given)
        finally:
            point()

    DefaultDialect.do_commit = counted_commit  # type: ignore[method-assign]
    TelegramClient._post = counted_post  # type: ignore[method-assign]
