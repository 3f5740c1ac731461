"""The pinned message of a deal: it says how things stand, and opens the card (K-14)."""

from __future__ import annotations

from collections.abc import Mapping

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.screen import Screen, bold, line
from keyboards.translator import Translator
from models.entities import Deal
from models.values.product_text import ProductText


def screen(deal: Deal, text: ProductText, values: Mapping[str, str], stage: str, t: Translator) -> Screen:
    """The process's text with the deal's values in it, if it has any; when the deal is closed, how it ended."""
    lines = [line(bold(deal.title), f" · № {deal.number}")]
    lines += [line(part) for part in t(text, **values).split("\n")] if text else []
    if deal.status != "open":
        lines.append(line(t("Сделка закрыта: {stage}", stage=stage)))
    return Screen(tuple(lines), ((buttons.button(t("Открыть"), OpenDeal(deal.id), colour="primary"),),))


def handed_over(deal: Deal | None, to: str, t: Translator) -> Screen:
    """What stays in the chat of somebody whose deal it is no longer: no sums, no buttons."""
    if deal is None:
        return Screen((line(t("Этой сделки больше нет.")),))
    said = t("Сделку ведёт: {name}", name=to) if to else t("Сделку вы больше не ведёте")
    return Screen((line(bold(deal.title), f" · № {deal.number}"), line(said)))
