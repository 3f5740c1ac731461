"""What messages about the bot's own troubles claim: nothing of the business."""

from __future__ import annotations

from handlers.notices.stated import states
from keyboards.notices.notice_view import NoticeView
from models.notices.notice import Notice
from models.notices.trouble_notices import TroubleBegan, TroubleOver, UpdateGap
from models.statements import Statement


@states(TroubleBegan, TroubleOver, UpdateGap)
def _trouble(view: NoticeView, notice: Notice) -> tuple[Statement, ...]:
    return ()
