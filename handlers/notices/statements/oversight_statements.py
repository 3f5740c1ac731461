"""What messages about who looks at clients claim."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.notices.stated import states
from keyboards.notices.notice_view import NoticeView
from models import statements as s
from models.notices.oversight_notices import CompanyAsked, LooksLimited, TableTaken


@states(LooksLimited)
def _limited(view: NoticeView, notice: LooksLimited) -> Iterator[s.Statement]:
    yield s.PersonSaid("looks", notice.person)
    yield s.DaySaid("looks", notice.day)


@states(TableTaken)
def _taken(view: NoticeView, notice: TableTaken) -> Iterator[s.Statement]:
    yield s.CountSaid("rows", notice.rows)


@states(CompanyAsked)
def _company(view: NoticeView, notice: CompanyAsked) -> Iterator[s.Statement]:
    """The card is read when it is looked at."""
    return iter(())
