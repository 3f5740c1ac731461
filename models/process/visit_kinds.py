"""Visits: whoever goes to the client at a time. What a file says of them, and what it leaves out (K-19 … K-22).

A visit is one thing with several faces: the fields that are named here are views of it, and none of them is kept in the
deal beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from models.process.annotations import (
    AnyStageName,
    Duration,
    Name,
    NamesField,
    NamesPart,
    OneOrMany,
    ProcessModel,
    Title,
)
from models.roles import Role
from models.values.product_text import ProductText

Face = Literal["day", "at", "by", "slot"]
Told = Literal["wished", "planned", "confirmed", "under_way", "held", "off"]
VisitName = Annotated[Name, NamesPart("name of a visit", "visit")]
USUAL = timedelta(hours=2)
NO_TRAVEL = timedelta(0)
HOLD = timedelta(minutes=10)
HALF_HOUR = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


class VisitDefinition(ProcessModel):
    """A visit to the client: a measurement, an assembly, a delivery. Its fields are views of one thing, which has a
    day, perhaps an hour and somebody who comes, and a state: wished, planned, confirmed, under way, held or off.

    Nobody is promised twice: whoever comes (`by`, or the person of `slot`) is locked for every half hour that the visit
    `takes`, and for the `travel` after it, against the visits of all processes. A field of type `booking` is a visit of
    its own name without being named here. A deal that is lost, deleted, goes back before `from`, or on to a pipeline
    without one of these stages, calls the visit off.
    """

    title: Title
    """What people call it."""
    day: Annotated[Name, NamesField("name of a field of type date", "day")] | None = None
    """Its day: a wish, as long as no hour is known."""
    at: Annotated[Name, NamesField("name of a field of type datetime", "moment")] | None = None
    """Its day and hour."""
    by: Annotated[Name, NamesField("name of a field of type person", "person")] | None = None
    """Who comes."""
    slot: Annotated[Name, NamesField("name of a field of type booking", "booking")] | None = None
    """Day, hour and who comes, in one answer."""
    takes: Duration | None = None
    """How long whoever comes is there (default: two hours; a `slot` says it itself)."""
    travel: Duration | None = None
    """The way to the next client (default: none; a `slot` says it itself)."""
    from_: OneOrMany[AnyStageName] = Setting(default=(), alias="from")
    """The stage (in each pipeline) where the visit is agreed: before it there is none. Without it, the stages that
    require one of its fields to enter, else those that ask for one."""
    was: dict[Name, Told] = {}
    """Fields of yes and no that an earlier file had, and the state that their «yes» meant: `{measured: held}`."""

    @model_validator(mode="after")
    def _has_faces(self) -> VisitDefinition:
        if not (self.day or self.at or self.slot):
            raise ValueError("a visit needs a field that says when: `day`, `at` or `slot`")
        if self.slot and (self.day or self.at or self.by or self.takes or self.travel):
            raise ValueError("a `slot` says day, hour, who comes and how long; leave the others out")
        if self.day and not self.at:
            raise ValueError("a visit that has a `day` has an `at` too, its hour")
        for one in (self.takes, self.travel):
            if one is not None and (one % HALF_HOUR or one > LONGEST):
                raise ValueError("`takes` and `travel` are whole half hours, at most 12h: 30m, 90m, 4h")
        return self


@dataclass(frozen=True, slots=True)
class VisitKind:
    """A visit of a process as the engine asks for it, with what the file left out filled in.

    `role` is of those who may come, None where nobody is named. `places` are the stages, as (pipeline, stage), where it
    is agreed; empty if it has a place anywhere.
    """

    name: str
    title: ProductText
    day: str | None = None
    at: str | None = None
    by: str | None = None
    slot: str | None = None
    role: Role | None = None
    takes: timedelta = USUAL
    travel: timedelta = NO_TRAVEL
    hold: timedelta = HOLD
    places: frozenset[tuple[str, str]] = frozenset()
    was: Mapping[str, Told] = field(default_factory=dict)

    @property
    def faces(self) -> Iterator[tuple[str, Face]]:
        """The fields that show it, and what of it."""
        if self.day:
            yield self.day, "day"
        if self.at:
            yield self.at, "at"
        if self.by:
            yield self.by, "by"
        if self.slot:
            yield self.slot, "slot"

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that show it."""
        return tuple(name for name, _ in self.faces)

    @property
    def who(self) -> str | None:
        """The field that names who comes."""
        return self.by or self.slot

    @property
    def main(self) -> str:
        """The field that says when, as exactly as it is known."""
        return self.slot or self.at or self.day or ""
