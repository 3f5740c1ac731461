"""What is offered where somebody types the bot's name and a few words in any chat, and what is posted there.

The list is seen by who types alone; what he posts is read by everybody in that chat, a client or a whole group. So
that says the deal's number and nothing else: not the title, in which the client's name mostly stands, not the stage,
which a client need not read, nobody's name, no sum. A number tells an outsider nothing, and the button opens the card
for those only who may open it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keyboards import base36
from keyboards.clients.client_card import DealLine
from keyboards.near_time import cut
from keyboards.screen import Button, Screen, bold, line
from keyboards.translator import Translator
from models.ids import DealId

TITLE, DESCRIPTION = 80, 120
OPEN_CARD, SEARCH, JOIN = "d", "find", "start"  # what stands behind «/start» where a link leads into the bot


@dataclass(frozen=True, slots=True)
class InlineResult:
    """A line of the list, and what is posted when it is chosen."""

    id: str
    title: str
    description: str
    posted: Screen


@dataclass(frozen=True, slots=True)
class InlinePage:
    """What is offered; `note` stands above it and leads into the bot with the word `leads_to`; `seconds`: for how long
    Telegram may show it again without asking; `next`: where a further page begins."""

    results: tuple[InlineResult, ...] = ()
    note: str = ""
    leads_to: str = SEARCH
    seconds: int = 5
    next: str = ""


def card_link(username: str, deal: DealId) -> str:
    """The link that opens a deal's card in the bot."""
    return f"https://t.me/{username}?start={OPEN_CARD}{base36.to36(deal)}"


def own_result(one: DealLine, whose: str, username: str, t: Translator) -> InlineResult:
    """A deal that may be opened; `whose`: in words, who leads it."""
    client = one.client if one.client and one.client not in one.title else None
    said = " · ".join(part for part in (one.stage, client, whose) if part)
    title = cut(f"{one.mark} № {one.number} — {one.title}", TITLE)
    return InlineResult(f"{one.id}", title, cut(said, DESCRIPTION), _posted(one.id, one.number, username, t))


def others_result(deal: DealId, number: str, led_by: str | None, username: str, t: Translator) -> InlineResult:
    """A colleague's: its number and whom to ask."""
    said = t("ведёт {name}", name=led_by or "—")
    return InlineResult(f"{deal}", f"🔒 № {number}", said, _posted(deal, number, username, t))


def note(fault: str | None, t: Translator) -> str:
    """Why nothing is offered, in a few words; None: nothing was found."""
    if fault == "letter":
        return t("Напишите хотя бы три буквы")
    if fault == "nothing":
        return t("Здесь нет ни букв, ни цифр")
    if fault == "long":
        return t("Слишком длинно: оставьте главные слова")
    return t("Сделок не нашлось — искать в боте")


def stranger(t: Translator) -> InlinePage:
    """All that somebody gets who does not work here, or no more."""
    return InlinePage(note=t("Только для сотрудников компании"), leads_to=JOIN, seconds=30)


def no_search(t: Translator) -> InlinePage:
    """Of somebody whose role searches for nothing, in the bot as little as here."""
    return InlinePage(note=t("Искать сделки могут продажи — открыть бота"), leads_to=JOIN)


def failed(t: Translator) -> InlinePage:
    """The search has failed: the next letter asks again."""
    return InlinePage(note=t("Сейчас не получилось — откройте бота"), seconds=0)


def offered(results: Sequence[InlineResult], note: str, following: str) -> InlinePage:
    """A page of deals, perhaps with a word above it."""
    return InlinePage(tuple(results), note, next=following)


def _posted(deal: DealId, number: str, username: str, t: Translator) -> Screen:
    text = (line("📁 ", bold(t("Сделка № {number}", number=number))),)
    if not username:  # Telegram was out of reach since the first start: nobody knows where the link would lead
        return Screen(text)
    return Screen(text, ((Button(t("Открыть карточку"), url=card_link(username, deal)),),))
