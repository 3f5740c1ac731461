"""What is said about tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from models.notices.notice import Notice, notice


@notice("task")
@dataclass(frozen=True, slots=True)
class TaskDue(Notice):
    """A task was given to the reader; `due`: its time has come."""

    task: int
    due: bool = False


@notice("task_late")
@dataclass(frozen=True, slots=True)
class TaskComingLate(Notice):
    """The reader has given a task to somebody (`who`) who hears of it only at `at`, when it has begun."""

    task: int
    who: int
    at: datetime


@notice("withdrawn")
@dataclass(frozen=True, slots=True)
class TaskWithdrawn(Notice):
    """A task of the reader was taken back; `text` is its title."""

    text: str


@notice("taken")
@dataclass(frozen=True, slots=True)
class TaskTaken(Notice):
    """A task of the reader was given to somebody else."""

    task: int


@notice("put_off")
@dataclass(frozen=True, slots=True)
class TaskPutOff(Notice):
    """An employee puts a task off for the third time; `text` is the reason in his words (K-4)."""

    text: str
    task: int
    title: str
    from_id: Annotated[int | None, Field(alias="from")] = None


@notice("list")
@dataclass(frozen=True, slots=True)
class CallsDue(Notice):
    """The calls of a day; `text` is the list's title, `day` in ISO form (F-E5)."""

    text: str
    day: str | None = None
