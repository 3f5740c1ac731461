"""A call to the client: how it ended, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import LogCall, OpenDeal
from keyboards.deals.deal_view import DealView
from keyboards.deals.history_words import tells
from keyboards.screen import Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal
from models.history.deal_lines import CallLogged
from models.history.line import HistoryEntry
from models.ids import DealId
from models.states import CallResult
from models.values.invalid_value import N_
from models.values.product_text import ProductText

RESULTS: Mapping[CallResult, ProductText] = {
    "reached": N_("✅ Дозвонился"),
    "missed": N_("❌ Не дозвонился"),
    "calls_back": N_("↩️ Перезвонит"),
}
TOLD: Mapping[CallResult, ProductText] = {
    "reached": N_("звонок клиенту: поговорили"),
    "missed": N_("звонок клиенту: не дозвонились"),
    "calls_back": N_("звонок клиенту: просил перезвонить"),
}
CALL_AGAIN = N_("перезвонить")  # what comes of a call that has not come to its end


def how(deal: Deal, phones: tuple[str, ...], t: Translator) -> Screen:
    """How did it end? The number is there to be called."""
    lines: list[Line] = [line("📞 ", bold(t("Чем кончился звонок?"))), line(f"{deal.title} · № {deal.number}")]
    lines += [line(t.phone(one)) for one in phones]
    key = DealId(deal.id)
    short = (_result(key, "reached", t),), (_result(key, "missed", t),), (_result(key, "calls_back", t),)
    return Screen(tuple(lines)).with_rows(*short, (buttons.back(t, OpenDeal(key)), buttons.home(t)))


def _result(deal: DealId, result: CallResult, t: Translator) -> Button:
    return buttons.button(t(RESULTS[result]), LogCall(deal, result))


@tells(CallLogged)
def _called(one: HistoryEntry, line_: CallLogged, view: DealView, t: Translator) -> str:
    return t(TOLD[line_.result])
