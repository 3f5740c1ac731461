"""What messages to those above about people and their work claim."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.notices.stated import states
from keyboards.notices.notice_view import NoticeView
from models import statements as s
from models.notices.people_notices import CallsUndone, Joined, MergeAsked, WorkGiven, WorkLeft


@states(WorkLeft)
def _left(view: NoticeView, notice: WorkLeft) -> Iterator[s.Statement]:
    """The list itself is read when it is looked at."""
    yield s.PersonSaid("away", notice.person)
    if notice.until is not None:
        yield s.DaySaid("away", notice.until)


@states(WorkGiven)
def _given(view: NoticeView, notice: WorkGiven) -> Iterator[s.Statement]:
    yield s.CountSaid("deals", notice.deals)
    yield s.CountSaid("tasks", notice.tasks)
    yield s.CountSaid("visits", notice.visits)


@states(Joined)
def _joined(view: NoticeView, notice: Joined) -> Iterator[s.Statement]:
    yield s.PersonSaid("joined", notice.person)


@states(MergeAsked)
def _merge(view: NoticeView, notice: MergeAsked) -> Iterator[s.Statement]:
    """The cards are read when they are looked at."""
    return iter(())


@states(CallsUndone)
def _calls(view: NoticeView, notice: CallsUndone) -> Iterator[s.Statement]:
    yield s.PersonSaid("assignee", notice.person)
    yield s.DaySaid("calls", notice.day)
    yield s.CountSaid("calls", notice.n)
