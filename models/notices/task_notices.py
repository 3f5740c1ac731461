"""What is said about tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.notices.deal_notices import RuleSaid
from models.notices.notice import Notice, notice
from models.roles import Role
from models.values.product_text import NO_TEXT, ProductText, StoredTitle

UndoneReason = Literal["late", "put_off", "untaken", "day", "gone", "role", "unreachable", "off", "leave", "sick"]


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

    tells_of_loss: ClassVar[bool] = True

    text: ProductText


@notice("lapsed")
@dataclass(frozen=True, slots=True)
class ApprovalOver(RuleSaid):
    """What the reader approved, or relies on, counts no longer: `text` is the task's title, `field` the title of what
    has changed; without `was` he may not see from what to what."""

    tells_of_loss: ClassVar[bool] = True

    field: ProductText = NO_TEXT


@notice("taken")
@dataclass(frozen=True, slots=True)
class TaskTaken(Notice):
    """A task of the reader was given to somebody else."""

    tells_of_loss: ClassVar[bool] = True

    task: int


@notice("put_off")
@dataclass(frozen=True, slots=True)
class TaskPutOff(Notice):
    """An employee puts a task off for the third time; `text` is the reason in his words (K-4)."""

    text: str
    task: int
    title: StoredTitle
    from_id: Annotated[int | None, Field(alias="from")] = None


@notice("list")
@dataclass(frozen=True, slots=True)
class CallsDue(Notice):
    """The calls of a day; `text` is the list's title, `day` in ISO form (F-E5)."""

    text: ProductText
    day: str | None = None


@notice("undone")
@dataclass(frozen=True, slots=True)
class TaskUndone(Notice):
    """Those above hear that a task is not done: whose it is (`name`, or the `role` while nobody has taken it), and why.

    `late`: its time is over; `put_off`: it is put off again and again; `untaken`: nobody of its role has taken it;
    `day`: an agreed day waits for it (`field` is the title of what says the day); else why its person is not there,
    until that day (`until`). `due_at` is when it was due as it was said.
    """

    task: int
    due_at: datetime
    why: UndoneReason
    name: str = ""
    role: Role | None = None
    person: int | None = None
    until: date | None = None
    day: date | None = None
    field: ProductText = NO_TEXT


@notice("unready")
@dataclass(frozen=True, slots=True)
class DayIncomplete(Notice):
    """The reader leads the deal, or is to come that day: a task that it waits for is not done. `name`: whose it is."""

    task: int
    due_at: datetime
    day: date
    field: ProductText
    name: str = ""
    role: Role | None = None
