"""Backups that are made by themselves, night by night, and the keys with which they are encrypted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.record import Record
from models.tables.backups import BackupColumns, BackupKeyColumns

KEY_OUTLIVES = timedelta(days=30)  # how long after its month's end the bot still knows a key


class BackupState(StrEnum):
    """How far a night's backup has come."""

    RUNNING = "running"
    MADE = "made"
    FAILED = "failed"


class NightBackup(Record, BackupColumns):
    """A night's backup."""

    @property
    def is_sent(self) -> bool:
        """Whether all of it is in the owner's chat, or nothing is to go there."""
        return self.sent >= self.parts


class BackupKey(Record, BackupKeyColumns):
    """A month's key; `secret` is None once it is forgotten."""

    @property
    def mark(self) -> str:
        """By what a person tells it from another key of the same month."""
        return self.recipient[-4:]

    def __repr__(self) -> str:
        return f"BackupKey({self.id}, {self.month}, …{self.mark})"


def due_night(now: datetime, zone: ZoneInfo, hour: int) -> date | None:
    """The night whose backup is to be there by now; None until that hour of the company's day has come."""
    local = now.astimezone(zone)
    return local.date() if local.hour >= hour else None


def month_of(night: date) -> date:
    """Its month, as the first day of it."""
    return night.replace(day=1)


def forgotten_at(month: date) -> datetime:
    """When the bot forgets the key of a month: 30 days after its end."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return datetime(following.year, following.month, following.day, tzinfo=UTC) + KEY_OUTLIVES
