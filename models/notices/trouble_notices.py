"""What people are told of the bot's own troubles: the owner of each, everybody of presses that are lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from models.notices.notice import Notice, notice
from models.troubles import Details, TroubleKind


@dataclass(frozen=True, slots=True)
class TroubleTold(Notice):
    """About one trouble, since when it lasts."""

    trouble: TroubleKind
    began_at: datetime
    about: str = ""
    details: Details = field(default_factory=dict)


@notice("trouble")
@dataclass(frozen=True, slots=True)
class TroubleBegan(TroubleTold):
    """It has begun."""


@notice("trouble_over")
@dataclass(frozen=True, slots=True)
class TroubleOver(TroubleTold):
    """It was over at `ended_at`. (A default, because the fields before have them; it is always given.)"""

    ended_at: datetime | None = None


@notice("update_gap")
@dataclass(frozen=True, slots=True)
class UpdateGap(Notice):
    """The bot was deaf for longer than Telegram keeps updates: from `since` until it heard again at `heard_at`."""

    since: datetime
    heard_at: datetime
