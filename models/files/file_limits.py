"""How much of files a company keeps, and how long what was removed can be put back: its owner sets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MEGABYTE = 1024 * 1024
TOLD_FROM = 90  # per cent of the company's room: the owner hears that it fills up
OVER_BELOW = 85  # and that there is enough again


@dataclass(frozen=True, slots=True)
class FileLimits:
    """`bin_days`: how long a removed file can be put back. `daily_megabytes`: how much one person may send in a day of
    the company's. `total_gigabytes`: how much room all files may take. 0 of the last two: no limit but the disk's."""

    bin_days: int = 30
    daily_megabytes: int = 1000
    total_gigabytes: int = 50

    @property
    def daily_bytes(self) -> int:
        return self.daily_megabytes * MEGABYTE

    @property
    def total_bytes(self) -> int:
        return self.total_gigabytes * 1024 * MEGABYTE

    def until(self, removed_at: datetime) -> datetime:
        """Until when a file that was removed then can be put back."""
        return removed_at + timedelta(days=self.bin_days)

    def removed_before(self, now: datetime) -> datetime:
        """What was removed at that moment, or before, can be put back no more."""
        return now - timedelta(days=self.bin_days)
