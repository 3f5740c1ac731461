"""Whom of others' clients a person may look at, and how many of them in a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.entities import Client, Employee

SENSIBLE = 100  # of others' clients that a manager may look at in a day, unless the owner says otherwise
CHOICES: tuple[int | None, ...] = (30, SENSIBLE, 300, None)


@dataclass(frozen=True, slots=True)
class ListRules:
    """What the owner has chosen: `own_only`: managers see the clients of their own deals and free ones only; `most` of
    others' clients a day, None: as many as they like."""

    own_only: bool = False
    most: int | None = SENSIBLE


def choices(rules: ListRules) -> tuple[int | None, ...]:
    """The limits that are offered."""
    return CHOICES if rules.most in CHOICES else (rules.most, *CHOICES)


@dataclass(frozen=True, slots=True)
class LiftedLimit:
    """For whom the limit is lifted; `day`: on that day only."""

    person: Employee
    day: date | None


@dataclass(frozen=True, slots=True)
class ShownClients:
    """Those of the asked clients who may be shown. `hidden` are led by colleagues where that hides them (`led_by`,
    their names), `past` would be more than the day's `most`."""

    clients: tuple[Client, ...]
    hidden: int = 0
    led_by: tuple[str, ...] = ()
    past: int = 0
    most: int = 0

    def has(self, one: Client) -> bool:
        """Whether this one may be shown."""
        return any(other.id == one.id for other in self.clients)
