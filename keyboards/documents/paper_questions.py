"""What is asked before a paper is made: whose name it carries, and whether places may stay empty."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.paper_callbacks import AskPaperName, ChoosePaperName, ConfirmPaper, FillPaper
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal
from models.ids import TaskId
from models.values.product_text import ProductText


def checksum(name: str) -> int:
    """What tells one name from another in a button."""
    return zlib.crc32(name.encode())


def whose_name(
    deal: Deal, name: str, title: ProductText, own: str, card: str, t: Translator, task: TaskId | None = None
) -> Screen:  # fmt: skip
    """The deal and the client's card name two people."""
    lines = (
        line("📄 ", bold(t("На кого оформить: {paper}?", paper=t(title)))),
        line(f"{deal.title} · № {deal.number}"),
        EMPTY,
        line(t("В сделке и в карточке клиента — разные имена. Ответ запомню для всех документов сделки.")),
    )
    rows = (
        (_named(deal, name, own, t("{name} (в сделке)", name=own), task, is_card=False),),
        (_named(deal, name, card, t("{name} (карточка клиента)", name=card), task, is_card=True),),
        (buttons.button(t("Другое имя"), AskPaperName(deal.id, name, task)),),
        (buttons.back(t, OpenDeal(deal.id)),),
    )
    return Screen(lines, rows)


def _named(deal: Deal, paper: str, name: str, label: str, task: TaskId | None, *, is_card: bool) -> Button:
    return buttons.button(label, ChoosePaperName(deal.id, paper, is_card, checksum(name), task), colour="primary")


def empty_places(
    deal: Deal,
    name: str,
    title: ProductText,
    empty: Sequence[ProductText],
    t: Translator,
    task: TaskId | None = None,
    *,
    can_fill: bool,
) -> Screen:
    """What would stay empty: filled in now, or so it shall be (truth 39)."""
    lines: list[Line] = [
        line("⚠️ ", bold(t("Останется пустым: {paper}", paper=t(title)))),
        line(f"{deal.title} · № {deal.number}"),
        EMPTY,
        *(line("• ", t(one)) for one in empty),
    ]
    fill = [buttons.button(t("Заполнить"), FillPaper(deal.id, name, task), colour="primary")] if can_fill else []
    as_is = buttons.button(t("Так и надо"), ConfirmPaper(deal.id, name, deal.version, task))
    return Screen(tuple(lines)).with_rows(fill, (as_is,), (buttons.back(t, OpenDeal(deal.id)),))
