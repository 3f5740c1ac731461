"""What is said about backups and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.notices.notice import Notice, notice


@notice("backup_key")
@dataclass(frozen=True, slots=True)
class BackupKeyGiven(Notice):
    """The owner is to keep the key of a month (its first day) outside of this machine; `mark` tells it from others."""

    key: int
    month: date
    mark: str
