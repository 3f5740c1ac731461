"""What messages about tasks claim."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.notices.stated import states
from handlers.notices.statements.deal_statements import about
from keyboards.notices.notice_view import NoticeView
from models import statements as s
from models.notices.notice import Notice
from models.notices.task_notices import (
    ApprovalOver,
    CallsDue,
    DayIncomplete,
    TaskComingLate,
    TaskDue,
    TaskPutOff,
    TaskTaken,
    TaskUndone,
    TaskWithdrawn,
)


@states(TaskDue)
def _due(view: NoticeView, notice: TaskDue) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.TaskSaid(notice.task, "open")


@states(TaskUndone)
def _undone(view: NoticeView, notice: TaskUndone) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.TaskSaid(notice.task, "open")
    yield s.MomentSaid("due", notice.due_at)
    if notice.day is not None:
        yield s.DaySaid("agreed", notice.day)
    if notice.person is not None:
        yield s.PersonSaid("assignee", notice.person)


@states(DayIncomplete)
def _unready(view: NoticeView, notice: DayIncomplete) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.TaskSaid(notice.task, "open")
    yield s.MomentSaid("due", notice.due_at)
    yield s.DaySaid("agreed", notice.day)


@states(TaskComingLate)
def _unheard(view: NoticeView, notice: TaskComingLate) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.TaskSaid(notice.task, "open")
    yield s.MomentSaid("told", notice.at)
    yield s.PersonSaid("told", notice.who)  # whose task it is, or the first of its role who hears


@states(TaskPutOff)
def _put_off(view: NoticeView, notice: TaskPutOff) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.WordsSaid(notice.from_id)


@states(TaskTaken, TaskWithdrawn, CallsDue)
def _of_deal(view: NoticeView, notice: Notice) -> Iterator[s.Statement]:
    yield from about(view)


@states(ApprovalOver)
def _over(view: NoticeView, notice: ApprovalOver) -> Iterator[s.Statement]:
    yield from view.stated
    if notice.was is not None:
        yield s.FormerSaid(notice.was.field, notice.was.value)
