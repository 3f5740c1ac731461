"""How much one person may ask for at once, and how fast it comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from scheduler.clock import Clock

MANY = 10_000  # people remembered at the same time


class TokenBucket:
    """`most` at once for everybody, and one more after every `refill`."""

    def __init__(self, most: int, refill: timedelta, clock: Clock) -> None:
        self._span, self._refill, self._clock = most * refill, refill, clock
        self._full_at: dict[int, datetime] = {}  # when everything that somebody has spent will have come back

    def take(self, who: int) -> bool:
        """Spend one; False if nothing is left."""
        now = self._clock()
        full_at = self._full_at.get(who, now)
        if not now <= full_at <= now + self._span:  # long ago, or the clock was set back
            full_at = now
        if full_at + self._refill > now + self._span:
            return False
        if len(self._full_at) >= MANY and who not in self._full_at:
            self._forget(now)
        self._full_at[who] = full_at + self._refill
        return True

    def _forget(self, now: datetime) -> None:
        self._full_at = {key: at for key, at in self._full_at.items() if now < at <= now + self._span}
        while len(self._full_at) >= MANY:  # so many at once: the first ones begin anew
            del self._full_at[next(iter(self._full_at))]
