"""What happens to a deal's tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.history.line import HistoryLine, line
from models.states import StepEvery
from models.values.product_text import NO_TEXT, NO_TITLE, ProductText, StoredTitle

Change = Literal["added", "renamed", "removed", "moved"]


@line("task_given")
@dataclass(frozen=True, slots=True)
class TaskWasGiven(HistoryLine):
    """A task was given; `title` as it was then."""

    task: str = ""
    title: ProductText = NO_TEXT


@dataclass(frozen=True, slots=True)
class TaskAnswer(HistoryLine):
    """A task by its name in the process, and the outcome that was chosen."""

    task: str = ""
    outcome: str = ""


@line("task_closed")
@dataclass(frozen=True, slots=True)
class TaskWasClosed(TaskAnswer):
    """Closed with this outcome; a next step by the `words` of its person."""

    words: str = ""


@line("step")
@dataclass(frozen=True, slots=True)
class StepWasMade(HistoryLine):
    """A person has said what comes next: `words`, `until` when in ISO form, `to` whom by name if to somebody else, how
    often again (`every`)."""

    task: str = ""
    words: str = ""
    until: str = ""
    to: str = ""
    every: StepEvery | None = None


@line("task_aside")
@dataclass(frozen=True, slots=True)
class TaskOutcomePutAside(TaskAnswer):
    """It was closed with this outcome, which counts no longer."""


@line("task_answered")
@dataclass(frozen=True, slots=True)
class TaskWasAnswered(TaskAnswer):
    """An outcome that leaves it open (K-16)."""


@line("task_snoozed")
@dataclass(frozen=True, slots=True)
class TaskWasSnoozed(TaskAnswer):
    """An outcome that puts it off."""


@line("put_off")
@dataclass(frozen=True, slots=True)
class TaskWasPutOff(HistoryLine):
    """A person has put it off (K-4): `id` of the task, `until` in ISO form, `text`: why; a next step by its `words`."""

    id: int
    task: str = ""
    title: ProductText = NO_TEXT
    words: str = ""
    until: str = ""
    text: str = ""


@line("task_to")
@dataclass(frozen=True, slots=True)
class TaskWasGivenOn(HistoryLine):
    """It was given to somebody else; `to` by name; a next step by its `words`."""

    task: str = ""
    title: ProductText = NO_TEXT
    words: str = ""
    to: str = ""


@line("checklist")
@dataclass(frozen=True, slots=True)
class ChecklistEdited(HistoryLine):
    """A line of a task's checklist was edited for this deal (K-5); `title` is the task's, `place` counts from one."""

    task: str
    title: ProductText
    change: Change
    line: StoredTitle
    was: StoredTitle = NO_TITLE
    place: int | None = None
