"""Finds what the annotations of the language mark: every text, every name, every value of a field, with its place.

It walks whatever models it is given by their annotations (`models.process.annotations`), so that a new word is known
to the checks, the translations and the conditions' fields without being named there.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin

from models.process.annotations import Marker, NamesField, ProcessModel

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A value that an annotation marks. `owner` is the part of the file it stands in, `key` the key of the mapping
    there under which it stands (a field's name, beside its value)."""

    path: Path
    value: object
    marker: Marker
    owner: ProcessModel
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the walk is, and what it found so far."""

    path: Path
    owner: ProcessModel
    found: list[Marked]
    parts: list[tuple[Path, ProcessModel]]
    key: str = ""

    def step(self, step: str | int, key: str = "") -> _Here:
        return _Here((*self.path, step), self.owner, self.found, self.parts, key or self.key)


_Reader = Callable[[Any, _Here], None]


@dataclass(frozen=True, slots=True)
class Walked:
    """All that a walk through a model found, in the order of the models' description: what is marked, and every model
    with its place, the first one included."""

    marked: tuple[Marked, ...]
    parts: tuple[tuple[Path, ProcessModel], ...]


def walk(model: ProcessModel) -> Walked:
    """Everything in a model."""
    here = _Here((), model, [], [])
    _model(model, here)
    return Walked(tuple(here.found), tuple(here.parts))


def fields_of(model: ProcessModel) -> Iterator[str]:
    """Every field that the model names."""
    return (str(found.value) for found in walk(model).marked if isinstance(found.marker, NamesField))


def _model(model: ProcessModel, here: _Here) -> None:
    here.parts.append((here.path, model))
    for name, step, reader in _readers(type(model)):
        reader(getattr(model, name), _Here((*here.path, step), model, here.found, here.parts))


@cache
def _readers(kind: type[ProcessModel]) -> tuple[tuple[str, str, _Reader], ...]:
    """For each key of a model: the attribute, the key as the file has it, and what reads the value."""
    found = []
    for name, info in kind.model_fields.items():
        reader = _reader(info.annotation, tuple(info.metadata))
        if reader is not None:
            found.append((name, info.alias or name, reader))
    return tuple(found)


def _reader(annotation: Any, metadata: tuple[Any, ...] = ()) -> _Reader | None:
    """What reads the values of an annotation; None if nothing in them can be marked."""
    origin: Any = get_origin(annotation)
    args = get_args(annotation)
    if origin is Annotated:
        return _reader(args[0], (*metadata, *args[1:]))
    markers = tuple(one for one in metadata if isinstance(one, Marker))
    if markers:
        return _marked(markers)
    if origin in (Union, types.UnionType):
        return _one_of(args)
    if origin is tuple:
        return _sequence(_reader(args[0]))
    if origin is dict:
        return _mapping(_reader(args[0]), _reader(args[1]))
    return _model if isinstance(annotation, type) and issubclass(annotation, ProcessModel) else None


def _marked(markers: tuple[Marker, ...]) -> _Reader:
    def read(value: Any, here: _Here) -> None:
        here.found.extend(Marked(here.path, value, marker, here.owner, here.key) for marker in markers)

    return read


def _one_of(members: tuple[Any, ...]) -> _Reader | None:
    """Of a union the member that the value is of; literal words come before other texts."""
    ordered = sorted(members, key=lambda member: not _is_literal(member))
    readers = [(member, _reader(member)) for member in ordered]
    if not any(reader for _, reader in readers):
        return None

    def read(value: Any, here: _Here) -> None:
        reader = next((reader for member, reader in readers if _fits(member, value)), None)
        if reader is not None:
            reader(value, here)

    return read


def _fits(member: Any, value: object) -> bool:
    origin: Any = get_origin(member)
    if origin is Annotated:
        return _fits(get_args(member)[0], value)
    if origin in (Union, types.UnionType):
        return any(_fits(one, value) for one in get_args(member))
    if _is_literal(member):
        return value in get_args(member)
    if isinstance(member, NewType):
        return _fits(member.__supertype__, value)
    return isinstance(value, origin or member)


def _is_literal(member: Any) -> bool:
    origin: Any = get_origin(member)
    return origin is Literal


def _sequence(item: _Reader | None) -> _Reader | None:
    if item is None:
        return None

    def read(value: Any, here: _Here) -> None:
        for index, one in enumerate(value):
            item(one, here.step(index))

    return read


def _mapping(key: _Reader | None, item: _Reader | None) -> _Reader | None:
    if key is None and item is None:
        return None

    def read(value: Any, here: _Here) -> None:
        for name, one in value.items():
            at = here.step(name, key=name)
            if key is not None:
                key(name, at)
            if item is not None:
                item(one, at)

    return read
