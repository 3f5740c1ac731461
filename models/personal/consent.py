"""Consent to the processing of personal data: from where it came, and on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

ConsentSource = Literal["intake", "form", "hand"]
GIVEN = frozenset({"1", "true", "yes", "y", "on", "да", "согласен", "согласна", "agree", "agreed", "checked"})


@dataclass(frozen=True, slots=True)
class Consent:
    """`source`: ticked on the site (`intake`), asked in a form of the bot, noted by hand; taken back `withdrawn_on`."""

    id: int
    source: ConsentSource
    given_on: date
    withdrawn_on: date | None = None

    @property
    def holds(self) -> bool:
        return self.withdrawn_on is None


def is_given(raw: str) -> bool:
    """Whether what a site's form sends means that the box was ticked; anything else is no consent."""
    return raw.strip().lower() in GIVEN
