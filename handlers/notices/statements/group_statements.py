"""What messages about groups claim: what was seen once, which nothing later makes untrue."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.notices.stated import states
from keyboards.notices.notice_view import NoticeView
from models import statements as s
from models.notices.group_notices import GroupLeft


@states(GroupLeft)
def _left(view: NoticeView, notice: GroupLeft) -> Iterator[s.Statement]:
    return iter(())
