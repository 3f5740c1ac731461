"""Triggers: when a robot acts. What each of them waits for is told to the engine in `models.engine.trigger_rules`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from models.process import marked_values
from models.process.annotations import (
    AskedField,
    Clock,
    DateFieldName,
    Duration,
    FieldName,
    Name,
    NamesPart,
    OneOrMany,
    TaskName,
    Title,
)
from models.process.visit_kinds import Told, VisitName
from models.process.vocabulary import Vocabulary, Word

FiredBy = Literal["act", "clock", "press"]


class BaseTrigger(Word, ABC):
    """What every trigger says of itself; `fires_by`: an act that happens to the deal, the clock, or a press."""

    fires_by: ClassVar[FiredBy] = "act"

    @property
    @abstractmethod
    def rule_name(self) -> str:
        """A short stable name: part of a rule's name, so that a timer outlives edits of other rules."""

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that it names."""
        return frozenset(marked_values.fields_of(self))


TRIGGERS: Vocabulary[BaseTrigger] = Vocabulary("trigger")
Trigger = Annotated[BaseTrigger, TRIGGERS]


@TRIGGERS.word("enter", plain=True)
class Enter(BaseTrigger):
    """The deal has come to this stage: `on: enter`.

    `on: {enter: first}` when it has not stood here before, `on: {enter: again}` when it comes back: reopened, or taken
    back from a later stage.
    """

    enter: Literal["first", "again"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, value: Any) -> Any:
        return {} if value == "enter" else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        whole = handler.resolve_ref_schema(handler(schema))
        told: JsonSchemaValue = {key: whole.pop(key) for key in ("title", "description")}
        whole["properties"]["enter"] = {"enum": ["first", "again"]}
        return told | {"anyOf": [{"const": "enter"}, {**whole, "required": ["enter"]}]}

    @property
    def rule_name(self) -> str:
        return f"enter-{self.enter}" if self.enter else "enter"


@TRIGGERS.word("stuck")
class Stuck(BaseTrigger):
    """The deal has stood this long on the stage, in working days or in hours; at `clock` of that day if given."""

    fires_by: ClassVar[FiredBy] = "clock"

    stuck: Duration
    clock: Clock | None = None

    @property
    def rule_name(self) -> str:
        return f"stuck{_minutes(self.stuck)}"


@TRIGGERS.word("before", "at", "after", name="date")
class OnDate(BaseTrigger):
    """Before, at or after a date field: `before: visit_on, by: 3d, clock: "10:00"`.

    A date without a clock counts from the opening hour. Days after a date are the company's working days; days before
    it are counted by the calendar and land on the last working day until then. Hours are hours. A `before` that only
    speaks to people rings in the last open time before, early enough to act, and once more at its own hour for those
    who work then. It rings at once if its time has passed when the date is set; with `missed: skip` it does not, as an
    alarm that says «not done by four» must not at six.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["before", "by"]},
                {"required": ["at"], "not": {"required": ["by"]}},
                {"required": ["after"]},
            ]
        }
    )
    fires_by: ClassVar[FiredBy] = "clock"

    before: DateFieldName | None = None
    at: DateFieldName | None = None
    after: DateFieldName | None = None
    by: Duration | None = None
    clock: Clock | None = None
    """At this time of that day."""
    missed: Literal["ring", "skip"] = "ring"

    @model_validator(mode="after")
    def _one_anchor(self) -> OnDate:
        if sum(anchor is not None for anchor in (self.before, self.at, self.after)) != 1:
            raise ValueError("name one date field: before, at or after")
        if self.at and self.by:
            raise ValueError("`at` takes no `by`; use before or after")
        if self.before and self.by is None:
            raise ValueError("`before` needs `by`, for example by: 1d")
        return self

    @property
    def field(self) -> str:
        return self.before or self.at or self.after or ""

    @property
    def rule_name(self) -> str:
        side = "before" if self.before else "after" if self.after else "at"
        return f"{side}-{self.field}-{_minutes(self.by)}" + (f"-{self.clock:%H%M}" if self.clock else "")


@TRIGGERS.word("changed")
class Changed(BaseTrigger):
    """The field had a value and has another one now; texts may say the old one: {was}."""

    changed: FieldName

    @property
    def rule_name(self) -> str:
        return f"changed-{self.changed}"


@TRIGGERS.word("filled")
class FilledIn(BaseTrigger):
    """The field was empty and has a value now."""

    filled: FieldName

    @property
    def rule_name(self) -> str:
        return f"filled-{self.filled}"


@TRIGGERS.word("task")
class Closed(BaseTrigger):
    """A task was closed, with any outcome or with this one."""

    task: TaskName
    outcome: Annotated[Name, NamesPart("name of an outcome of that task", "outcome", of="task")] | None = None

    @property
    def rule_name(self) -> str:
        return f"task-{self.task}" + (f"-{self.outcome}" if self.outcome else "")


@TRIGGERS.word("lapsed")
class Lapsed(BaseTrigger):
    """The outcome of a task counts no longer, because what it was about has changed: its day, or a field that it
    `covers`; {was} is what that field said before."""

    lapsed: TaskName

    @property
    def rule_name(self) -> str:
        return f"lapsed-{self.lapsed}"


@TRIGGERS.word("tap")
class Tapped(BaseTrigger):
    """A button of this title on the card of a deal that stands here; `ask` are fields that it asks for first."""

    fires_by: ClassVar[FiredBy] = "press"

    tap: Title
    ask: OneOrMany[AskedField] = ()

    @property
    def rule_name(self) -> str:
        return "tap"


@TRIGGERS.word("visit")
class VisitBecomes(BaseTrigger):
    """The visit, or an earlier one of that name, comes to this state: `on: {visit: measuring, to: off}`."""

    visit: VisitName
    to: Told

    @property
    def rule_name(self) -> str:
        return f"visit-{self.visit}-{self.to}"


@TRIGGERS.word("becomes")
class Becomes(BaseTrigger):
    """A fact of the deal becomes true: all is paid, something is owed, a claim is opened, the last claim is settled."""

    becomes: Literal["paid_in_full", "debt", "claim_open", "claim_settled"]

    @property
    def rule_name(self) -> str:
        return f"becomes-{self.becomes}"


def _minutes(span: timedelta | None) -> int:
    return int(span.total_seconds() // 60) if span else 0
