"""What a button presses, as a typed value, and its wire format: `v1:action:argument:argument…`, at most 64 bytes.

A press is one frozen dataclass with the decorator `@callback("action")`; its fields are the arguments in their order:

    @callback("move")
    @dataclass(frozen=True, slots=True)
    class MoveDeal(CallbackData):
        deal: DealId
        seen: Revision | None
        to: str

Whole numbers are written in base 36, a bool as 1 or 0, None as «~». A field that may be left out stands at the end and
has the default None; None is not written there. The buttons of a form's questions share the word `form`: a verb after
their first field, the question's number, tells them apart (`v1:form:step:verb:argument…`, declared
`@callback("form", verb="skip")`). A button carries all it needs, so that it works after a restart and on
a month-old message: neither an action's word nor the order of its arguments is ever changed. It carries no rights:
those are read from the database at the press.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from keyboards import base36

VERSION = "v1"
MOST_BYTES = 64
NOTHING = "~"
NUMBER = "-?[0-9a-z]{1,12}"  # in base 36: every one of them fits into a database's integer
WRITTEN: dict[int | None, str] = {None: NOTHING, **dict(enumerate(base36.SHORT))}  # what is written most
ACTION = re.compile(r"[a-z_]{1,12}")


class CallbackData:
    """The base of every press; `@callback` gives each class its `pack`."""

    __slots__ = ()

    def pack(self) -> str:
        """The data of a button; ValueError if it does not fit into 64 bytes (a process file's names are kept short for
        that)."""
        raise TypeError(f"{type(self).__name__} is no declared press")


P = TypeVar("P", bound=CallbackData)
Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class Argument:
    """A field of a press: its declared type without «or None», and what may stand for it in a button (a regular
    expression). `may_end`: it may be left out."""

    name: str
    of: object
    pattern: str
    read: Callable[[str], Any]
    may_end: bool


@dataclass(frozen=True, slots=True)
class CallbackFormat:
    """The wire format of one class. `head` is the version and the action, `verb` the word after the first argument of
    those that share their action. `least` is how many arguments are always there, `shape` takes a whole text apart."""

    action: str
    verb: str | None
    made: type[CallbackData]
    arguments: tuple[Argument, ...]
    head: str
    least: int
    shape: re.Pattern[str]

    @property
    def word(self) -> str:
        """What it is declared by: the action, or `action:verb`."""
        return self.action if self.verb is None else f"{self.action}:{self.verb}"

    def read(self, raw: str) -> CallbackData | None:
        """The press out of a button's data; None if it is cut off, padded or forged."""
        match = self.shape.fullmatch(raw) if len(raw) <= MOST_BYTES else None
        if match is None:
            return None
        make: Callable[..., CallbackData] = self.made
        if self.least == 1 == len(self.arguments):
            return make(self.arguments[0].read(match[1]))
        texts = match.groups()  # None for what is left out, at the end
        return make(*[one.read(texts[at]) for at, one in enumerate(self.arguments) if texts[at] is not None])


FORMATS: dict[str, CallbackFormat] = {}  # by the action's word, of those that share it by `action:verb`


# --- declaring --------------------------------------------------------------------------------------------------


def callback(action: str, *, verb: str | None = None) -> Callable[[type[P]], type[P]]:
    """Declare a press: `action` is its word in the button's data, `verb` what tells it from others of that action.

    Raises ValueError for a word that is taken, TypeError for a field that no button can carry.
    """
    parts = (action,) if verb is None else (action, verb)
    word = ":".join(parts)

    def declare(made: type[P]) -> type[P]:
        if word in FORMATS or not all(ACTION.fullmatch(part) for part in parts):
            raise ValueError(f"the press {word} is declared twice, or its word does not fit into a button")
        FORMATS[word] = form = _format(action, verb, made)
        made.pack = _packer(form)  # type: ignore[method-assign, assignment]
        return made

    return declare


def _format(action: str, verb: str | None, made: type[CallbackData]) -> CallbackFormat:
    fields, hints = dataclasses.fields(made), get_type_hints(made)  # type: ignore[arg-type]
    arguments = tuple(_argument(made, one.name, hints[one.name], one.default) for one in fields)
    ends = [one.may_end for one in arguments]
    if ends != sorted(ends):
        raise TypeError(f"{made.__name__}: a field that may be left out stands before one that may not")
    if verb is not None and (not ends or ends[0]):
        raise TypeError(f"{made.__name__}: the verb {verb} stands after no field")
    head, shape = f"{VERSION}:{action}", ""
    for place, one in reversed(list(enumerate(arguments))):
        after = f":{verb}{shape}" if verb is not None and place == 0 else shape
        shape = f"(?::({one.pattern}){after})?" if one.may_end else f":({one.pattern}){after}"
    return CallbackFormat(action, verb, made, arguments, head, ends.count(False), re.compile(head + shape))


