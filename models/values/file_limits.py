"""How long what was removed can be put back: the company's owner sets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class FileLimits:
    """`bin_days`: how long a removed file can be put back."""

    bin_days: int = 30

    def until(self, removed_at: datetime) -> datetime:
        """Until when a file that was removed then can be put back."""
        return removed_at + timedelta(days=self.bin_days)

    def removed_before(self, now: datetime) -> datetime:
        """What was removed at that moment, or before, can be put back no more."""
        return now - timedelta(days=self.bin_days)
