"""What was told of the database, noted in a file of the data folder, because the database cannot keep it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot import log
from bot.database_state import DatabaseTrouble
from bot.settings import Settings
from bot.troubles import alarms
from bot.troubles.alarms import AlarmNotSent
from keyboards import translator
from keyboards import troubles as words
from models.troubles import TroubleKind

NOTE = "database-trouble.json"
logger = log.get("bot.troubles.database_note")


def read(data_dir: Path) -> DatabaseTrouble | None:
    """What was told and is not over yet; None if nothing was, or if the note cannot be read."""
    try:
        told = json.loads((data_dir / NOTE).read_text("utf-8"))
        return DatabaseTrouble(TroubleKind(told["kind"]), str(told["why"]), datetime.fromisoformat(told["since"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:  # cut off by a full disk
        logger.warning("what was told cannot be read", failure=log.describe(error))
        remove(data_dir)
        return None


def remove(data_dir: Path) -> None:
    """It is over."""
    (data_dir / NOTE).unlink(missing_ok=True)


async def tell_spoilt(settings: Settings) -> None:
    """The bot does not start because its database is damaged: that is told by SMS and e-mail, once."""
    if (settings.data_dir / NOTE).exists():
        return
    t = translator.translator(settings.default_locale, settings.zone)
    kind, now = TroubleKind.DATABASE_SPOILT, datetime.now(UTC)
    async with aiohttp.ClientSession(trust_env=False) as http:
        channels = alarms.channels_of(settings, lambda: http)
        try:
            await alarms.send(channels, f"{kind.value}-{now:%Y%m%d%H%M}", words.plain(kind, "", {}, t))
        except AlarmNotSent as error:
            logger.warning("a trouble could not be told", trouble=kind.value, failure=log.describe(error))
            return
    if channels:
        leave(settings.data_dir, DatabaseTrouble(kind, "", now))


def leave(data_dir: Path, found: DatabaseTrouble) -> bool:
    """Note in a file what was told of the database: its end is told, and it is not told again at every start."""
    said = json.dumps({"kind": found.kind.value, "why": found.why, "since": found.since.isoformat()})
    try:
        (data_dir / NOTE).write_text(said, "utf-8")
    except OSError as error:  # the disk is full: then a restart tells it once more
        logger.warning("what was told cannot be noted", failure=log.describe(error))
        return False
    return True
