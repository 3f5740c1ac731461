"""Conditions: tests on a deal's fields and facts, each of which can say why it fails.

A condition is one key (`is`, `filled`, `days_until` …) with what it looks at, and an optional `why`: the sentence a
person reads when it fails. There is no expression language: a rule that cannot be said here needs a new word here, with
its test and its reason in `models.engine.guards`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, StrictBool, model_validator
from pydantic import Field as Setting

from models.process import marked_values
from models.process.annotations import (
    AmountFieldName,
    ChoiceFieldName,
    DateFieldName,
    FieldName,
    FieldValue,
    Name,
    NamesPart,
    OneOrMany,
    OptionName,
    PaperName,
    ProcessName,
    Sentence,
    TaskName,
)
from models.process.visit_kinds import Told, VisitName
from models.process.vocabulary import Vocabulary, Word

# the boolean is strict, or `1` would read as true
Value = Annotated[StrictBool | Decimal | str, FieldValue("value of that field: yes or no, a number, an option, a text")]


class BaseCondition(Word):
    """What every condition says of itself."""

    model_config = ConfigDict(defer_build=True)  # conditions hold conditions: all are described before one is built

    why: Sentence | None = None
    """What a person reads when the condition does not hold; without it the bot words the reason itself."""

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions of which this one is made."""
        return ()


CONDITIONS: Vocabulary[BaseCondition] = Vocabulary("condition")
Condition = Annotated[BaseCondition, CONDITIONS]


@CONDITIONS.word("all")
class AllOf(BaseCondition):
    """Every one of these conditions holds."""

    all_: tuple[Condition, ...] = Setting(alias="all", min_length=1)

    @property
    def parts(self) -> tuple[Condition, ...]:
        return self.all_


@CONDITIONS.word("any")
class AnyOf(BaseCondition):
    """One of these conditions holds, or several."""

    any_: tuple[Condition, ...] = Setting(alias="any", min_length=1)

    @property
    def parts(self) -> tuple[Condition, ...]:
        return self.any_


@CONDITIONS.word("not")
class Not(BaseCondition):
    """The condition does not hold: `not: {filled: contract_copy}`."""

    not_: Condition = Setting(alias="not")

    @property
    def parts(self) -> tuple[Condition, ...]:
        return (self.not_,)


@CONDITIONS.word("is")
class Is(BaseCondition):
    """The field has this value: `is: {warranty: true}`."""

    is_: Annotated[dict[FieldName, Value], Setting(alias="is", min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.is_))

    @property
    def value(self) -> bool | Decimal | str:
        return self.is_[self.field]


@CONDITIONS.word("in")
class In(BaseCondition):
    """A choice is one of these options: `in: {kind: [corner, straight]}`."""

    in_: Annotated[dict[ChoiceFieldName, tuple[OptionName, ...]], Setting(alias="in", min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.in_))


@CONDITIONS.word("has")
class Has(BaseCondition):
    """A choice of many holds this option: `has: {to_create: deal}`."""

    has: Annotated[dict[ChoiceFieldName, OptionName], Setting(min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.has))


@CONDITIONS.word("filled")
class Filled(BaseCondition):
    """The field has a value; «no» is one."""

    filled: FieldName


@CONDITIONS.word("empty")
class Empty(BaseCondition):
    """The field has no value."""

    empty: FieldName


@CONDITIONS.word("at_least")
class AtLeast(BaseCondition):
    """A money or number field reaches an amount or another field: `at_least: {paid: total}`."""

    at_least: Annotated[dict[AmountFieldName, Decimal | AmountFieldName], Setting(min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.at_least))


@CONDITIONS.word("at_most")
class AtMost(BaseCondition):
    """A money or number field does not go beyond an amount or another field: `at_most: {discount: 10000}`."""

    at_most: Annotated[dict[AmountFieldName, Decimal | AmountFieldName], Setting(min_length=1, max_length=1)]

    @property
    def field(self) -> str:
        return next(iter(self.at_most))


@CONDITIONS.word("days_until")
class DaysUntil(BaseCondition):
    """So many calendar days are left until a date: `days_until: visit_on, more_than: 3, at_most: 32` (M-3)."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["more_than"]}, {"required": ["at_most"]}]})

    days_until: DateFieldName
    more_than: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _says_something(self) -> DaysUntil:
        if self.more_than is None and self.at_most is None:
            raise ValueError("days_until needs more_than, at_most or both")
        return self


@CONDITIONS.word("done")
class Done(BaseCondition):
    """The task was closed, with that outcome if one is named: `done: sign` or `done: stamp, outcome: stamped`."""

    done: TaskName
    outcome: Annotated[Name, NamesPart("name of an outcome of that task", "outcome", of="done")] | None = None


@CONDITIONS.word("known")
class Known(BaseCondition):
    """A fact of the deal holds: it has a client, somebody is responsible, all is paid, something is still owed, a claim
    is open. A deal without a sum owes nothing."""

    known: Literal["client", "responsible", "paid_in_full", "debt", "claim_open"]


@CONDITIONS.word("made")
class Made(BaseCondition):
    """The paper was made: `made: contract` (K-11)."""

    made: PaperName


@CONDITIONS.word("sent")
class SentPaper(BaseCondition):
    """The newest version of the paper was sent to the client: `sent: invoice` (K-12)."""

    sent: PaperName


@CONDITIONS.word("visit")
class VisitIs(BaseCondition):
    """The visit is in one of these states: `visit: measuring, in: [under_way, held]`; with `ever`, it or an earlier
    visit of that name is. What was agreed is under way from its hour on."""

    visit: VisitName
    in_: Annotated[OneOrMany[Told], Setting(alias="in", min_length=1)]
    ever: bool = False


@CONDITIONS.word("runs")
class Runs(BaseCondition):
    """That process is switched on in this installation: `runs: furniture`."""

    runs: ProcessName


for _word in CONDITIONS.words.values():
    _word.model_rebuild()  # now, once, or every model with an `if` would build them again


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and every condition inside it."""
    yield condition
    for part in condition.parts:
        yield from walk(part)


def fields_of(condition: Condition) -> Iterator[str]:
    """Every field that the condition looks at."""
    return marked_values.fields_of(condition)
