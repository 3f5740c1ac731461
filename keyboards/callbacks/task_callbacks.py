"""Presses about tasks: their cards, lists, call lists, putting off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyboards import base36
from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, EmployeeId, ItemId, NoticeId, TaskId

BY_TASK = "t"  # in a button of a call list: the list is named by one of its tasks


@callback("task")
@dataclass(frozen=True, slots=True)
class OpenTask(CallbackData):
    """The card."""

    task: TaskId


@callback("job")
@dataclass(frozen=True, slots=True)
class OpenJob(CallbackData):
    """The page of a job, held in one hand; of any other task its card."""

    task: TaskId


@callback("job_step")
@dataclass(frozen=True, slots=True)
class StepJob(CallbackData):
    """A line of the job's checklist, pressed on its page. `done` is what is to become true."""

    task: TaskId
    item: ItemId
    done: bool


@callback("job_end")
@dataclass(frozen=True, slots=True)
class EndJob(CallbackData):
    """An outcome of the job, pressed on its page. `drawn_for` as in ChooseOutcome."""

    task: TaskId
    name: str
    drawn_for: int


@callback("tick")
@dataclass(frozen=True, slots=True)
class TickItem(CallbackData):
    """A line of the checklist. `done` is what is to become true, so that a second press of it changes nothing."""

    task: TaskId
    item: ItemId
    done: bool | None = None


@callback("outcome")
@dataclass(frozen=True, slots=True)
class ChooseOutcome(CallbackData):
    """An outcome of the task. `drawn_for` is the state of the task, or of its deal, that the button was drawn for.
    `sure`: it is known that no way leads back from where it leads."""

    task: TaskId
    name: str
    drawn_for: int | None = None
    sure: Literal["y"] | None = None


@callback("task_take")
@dataclass(frozen=True, slots=True)
class TakeTask(CallbackData):
    """Take what was given to a role."""

    task: TaskId


@callback("task_to")
@dataclass(frozen=True, slots=True)
class ChooseTaskPerson(CallbackData):
    """To whom is the task given?"""

    task: TaskId


@callback("task_give")
@dataclass(frozen=True, slots=True)
class GiveTaskTo(CallbackData):
    """Give it to that employee."""

    task: TaskId
    to: EmployeeId


@callback("task_ask")
@dataclass(frozen=True, slots=True)
class AskTaskPerson(CallbackData):
    """Those above ask who has it how it stands."""

    task: TaskId


@callback("snooze")
@dataclass(frozen=True, slots=True)
class SnoozeTask(CallbackData):
    """Put off until one of the times that the menu offers; without one, the menu."""

    task: TaskId
    choice: str | None = None


@callback("snooze_own")
@dataclass(frozen=True, slots=True)
class AskSnooze(CallbackData):
    """Put off until any other time, typed."""

    task: TaskId


@callback("step")
@dataclass(frozen=True, slots=True)
class AskStep(CallbackData):
    """What comes next on the deal, and when? `to`: for that colleague."""

    deal: DealId
    to: EmployeeId | None = None


@callback("step_at")
@dataclass(frozen=True, slots=True)
class SetStep(CallbackData):
    """The next step at one of the times that the question offers."""

    deal: DealId
    choice: str


@callback("step_of")
@dataclass(frozen=True, slots=True)
class ChooseStepDeal(CallbackData):
    """On that deal is the step that was typed."""

    deal: DealId


@callback("step_who")
@dataclass(frozen=True, slots=True)
class ChooseStepPerson(CallbackData):
    """For which colleague?"""

    deal: DealId


@callback("tasks")
@dataclass(frozen=True, slots=True)
class ListTasks(CallbackData):
    """«Мои задачи»: a section, page by page; without one, the first that has any."""

    section: str | None = None
    page: int | None = None


@callback("jobs")
@dataclass(frozen=True, slots=True)
class ListJobs(CallbackData):
    """Jobs of today."""

    page: int | None = None


@callback("jobs_next")
@dataclass(frozen=True, slots=True)
class ListComingJobs(CallbackData):
    """Jobs of the days after."""

    page: int | None = None


@callback("calls")
@dataclass(frozen=True, slots=True)
class OpenCallList(CallbackData):
    """A call list by one of its tasks or by its message; without either, the lists there are.

    `key` is BY_TASK or the message's id in base 36: use `of_task` and `of_notice`.
    """

    key: str | None = None
    task: TaskId | None = None

    @classmethod
    def of_task(cls, task: TaskId) -> OpenCallList:
        return cls(BY_TASK, task)

    @classmethod
    def of_notice(cls, notice: NoticeId) -> OpenCallList:
        return cls(base36.to36(notice))

    @property
    def notice(self) -> NoticeId | None:
        """The message that the list came with; None if it is named by a task, or not at all."""
        found = base36.from36(self.key) if self.key and self.task is None else None
        return NoticeId(found) if found is not None else None
