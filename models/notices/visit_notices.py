"""What is said about visits that can no longer take place as agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.notices.notice import Notice, notice
from models.values.product_text import ProductText


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

    `above`: the reader stands above, the deal is not his to move. `person` and `booking` are he and the visit; 0 where
    it was said before they were kept.
    """

    name: str
    visit: str
    field: str
    starts_at: datetime
    text: str
    above: bool = False
    person: int = 0
    booking: int = 0


@notice("cannot_come")
@dataclass(frozen=True, slots=True)
class CannotCome(VisitReport):
    """He cannot come; `text` is why."""


@notice("comes_late")
@dataclass(frozen=True, slots=True)
class ComesLate(VisitReport):
    """He will be late; `text` is by how much, in his words."""


@dataclass(frozen=True, slots=True)
class VisitOfPerson(Notice):
    """Who comes (`name`), and when; `visit` is its name in the process."""

    name: str
    person: int
    booking: int
    visit: str
    starts_at: datetime


@notice("visit_given")
@dataclass(frozen=True, slots=True)
class VisitHandedOn(VisitOfPerson):
    """Somebody else comes at the time that was agreed: whoever was asked to move the visit need not."""


@notice("visit_early")
@dataclass(frozen=True, slots=True)
class VisitWithoutTask(VisitOfPerson):
    """A visit (`title`) is near, and whoever comes has no task: the deal does not stand where it is given."""

    title: ProductText


@notice("client_waits")
@dataclass(frozen=True, slots=True)
class ClientCallWanted(Notice):
    """The deal is deleted, and its client has been told that somebody comes: whom to call, and of what."""

    client: str
    phone: str
    starts_at: datetime
    deal: int | None = None  # the deleted one, by which the words go when it is erased