def _packer(form: CallbackFormat) -> Callable[[Any], str]:
    """What writes a press. It runs fifteen times for a card, so each shape has the shortest way there is."""
    head, names, values_of = form.head, [one.name for one in form.arguments], _values_of(form)
    least, most = (n + (form.verb is not None) for n in (form.least, len(names)))
    written = WRITTEN.get
    if not names:
        return lambda press: head
    if least == 1 == most and form.arguments[0].pattern == NUMBER:
        number_of = attrgetter(names[0])
        return lambda press: f"{head}:{written(number_of(press)) or base36.to36(number_of(press))}"

    def every(press: Any) -> str:
        made = head
        for value in values_of(press):
            made += ":" + (value if isinstance(value, str) else written(value) or base36.to36(value))
        return made if len(made) <= MOST_BYTES and made.isascii() else _refuse(made)

    def some(press: Any) -> str:
        made = whole = head
        for place, value in enumerate(values_of(press), 1):
            whole += ":" + (value if isinstance(value, str) else written(value) or base36.to36(value))
            if place <= least or value is not None:
                made = whole
        return made if len(made) <= MOST_BYTES and made.isascii() else _refuse(made)

    return every if least == most else some


def _values_of(form: CallbackFormat) -> Callable[[Any], tuple[Any, ...]]:
    """What stands in a button between the colons, in its order: the arguments, and the verb among them."""
    names, verb = [one.name for one in form.arguments], form.verb
    if verb is not None:
        return lambda press: (getattr(press, names[0]), verb, *[getattr(press, name) for name in names[1:]])
    return attrgetter(*names) if len(names) > 1 else lambda press: (getattr(press, names[0]),)


def _refuse(made: str) -> str:
    raise ValueError(f"callback data of {len(made.encode())} bytes: {made}")


def _argument(made: type[CallbackData], name: str, hint: object, default: object) -> Argument:
    """Raises TypeError for a type, or a default, that a button cannot carry."""
    where = f"{made.__name__}.{name}"
    is_union, may_end = get_origin(hint) in (Union, types.UnionType), default is not dataclasses.MISSING
    options = [one for one in get_args(hint) if one is not type(None)] if is_union else [hint]
    if len(options) != 1 or (may_end and (default is not None or not is_union)):
        raise TypeError(f"{where}: no button can carry {hint} with the default {default}")
    pattern, read = _kind(where, options[0])
    if is_union and not may_end:
        pattern, read = f"{NOTHING}|{pattern}", _or_none(read)
    return Argument(name, options[0], pattern, read, may_end)


def _kind(where: str, hint: object) -> tuple[str, Callable[[str], Any]]:
    """How a value of that type looks in a button, and what reads it."""
    if isinstance(hint, NewType):
        return _kind(where, hint.__supertype__)
    if get_origin(hint) is Literal:
        return "|".join(map(re.escape, get_args(hint))), str
    if hint is int:
        return NUMBER, partial(int, base=36)
    if hint is bool:
        return "[01]", "1".__eq__
    if hint is str:
        return r"[A-Za-z0-9_.~-]*", str
    raise TypeError(f"{where}: no button can carry {hint}")


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text == NOTHING else read(text)


# --- reading ----------------------------------------------------------------------------------------------------


def unpack(raw: str | None) -> CallbackData | None:
    """The press; None for what is none: of another version, unknown, cut off, padded, forged."""
    form = find_format(raw)
    return form.read(raw) if form and raw else None


def find_format(raw: str | None) -> CallbackFormat | None:
    """The format of the press that some data begins with, whatever follows; None for an unknown one."""
    parts = (raw or "").split(":", 4)
    if len(parts) < 2 or parts[0] != VERSION:
        return None
    return FORMATS.get(parts[1]) or (FORMATS.get(f"{parts[1]}:{parts[3]}") if len(parts) > 3 else None)


def action_of(raw: str | None) -> str | None:
    """The word of an action that some data begins with, known or not; None if there is none."""
    parts = (raw or "").split(":", 2)
    return parts[1] if len(parts) > 1 and parts[0] == VERSION and ACTION.fullmatch(parts[1]) else None


def find_id(raw: str | None, of: Callable[[int], Id]) -> Id | None:
    """The id of that type (DealId, TaskId) that a press is about, even if what follows it is cut off."""
    form = find_format(raw)
    place = next((place for place, one in enumerate(form.arguments) if one.of is of), None) if form else None
    if form is None or place is None:
        return None
    texts = (raw or "").split(":")[2:]
    place += form.verb is not None and place > 0
    number = base36.from36(texts[place]) if place < len(texts) else None
    return of(number) if number is not None else None
