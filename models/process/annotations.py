"""What every word of the language shares: strictness, durations, clock times, and annotations that say what is meant.

An annotation is the only place where it is said that a value is a text for people, or the name of a field, a task, a
stage. Checks of names and placeholders, the texts for translation, the JSON Schema and docs/process-language.md follow
from it (`models.process.marked_values` finds what bears one).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from models.values.product_text import ProductText, StoredTitle
from models.values.spans import Days, Weeks

NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")
DURATION = re.compile(r"(\d{1,4})([mhdw])")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
UNITS: dict[str, Callable[[int], timedelta]] = {
    "m": lambda n: timedelta(minutes=n),
    "h": lambda n: timedelta(hours=n),
    "d": lambda n: Days(days=n),
    "w": lambda n: Weeks(weeks=n),
}


class ProcessModel(BaseModel):
    """A part of the language: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=False)


class ShortForm(ProcessModel):
    """A part that may be written as one plain word, which then stands for its key `short`."""

    short: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {cls.short: value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        whole = handler.resolve_ref_schema(handler(schema))
        described: JsonSchemaValue = {key: whole.pop(key) for key in ("title", "description") if key in whole}
        return described | {"anyOf": [whole["properties"][cls.short], whole]}


# --- what a value means ---------------------------------------------------------------------------------------

FieldGroup = Literal[
    "date", "amount", "money", "choice", "text", "files", "day", "moment", "person", "booking", "yes_no",
]  # fmt: skip
Referent = Literal[
    "process",
    "section",
    "person",
    "pipeline",
    "stage",
    "any_stage",
    "place",
    "task",
    "given_task",
    "outcome",
    "paper",
    "option",
    "visit",
]


@dataclass(frozen=True, slots=True)
class _Marker:
    """What an annotation says of a value beyond its type; `phrase` says it to those who write process files."""

    phrase: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "title": self.phrase}


@dataclass(frozen=True, slots=True)
class ShownText(_Marker):
    """A text that people read, and so translated. `holds` are the words that its {placeholders} may name: none (the
    text stands as it is), those of a deal, or the fields that a new deal was asked for. A label names a thing and says
    nothing of it."""

    holds: Literal["nothing", "deal", "asked"] = "nothing"
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class NamesField(_Marker):
    """The name of a field of that group (any, if None). `fills`: the field can get a value there. `besides` are words
    that may stand there and are no field."""

    group: FieldGroup | None = None
    fills: bool = False
    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamesPart(_Marker):
    """The name of something else that the file describes.

    `besides` are words of the language that may stand there, `abroad` allows what another process describes, `of` is
    the key beside it which names the task that an outcome belongs to.
    """

    what: Referent
    besides: tuple[str, ...] = ()
    abroad: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class FieldValue(_Marker):
    """A value for the field that is the key of the mapping where it stands."""


Marker = ShownText | NamesField | NamesPart | FieldValue


# --- names, durations, clock times ----------------------------------------------------------------------------


def _name(value: Any) -> Any:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError("a name is 1–20 of a–z, 0–9 and _, and begins with a letter (a button holds 64 bytes)")
    return value


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    match = DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match or int(match[1]) == 0:
        raise ValueError("a duration is a number and a unit: 30m, 2h, 3d, 1w")
    return UNITS[match[2]](int(match[1]))


def _clock(value: Any) -> Any:
    if isinstance(value, time):
        return value
    match = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError("a clock time is HH:MM, for example 10:45")
    return time(int(match[1]), int(match[2]))


def _written(pattern: str, title: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "title": title})


Name = Annotated[str, BeforeValidator(_name), _written(NAME.pattern, "name")]
Duration = Annotated[timedelta, BeforeValidator(_duration), _written(f"(?!0+[mhdw]){DURATION.pattern}", "duration")]
Clock = Annotated[time, BeforeValidator(_clock), _written(CLOCK.pattern, "clock time")]


# --- one or many ----------------------------------------------------------------------------------------------


def one_or_many(value: Any) -> Any:
    """`requires: name` reads as `requires: [name]`."""
    return [value] if isinstance(value, str | dict) else value


class _OneOrMany:
    """Lets one thing stand for a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(one_or_many, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        many = handler(schema)
        return {"anyOf": [many["items"], many]}


Part = TypeVar("Part")
OneOrMany = Annotated[tuple[Part, ...], _OneOrMany()]


# --- texts ----------------------------------------------------------------------------------------------------

SHORT = StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
LONG = StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)
ShortString = Annotated[str, SHORT]
Title = Annotated[ProductText, SHORT, ShownText("title", is_label=True)]
TitleTemplate = Annotated[ProductText, SHORT, ShownText("title with {placeholders}", "deal")]
AskedTemplate = Annotated[
    ProductText, SHORT, ShownText("title with {placeholders} of the fields asked", "asked", is_label=True)
]
Sentence = Annotated[ProductText, LONG, ShownText("text")]
Text = Annotated[ProductText, LONG, ShownText("text with {placeholders}", "deal")]
# what the owner may say in other words in the bot (K-5)
ChangeableTitle = Annotated[StoredTitle, SHORT, ShownText("title", is_label=True)]
ChangeableText = Annotated[StoredTitle, LONG, ShownText("text with {placeholders}", "deal")]

# --- names of what the file describes -------------------------------------------------------------------------

FieldName = Annotated[Name, NamesField("name of a field")]
AskedField = Annotated[Name, NamesField("name of a field", fills=True)]
DateFieldName = Annotated[Name, NamesField("name of a date field", "date")]
DateLimitName = Annotated[Name, NamesField("name of a date field", "date", besides=("today", "now"))]
AmountFieldName = Annotated[Name, NamesField("name of an amount field", "amount")]
MoneyFieldName = Annotated[Name, NamesField("name of a field of type money", "money")]
ChoiceFieldName = Annotated[Name, NamesField("name of a field of type choice", "choice")]
YesNoFieldName = Annotated[Name, NamesField("name of a field of type yes_no", "yes_no")]
TextFieldName = Annotated[Name, NamesField("name of a field of type text", "text")]
FilesFieldName = Annotated[Name, NamesField("name of a field for files", "files")]
ProcessName = Annotated[Name, NamesPart("name of a process", "process")]
OptionName = Annotated[Name, NamesPart("name of an option", "option")]
SectionName = Annotated[Name, NamesPart("name of a section", "section")]
PersonName = Annotated[Name, NamesPart("`responsible`, a role, or the name of a field with a person", "person")]
PipelineName = Annotated[Name, NamesPart("name of a pipeline", "pipeline")]
StageName = Annotated[Name, NamesPart("name of a stage of this pipeline", "stage")]
AnyStageName = Annotated[Name, NamesPart("name of a stage of any pipeline", "any_stage")]
TaskName = Annotated[Name, NamesPart("name of a task", "task")]
GivenTaskName = Annotated[Name, NamesPart("name of a task of this stage or the process", "given_task")]
PaperName = Annotated[Name, NamesPart("name of a paper", "paper")]
