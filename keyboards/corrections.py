"""What is said of a message that was corrected."""

from __future__ import annotations

from keyboards import buttons, near_time
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.screen import Line, Screen, line
from keyboards.translator import Translator
from models.entities import Deal

LONGEST = 300  # characters of the words that stand now


def said(title: str, value: str, t: Translator) -> str:
    """What it says now."""
    return t("Исправил: {title} — {value}", title=title, value=value)


def changed_since(deal: Deal, title: str, value: str, t: Translator) -> Screen:
    """Somebody has changed it otherwise since."""
    lines = (
        line("⚠️ ", t("С тех пор «{title}» уже другое: {value}.", title=title, value=value)),
        line(t("Правка в сообщении ничего не изменила, исправьте на карточке.")),
    )
    return _with_card(lines, deal, t)


def by_hand(deal: Deal, t: Translator) -> Screen:
    """What it has led to is not undone by other words."""
    said_ = t("Это сообщение уже выполнено, правка в нём ничего не изменила. Исправьте на карточке.")
    return _with_card((line("⚠️ ", said_),), deal, t)


def _with_card(lines: tuple[Line, ...], deal: Deal, t: Translator) -> Screen:
    head = line(f"{deal.title} · № {deal.number}")
    return Screen((*lines, head), ((buttons.button(t("Открыть"), OpenDeal(deal.id)), buttons.home(t)),))


def caption(deal: Deal | None, text: str, t: Translator) -> Screen:
    """What stands with the file now; `deal`: in whose folder it lies."""
    said_ = t("Исправил подпись к файлу: «{text}»", text=near_time.cut(text, LONGEST)) if text else None
    lines = (line("✏️ ", said_ or t("Убрал подпись к файлу.")),)
    return _with_card(lines, deal, t) if deal is not None else Screen(lines)


def file_gone(t: Translator) -> Screen:
    """The file is in no folder any more, or not his to see."""
    said_ = t("Этого файла в папке уже нет или он вам больше не виден: правка ничего не изменила.")
    return Screen((line(said_),), ((buttons.home(t),),))


def gone(t: Translator) -> Screen:
    """Its deal is gone, or no longer his to see."""
    said_ = t("Сделки уже нет или она вам больше не видна: правка ничего не изменила.")
    return Screen((line(said_),), ((buttons.home(t),),))


def too_old(t: Translator) -> Screen:
    """It was sent days ago."""
    said_ = t("Это сообщение старше двух дней, правку в нём я не учитываю. Исправьте на карточке сделки.")
    return Screen((line(said_),), ((buttons.home(t),),))


def nothing(t: Translator) -> Screen:
    """It was no answer to anything."""
    said_ = t("Исправленное сообщение не было ответом: ничего не изменилось.")
    return Screen((line(said_),), ((buttons.home(t),),))
