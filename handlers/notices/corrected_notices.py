"""A message that was sent and is to say something else in its place."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.screen import Screen


@dataclass(frozen=True, slots=True)
class CorrectedNotice:
    """A message that a person has, and what it is to say now."""

    person: int
    chat_id: int
    message_id: int
    screen: Screen
