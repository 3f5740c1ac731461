"""How messages about money that leaves read."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.payment_callbacks import OpenPayments
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import NoticeWords, open_button, presents, why_button
from keyboards.screen import Rows
from keyboards.translator import Translator
from models.notices.money_notices import RefundMade, RefundWanted
from models.values import money


def _rows(view: NoticeView, t: Translator) -> Rows:
    assert view.deal is not None
    return ((open_button(view, t), buttons.button(t("Оплата"), OpenPayments(view.deal.id))), (why_button(view, t),))


@presents(RefundWanted)
class RefundWantedWords(NoticeWords[RefundWanted]):
    """A deal is over with the client's money in it."""

    icon = "🔴 "

    def said(self, view: NoticeView, notice: RefundWanted, t: Translator) -> str:
        return t("Сделка закончена, а у нас {sum} клиента: вернуть или договориться", sum=_sum(notice.amount, t))

    def rows(self, view: NoticeView, notice: RefundWanted, t: Translator) -> Rows:
        return _rows(view, t)


@presents(RefundMade)
class RefundMadeWords(NoticeWords[RefundMade]):
    """Somebody has given money back to a client."""

    icon = "↩️ "

    def said(self, view: NoticeView, notice: RefundMade, t: Translator) -> str:
        return t("Клиенту вернули {sum}: {text}", sum=_sum(notice.amount, t), text=notice.text or "—")

    def rows(self, view: NoticeView, notice: RefundMade, t: Translator) -> Rows:
        return _rows(view, t)


def _sum(kopecks: int, t: Translator) -> str:
    return t.money(money.from_kopecks(kopecks))
