"""How long what is kept, in days; after that it goes by itself, at night."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    """`updates`: what came in from Telegram, as it came. `messages`: the texts of what was sent, SMS too. `drafts`:
    forms that nobody went on with. `deleted`: deals taken away, with their files. `leads`: closed ones of which no deal
    came."""

    updates: int = 7
    messages: int = 90
    drafts: int = 30
    deleted: int = 30
    leads: int = 1096
