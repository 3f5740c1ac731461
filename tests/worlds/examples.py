"""How many examples a property is tried with: a part of them every day, all in the long form (`make properties`)."""

from __future__ import annotations

import os

EVERY_DAY = 4  # one of so many


def of(number: int) -> int:
    """So many examples, or the everyday part of them."""
    return number if os.environ.get("PROPERTIES") else max(number // EVERY_DAY, 1)
