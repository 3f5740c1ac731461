"""What follows from a decision: effects, in order, for a service to carry out in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.process.stages import Task


@dataclass(frozen=True, slots=True)
class StageChanged:
    """The deal moved; what was planned for the old stage is void. `why`: the rule that moved it, None for a person."""

    pipeline: str
    from_stage: str
    to_pipeline: str
    to_stage: str
    status: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class FieldsSet:
    """Fields got these typed values; None empties one."""

    values: Mapping[str, Any]
    why: str | None = None


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A robot is to be looked at again at `due_at`. `anchor` tells for which state of the deal it was planned: the
    moment of entering the stage or the value of the date field; a new anchor replaces the old timer."""

    rule: str
    anchor: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TimerVoided:
    """The rule's timer is no longer wanted (its date was emptied)."""

    rule: str


@dataclass(frozen=True, slots=True)
class TaskGiven:
    """A task was given to a person or role."""

    name: str
    task: Task
    due_at: datetime
    rule: str


@dataclass(frozen=True, slots=True)
class TaskMoved:
    """An open task's due time follows its date field."""

    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TaskClosed:
    name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TaskSnoozed:
    name: str
    outcome: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Noticed:
    """A message to a person. `escalated` ones carry buttons that act, and pass by people who cannot be reached."""

    to: str
    text: str
    rule: str
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class FieldsAsked:
    """A person is asked, in conversation, for fields."""

    to: str
    fields: tuple[str, ...]
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class ClientsCreated:
    """The contact and / or the company of the deal are made (F-L5)."""

    what: frozenset[str]


@dataclass(frozen=True, slots=True)
class Converted:
    """A new deal is begun in `pipeline` from this one (F-L6)."""

    pipeline: str
    stage: str


@dataclass(frozen=True, slots=True)
class Commented:
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class MoveBlocked:
    """A robot wanted to move the deal and the guard said no: a person has to hear of it, with the reasons.

    `to_pipeline` is named where the robot wanted to carry the deal over to another one.
    """

    to_stage: str
    refusal: Refusal
    rule: str
    to_pipeline: str | None = None


Effect = (
    StageChanged
    | FieldsSet
    | TimerSet
    | TimerVoided
    | TaskGiven
    | TaskMoved
    | TaskClosed
    | TaskSnoozed
    | Noticed
    | FieldsAsked
    | ClientsCreated
    | Converted
    | Commented
    | MoveBlocked
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen: effects in order."""

    effects: tuple[Effect, ...] = ()


# --- why not ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fill:
    """Cured by filling these fields."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloseTask:
    """Cured by closing this task."""

    task: str


Cure = Fill | CloseTask


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why not. `code` names a sentence (translated at the edge) which `data` fills; `why` is the process
    file's own sentence and goes first. `cure` is what one tap should lead to, None where nothing helps."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)
    why: str | None = None
    cure: Cure | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that is not allowed now, with every reason."""

    reasons: tuple[Reason, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that are only missing: asking for them is enough, if there is no other reason."""
        found = [name for reason in self.reasons if reason.code == "missing" for name in _fields(reason)]
        return tuple(dict.fromkeys(found))

    @property
    def only_missing(self) -> bool:
        """Whether filling fields is all that is needed."""
        return all(reason.code == "missing" for reason in self.reasons)


def _fields(reason: Reason) -> tuple[str, ...]:
    return reason.cure.fields if isinstance(reason.cure, Fill) else ()
