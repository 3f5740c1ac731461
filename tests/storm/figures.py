"""What a storm has shown, figure by figure, with the bar of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

READY, FIRST, STOPPED = 15.0, 5.0, 10.0  # seconds, at most


@dataclass
class Figures:
    """Of one database. Seconds where a name says so; lists hold one number per life."""

    seed: int = 0
    minutes: float = 0.0
    kills: int = 0
    stops: int = 0  # SIGTERM
    updates: int = 0
    updates_lost: int = 0
    quarantined: int = 0
    moves: int = 0
    moves_lost: int = 0
    moves_doubled: int = 0
    payments: int = 0
    payments_lost: int = 0
    payments_doubled: int = 0
    leads: int = 0
    leads_lost: int = 0
    leads_doubled: int = 0
    half_done: int = 0
    reminders: int = 0
    reminders_lost: int = 0
    inversions: int = 0
    words: int = 0
    unanswered: int = 0
    outdated_screens: int = 0
    unmarked_repeats: int = 0
    marked_repeats: int = 0
    marked_needlessly: int = 0
    under_way_at_kills: int = 0
    more_than_one_a_person: int = 0
    more_than_under_way: int = 0
    died_by_itself: int = 0
    ready_seconds: list[float] = field(default_factory=list)
    first_seconds: list[float] = field(default_factory=list)
    stop_seconds: list[float] = field(default_factory=list)
    waited_in_vain: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def broken(self) -> list[str]:
        """The promises that did not hold, in words."""
        said = [f"{name.replace('_', ' ')}: {getattr(self, name)}" for name in ZERO if getattr(self, name)]
        bars = (("ready_seconds", READY), ("first_seconds", FIRST), ("stop_seconds", STOPPED))
        for name, most in bars:
            if over := [one for one in getattr(self, name) if one > most]:
                said.append(f"{name.replace('_', ' ')}: {len(over)} over {most:g} s, worst {max(over):.1f}")
        if self.reminders and not self.first_seconds:
            said.append("no reminder waited at any start: nothing was measured")
        return said

    def lines(self) -> list[str]:
        """For a person."""
        found = []
        for one in fields(self):
            value: Any = getattr(self, one.name)
            if one.name in ("waited_in_vain", "examples"):
                continue
            shown = _spread(value) if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else value
            found.append(f"{one.name.replace('_', ' '):24} {shown}{'   (bar 0)' if one.name in ZERO else ''}")
        return [*found, *self.waited_in_vain, *self.examples]

    def to_data(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)


ZERO = (
    "updates_lost", "quarantined", "moves_lost", "moves_doubled", "payments_lost", "payments_doubled", "leads_lost",
    "leads_doubled", "half_done", "reminders_lost", "inversions", "unanswered", "outdated_screens", "unmarked_repeats",
    "more_than_one_a_person", "more_than_under_way", "died_by_itself",
)  # fmt: skip


def _spread(values: list[float]) -> str:
    if not values:
        return "none"
    ordered = sorted(values)
    return f"n {len(ordered)}, median {ordered[len(ordered) // 2]:.2f}, worst {ordered[-1]:.2f}"
