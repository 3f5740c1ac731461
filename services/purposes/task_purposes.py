"""Forms about a task: a line of its checklist, an outcome, putting it off, the checklist itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.ids import DealId, EmployeeId, ItemId, TaskId
from models.states import StepEvery
from services.form_purposes import Purpose, purpose


@purpose("item")
@dataclass(frozen=True, slots=True)
class TickPurpose(Purpose):
    """What ticking a line asks, then the tick. `held`: it was pressed on the page of a job, which is shown again."""

    is_of_task: ClassVar[bool] = True

    task: TaskId
    item: ItemId
    held: bool | None = None


@purpose("outcome")
@dataclass(frozen=True, slots=True)
class OutcomePurpose(Purpose):
    """What an outcome asks, then the outcome. `held`: it was pressed on the page of a job, which is shown again."""

    is_tried_again: ClassVar[bool] = True
    is_of_task: ClassVar[bool] = True

    task: TaskId
    outcome: str
    held: bool | None = None


@purpose("snooze_at")
@dataclass(frozen=True, slots=True)
class SnoozeTimePurpose(Purpose):
    """Until when is it put off?"""

    task: TaskId


@purpose("put_off")
@dataclass(frozen=True, slots=True)
class SnoozePurpose(Purpose):
    """Why is it put off?"""

    task: TaskId
    until: datetime


@purpose("step")
@dataclass(frozen=True, slots=True)
class StepPurpose(Purpose):
    """What comes next on a deal, and when; with `words` only when is asked. `to`: for a colleague; `every`: again."""

    is_step: ClassVar[bool] = True

    deal: DealId
    words: str = ""
    every: StepEvery | None = None
    to: EmployeeId | None = None


@purpose("step_deal")
@dataclass(frozen=True, slots=True)
class StepDealPurpose(Purpose):
    """On which deal is the step that was typed (`said`)? `about`: what was looked for last."""

    is_step: ClassVar[bool] = True

    said: str
    about: str = ""


@purpose("ck_add")
@dataclass(frozen=True, slots=True)
class AddLinePurpose(Purpose):
    """A new line of its checklist."""

    task: TaskId


@purpose("ck_name")
@dataclass(frozen=True, slots=True)
class RenameLinePurpose(Purpose):
    """Other words for a line."""

    task: TaskId
    item: ItemId
