"""How the value of a field reads. Each type of field registers its words: `@shows(MoneyField)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from keyboards.translator import Translator
from models.fields.base import Field, all_types

NOTHING = "—"
F = TypeVar("F", bound=Field)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a value is read with: the names of employees by id; with `now`, dates of this year do without the year."""

    people: Mapping[int, str] = field(default_factory=dict)
    now: datetime | None = None


Words = Callable[[Translator, F, Any, Reading], str]
Sample = Callable[[Translator, F, datetime], str]
_WORDS: dict[type[Field], Words[Any]] = {}
_SAMPLES: dict[type[Field], Sample[Any]] = {}


def shows(kind: type[F]) -> Callable[[Words[F]], Words[F]]:
    """Register the words of a type: a typed value of it, never None, as a person reads it."""

    def register(words: Words[F]) -> Words[F]:
        if kind in _WORDS:
            raise ValueError(f"the words of {kind.__name__} are registered twice")
        _WORDS[kind] = words
        return words

    return register


def samples(kind: type[F]) -> Callable[[Sample[F]], Sample[F]]:
    """Register what stands for a value of a type where a text is shown before any deal (default: its example)."""

    def register(sample_: Sample[F]) -> Sample[F]:
        _SAMPLES[kind] = sample_
        return sample_

    return register


def value(
    t: Translator,
    one: Field | None,
    typed: Any,
    people: Mapping[int, str] | None = None,
    *,
    now: datetime | None = None,
) -> str:
    """A field's value as a person reads it; `one` is None for a field that the process no longer has."""
    if typed is None:
        return NOTHING
    reading = Reading(people or {}, now)
    return plain(t, one, typed, reading) if one is None else _WORDS[type(one)](t, one, typed, reading)


def sample(t: Translator, one: Field, now: datetime) -> str:
    """Something that such a field could hold."""
    made = _SAMPLES.get(type(one))
    return made(t, one, now) if made else one.example or t(one.title)


def plain(t: Translator, one: Field | None, typed: Any, reading: Reading) -> str:
    """A value by what it is, for a field that adds nothing to it (a text) or is not known any more."""
    match typed:
        case bool():
            return t("Да") if typed else t("Нет")
        case Decimal():
            return t.number(typed)
        case datetime():
            return t.moment(typed, now=reading.now)
        case date():
            return day(t, typed, reading)
        case _:
            return str(typed)


def day(t: Translator, typed: date, reading: Reading) -> str:
    """A date, without its year if that is this one."""
    return t.day(typed, today=reading.now.astimezone(t.zone).date() if reading.now else None)


def missing() -> list[str]:
    """A line for each type of field whose values nobody can read."""
    silent = [word for word, kind in all_types().items() if kind not in _WORDS]
    return [f"field type `{word}`: no words for its values (keyboards/forms, @shows)" for word in silent]
