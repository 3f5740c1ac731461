"""What a supervisor does with an escalation: for how long it is put off, to whom the deal is handed (C-6)."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import HandOver, OpenDeal
from keyboards.callbacks.notice_callbacks import PutOffEscalation
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal
from models.ids import DealId, EmployeeId


def put_off(view: NoticeView, t: Translator) -> Screen:
    """For how long an escalation is put off (C-6)."""
    lines = [line(bold(t("Отложить напоминание"))), line(notices.sentence(view, t))]
    key = view.deal.id if view.deal else DealId(0)
    days = [(t("1 день"), 1), (t("3 дня"), 3), (t("Неделя"), 7)]
    rows = (
        tuple(buttons.button(title, PutOffEscalation(key, view.id, n)) for title, n in days),
        (buttons.button(t("К сделке"), OpenDeal(key)),),
    )
    return Screen(tuple(lines), rows)


def hand_to(deal: Deal, people: Sequence[tuple[EmployeeId, str, int]], t: Translator) -> Screen:
    """To whom a deal is handed; beside each name how many open deals he has."""
    lines = [line(bold(t("Кому передать сделку?"))), line(f"{deal.title} · № {deal.number}")]
    rows = [
        (buttons.button(name + " · " + t.plural("{n} сделка", "{n} сделок", n), HandOver(deal.id, key)),)
        for key, name, n in people
    ]
    return Screen(tuple(lines), (*rows, (buttons.back(t, OpenDeal(deal.id)),)))
