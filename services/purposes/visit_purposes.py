"""Forms about a visit: why he cannot come, by how much he is late."""

from __future__ import annotations

from dataclasses import dataclass

from models.ids import TaskId
from services.form_purposes import Purpose, purpose


@purpose("cannot_come")
@dataclass(frozen=True, slots=True)
class CannotComePurpose(Purpose):
    """Why he cannot come."""

    task: TaskId


@purpose("comes_late")
@dataclass(frozen=True, slots=True)
class LatePurpose(Purpose):
    """By how much he will be late."""

    task: TaskId
