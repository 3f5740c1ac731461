"""What messages about a deal claim."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.notices.stated import states
from keyboards.notices.notice_view import NoticeView
from models import statements as s
from models.notices.chat_notices import AnswerGiven, ChatSaid, MessageUndelivered, QuestionAsked
from models.notices.deal_notices import (
    AnswersDisagree,
    ChangeAnswered,
    DealAssigned,
    DealHoldBroken,
    DealHoldKept,
    DealSilent,
    DealSilentLong,
    Escalation,
    FieldsWanted,
    PutBackTold,
    Reminder,
    RobotBlocked,
    SilenceSaid,
)
from models.notices.money_notices import RefundMade, RefundWanted
from models.notices.notice import Notice
from models.values import money


def about(view: NoticeView) -> Iterator[s.Statement]:
    """Which deal it is about, and where that stands."""
    if view.deal is not None:
        yield s.DealSaid(view.deal.id, f"{view.deal.pipeline}.{view.deal.stage}")


@states(Reminder, Escalation, FieldsWanted)
def _by_rule(view: NoticeView, notice: Notice) -> Iterator[s.Statement]:
    """What the placeholders of the rule's text stand for."""
    yield from view.stated


@states(RobotBlocked, DealAssigned, PutBackTold, DealHoldBroken, DealHoldKept, ChangeAnswered)
def _of_deal(view: NoticeView, notice: Notice) -> Iterator[s.Statement]:
    yield from about(view)


@states(AnswersDisagree)
def _disagree(view: NoticeView, notice: AnswersDisagree) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.WordsSaid(notice.from_id)


@states(QuestionAsked, AnswerGiven)
def _by_person(view: NoticeView, notice: ChatSaid) -> Iterator[s.Statement]:
    """A person's own words are his."""
    yield from about(view)
    yield s.WordsSaid(notice.from_id)


@states(MessageUndelivered)
def _undelivered(view: NoticeView, notice: MessageUndelivered) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.WordsSaid(None)


@states(DealSilent, DealSilentLong)
def _silent(view: NoticeView, notice: SilenceSaid) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.DaysSaid("silent", notice.since, notice.days)


@states(RefundWanted)
def _refund_wanted(view: NoticeView, notice: RefundWanted) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.SumSaid("left", money.from_kopecks(notice.amount))


@states(RefundMade)
def _refund_made(view: NoticeView, notice: RefundMade) -> Iterator[s.Statement]:
    yield from about(view)
    yield s.SumSaid("refund", money.from_kopecks(notice.amount))
