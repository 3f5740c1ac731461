"""Troubles of the bot itself that a person has to hear of: what each is, and whether the bot can still speak in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

Details = Mapping[str, str | int]
KEPT_BY_TELEGRAM = timedelta(hours=24)  # updates that nobody asks for are thrown away after that


class TroubleKind(StrEnum):
    """What is wrong. The words are for ever: rows and messages of older versions hold them."""

    SECOND_BOT = "second_bot"  # somebody else asks Telegram with our token (409)
    TOKEN_REVOKED = "token_revoked"  # Telegram does not know our token any more (401)
    TELEGRAM_AWAY = "telegram_away"
    MESSAGE_LOST = "message_lost"  # refused, or nobody knows whether it arrived
    DISK_LOW = "disk_low"
    FILES_FULL = "files_full"  # of the room that the owner gives the company's files little is left
    DATABASE_AWAY = "database_away"  # full, locked by somebody else, or out of reach
    DATABASE_SPOILT = "database_spoilt"
    BACKUP_FAILED = "backup_failed"
    CLOCK_WRONG = "clock_wrong"
    UPDATE_QUARANTINED = "update_quarantined"


# while one of these lasts nothing that the bot sends arrives
MUTE = frozenset({TroubleKind.TOKEN_REVOKED, TroubleKind.TELEGRAM_AWAY})
# told at once, whatever the hour: until somebody acts, nobody is served as he should be
URGENT = MUTE | {TroubleKind.SECOND_BOT, TroubleKind.DATABASE_AWAY, TroubleKind.DATABASE_SPOILT}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble. `about` tells several of a kind apart (the number of an update, `database` of two clocks); `details`
    are what its words need; it lasts while `ended_at` is None."""

    id: int
    kind: TroubleKind
    about: str
    began_at: datetime
    ended_at: datetime | None = None
    details: Details = field(default_factory=dict)
