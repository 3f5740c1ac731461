"""What is said about visits that can no longer take place as agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.notices.notice import Notice, notice


@notice("away")
@dataclass(frozen=True, slots=True)
class VisitImpossible(Notice):
    """Whoever was to come cannot: leave, illness, other hours, or he has left (`why`, `first_on`–`last_on`)."""

    name: str
    person: int
    booking: int
    field: str
    starts_at: datetime
    why: str | None = None
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class VisitReport(Notice):
    """Whoever is to come says something of his visit: `name` is he, `visit` its name in the process, `field` the one
    that says when, `text` his words.

    `above`: the reader stands above, the deal is not his to move.
    """

    name: str
    visit: str
    field: str
    starts_at: datetime
    text: str
    above: bool = False


@notice("cannot_come")
@dataclass(frozen=True, slots=True)
class CannotCome(VisitReport):
    """He cannot come; `text` is why."""


@notice("comes_late")
@dataclass(frozen=True, slots=True)
class ComesLate(VisitReport):
    """He will be late; `text` is by how much, in his words."""


@notice("visit_given")
@dataclass(frozen=True, slots=True)
class VisitHandedOn(Notice):
    """Somebody else comes at the time that was agreed (`name`): whoever was asked to move the visit need not."""

    name: str
    person: int
    booking: int
    visit: str
    starts_at: datetime


@notice("visit_early")
@dataclass(frozen=True, slots=True)
class VisitWithoutTask(Notice):
    """A visit (`title`) is near, and whoever comes (`name`) has no task: the deal does not stand where it is given."""

    name: str
    person: int
    booking: int
    title: str
    visit: str
    starts_at: datetime


@notice("client_waits")
@dataclass(frozen=True, slots=True)
class ClientCallWanted(Notice):
    """The deal is deleted, and its client has been told that somebody comes: whom to call, and of what."""

    client: str
    phone: str
    starts_at: datetime
