"""Conditions: tests on a deal's fields and facts, each of which can say why it fails.

A condition is one key (`is`, `filled`, `days_until` …) with what it looks at, and an optional `why`: the sentence a
person reads when it fails. There is no expression language: a rule that cannot be said here needs a new kind here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, StrictBool, Tag, model_validator
from pydantic import Field as Setting

from models.process.base import Name, ProcessModel, Text

Value = StrictBool | Decimal | str  # strict, or `1` would read as true


class _Condition(ProcessModel):
    why: Text | None = None


class AllOf(_Condition):
    all_: tuple[Condition, ...] = Setting(alias="all", min_length=1)


class AnyOf(_Condition):
    any_: tuple[Condition, ...] = Setting(alias="any", min_length=1)


class Not(_Condition):
    not_: Condition = Setting(alias="not")


class Is(_Condition):
    """`is: {warranty: true}`: the field has this value."""

    is_: Annotated[dict[Name, Value], Setting(alias="is", min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.is_))

    @property
    def value(self) -> Value:
        return self.is_[self.field]


class In(_Condition):
    """`in: {kind: [corner, straight]}`: a choice is one of these."""

    in_: Annotated[dict[Name, tuple[Name, ...]], Setting(alias="in", min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.in_))


class Has(_Condition):
    """`has: {to_create: deal}`: a choice of many holds this option."""

    has: Annotated[dict[Name, Name], Setting(min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.has))


class Filled(_Condition):
    filled: Name


class Empty(_Condition):
    empty: Name


class AtLeast(_Condition):
    """`at_least: {paid: total}`: a money or number field reaches an amount or another field."""

    at_least: Annotated[dict[Name, Decimal | Name], Setting(min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.at_least))


class AtMost(_Condition):
    at_most: Annotated[dict[Name, Decimal | Name], Setting(min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.at_most))


class DaysUntil(_Condition):
    """`days_until: visit_on, more_than: 3, at_most: 32`: calendar days in the company's zone (M-3)."""

    days_until: Name
    more_than: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _says_something(self) -> DaysUntil:
        if self.more_than is None and self.at_most is None:
            raise ValueError("days_until needs more_than, at_most or both")
        return self


class Done(_Condition):
    """`done: sign` or `done: stamp, outcome: stamped`: the task was closed (with that outcome)."""

    done: Name
    outcome: Name | None = None


class Known(_Condition):
    """`known: client`: a fact of the deal holds."""

    known: Literal["client", "responsible", "paid_in_full", "claim_open"]


class Made(_Condition):
    """`made: contract`: the paper was made (K-11)."""

    made: Name


class SentPaper(_Condition):
    """`sent: invoice`: the newest version of the paper was sent to the client (K-12)."""

    sent: Name


class Runs(_Condition):
    """`runs: furniture`: that process is switched on in this installation."""

    runs: Name


KINDS: dict[str, type[_Condition]] = {
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
    "is": Is,
    "in": In,
    "has": Has,
    "filled": Filled,
    "empty": Empty,
    "at_least": AtLeast,
    "at_most": AtMost,
    "days_until": DaysUntil,
    "done": Done,
    "known": Known,
    "made": Made,
    "sent": SentPaper,
    "runs": Runs,
}


def _kind(value: Any) -> str | None:
    if isinstance(value, _Condition):
        return next(name for name, kind in KINDS.items() if type(value) is kind)
    if not isinstance(value, dict):
        return None
    # days_until carries at_most as its own limit, so the order of looking matters
    ordered = ["days_until", *(name for name in KINDS if name != "days_until")]
    return next((name for name in ordered if name in value), None)


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Is, Tag("is")]
    | Annotated[In, Tag("in")]
    | Annotated[Has, Tag("has")]
    | Annotated[Filled, Tag("filled")]
    | Annotated[Empty, Tag("empty")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[AtMost, Tag("at_most")]
    | Annotated[DaysUntil, Tag("days_until")]
    | Annotated[Done, Tag("done")]
    | Annotated[Known, Tag("known")]
    | Annotated[Made, Tag("made")]
    | Annotated[SentPaper, Tag("sent")]
    | Annotated[Runs, Tag("runs")],
    Discriminator(
        _kind,
        custom_error_type="unknown_word",
        custom_error_message="no such condition; allowed: " + ", ".join(KINDS),
    ),
]

for _class in (AllOf, AnyOf, Not):
    _class.model_rebuild()


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and every condition inside it."""
    yield condition
    match condition:
        case AllOf():
            inner: tuple[Condition, ...] = condition.all_
        case AnyOf():
            inner = condition.any_
        case Not():
            inner = (condition.not_,)
        case _:
            inner = ()
    for part in inner:
        yield from walk(part)


def fields_of(condition: Condition) -> Iterator[str]:
    """Every field that the condition looks at."""
    for part in walk(condition):
        match part:
            case Is() | In() | Has():
                yield part.field
            case Filled():
                yield part.filled
            case Empty():
                yield part.empty
            case AtLeast():
                yield part.field
                yield from (limit for limit in part.at_least.values() if isinstance(limit, str))
            case AtMost():
                yield part.field
                yield from (limit for limit in part.at_most.values() if isinstance(limit, str))
            case DaysUntil():
                yield part.days_until
            case _:
                pass
