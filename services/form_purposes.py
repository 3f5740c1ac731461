"""What a form is for: a typed value that is kept with the draft, and says what happens after the last answer.

A purpose is one frozen dataclass with the decorator `@purpose("word")`:

    @purpose("move")
    @dataclass(frozen=True, slots=True)
    class MovePurpose(Purpose):
        deal: DealId
        to: str

It is kept as `{"do": "move", "deal": 5, "to": "paid"}`: drafts outlive an update, so neither a word nor a field's name
is ever changed, and a new field has a default.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from models.ids import DealId, TaskId

JsonValue = str | int


class Purpose:
    """The base of every purpose."""

    __slots__ = ()
    is_tried_again: ClassVar[bool] = False  # a step that was refused for what the form asks
    is_of_task: ClassVar[bool] = False  # the form asks what a task's checklist or outcome asks, and no more
    wants_file: ClassVar[bool] = False  # the answer is a file, not a text
    is_search: ClassVar[bool] = False  # what is typed is looked for, as it would be without the question
    is_note: ClassVar[bool] = False  # what is typed stands in the deal's history as it is
    is_step: ClassVar[bool] = False  # «напомни завтра …» is its answer


P = TypeVar("P", bound=Purpose)
Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class UnknownPurpose(Purpose):
    """A purpose that another version has written: nobody here can finish it."""

    word: str


@dataclass(frozen=True, slots=True)
class PurposeFormat:
    """How one class is kept."""

    word: str
    made: type[Purpose]
    adapter: TypeAdapter[Purpose]
    ids: Mapping[object, str]  # which field holds an id of that type: DealId, TaskId


FORMATS: dict[str, PurposeFormat] = {}  # by the purpose's word
_OF_CLASS: dict[type[Purpose], PurposeFormat] = {}


def purpose(word: str) -> Callable[[type[P]], type[P]]:
    """Declare a purpose by the word it is kept with. Raises ValueError for a word that is taken."""

    def declare(made: type[P]) -> type[P]:
        if word in FORMATS:
            raise ValueError(f"the purpose {word} is declared twice")
        FORMATS[word] = _OF_CLASS[made] = PurposeFormat(word, made, TypeAdapter(made), _ids(made))
        return made

    return declare


def _ids(made: type[Purpose]) -> Mapping[object, str]:
    hints = get_type_hints(made)
    found: dict[object, str] = {}
    for one in dataclasses.fields(made):  # type: ignore[arg-type]
        hint = hints[one.name]
        found |= {kind: one.name for kind in (DealId, TaskId) if kind is hint or kind in get_args(hint)}
    return found


def to_json(one: Purpose) -> dict[str, JsonValue]:
    """As it is kept with the draft; what is None is left out."""
    form = _OF_CLASS[type(one)]
    kept = {name: getattr(one, name) for name in (field.name for field in dataclasses.fields(one))}  # type: ignore[arg-type]
    return {"do": form.word, **{name: _kept(value) for name, value in kept.items() if value is not None}}


def _kept(value: JsonValue | datetime) -> JsonValue:
    if isinstance(value, datetime):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def from_json(data: Any) -> Purpose:
    """The purpose of a stored draft; UnknownPurpose for what this version does not know, or not so."""
    if not isinstance(data, Mapping):
        return UnknownPurpose("")
    word = str(data.get("do") or data.get("kind") or "")
    form = FORMATS.get(word)
    if form is None:
        return UnknownPurpose(word)
    try:
        return form.adapter.validate_python({name: value for name, value in data.items() if name != "do"})
    except ValidationError:
        return UnknownPurpose(word)


def find_id(one: Purpose, of: Callable[[int], Id]) -> Id | None:
    """The id of that type (DealId, TaskId) that a purpose is about."""
    form = _OF_CLASS.get(type(one))
    name = form.ids.get(of) if form else None
    return getattr(one, name) if name else None
