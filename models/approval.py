"""An approval that holds: who gave it, when, and of which fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """`by` is a name, empty if a robot has given it; `of` are the fields that it covers."""

    by: str
    at: datetime
    of: tuple[str, ...]
