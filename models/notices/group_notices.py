"""What is said about groups and channels of Telegram."""

from __future__ import annotations

from dataclasses import dataclass

from models.notices.notice import Notice, notice


@notice("group_left")
@dataclass(frozen=True, slots=True)
class GroupLeft(Notice):
    """Somebody has put the bot into a group or a channel (`is_channel`), and it has gone out again. `title` and `by`
    are what people wrote, or empty where Telegram does not tell."""

    title: str
    by: str = ""
    is_channel: bool = False
