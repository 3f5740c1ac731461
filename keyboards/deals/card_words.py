"""What the client wants and what was said last, as the card tells it (day 10)."""

from __future__ import annotations

from keyboards.deals import history_words
from keyboards.deals.deal_view import DealView
from keyboards.near_time import cut
from keyboards.screen import Line, line
from keyboards.translator import Translator
from models.history.deal_lines import CommentCorrected, CommentMade
from models.history.line import HistoryEntry
from models.history.message_lines import SmsChanged

MOST = 3  # of the newest lines; «История» has them all
SHORT = 90  # characters of such a line
ASIDE = frozenset({CommentMade.kind, CommentCorrected.kind, SmsChanged.kind})  # lines that the timeline leaves out
LONGEST = 140  # characters of a line that a phone shows in two or three rows


def lines(view: DealView, t: Translator) -> list[Line]:
    """The wish, where the title does not say it; the last word."""
    return [*_wish(view), *_word(view, t)]


def _wish(view: DealView) -> list[Line]:
    comment = view.process.intake.comment if view.process.intake is not None else None
    if comment is None or comment in view.hidden:
        return []
    said = str(view.deal.fields.get(comment) or "")
    return [line("📝 ", cut(said, LONGEST))] if said and said not in view.deal.title else []


def _word(view: DealView, t: Translator) -> list[Line]:
    """«💬 вчера, Анна: хочет чёрные ручки»."""
    one = view.word
    if one is None or not history_words.is_seen(one, view):
        return []
    said = one.line.text if isinstance(one.line, CommentMade | CommentCorrected) else None
    told = said if said is not None else history_words.happened(one, view, t)
    who = f"{t.moment(one.at, now=view.now)}, {history_words.who(one, t)}"
    return [line("💬 ", f"{who}: {cut(told, LONGEST)}")]


def timeline(view: DealView, t: Translator) -> list[Line]:
    """What has happened, the three newest, each «🕘 вчера, 10:42, Анна: …»; the last word stands above already, words
    before it may have been corrected since, and how an SMS fares is told by its own page."""
    seen = [one for one in view.newest if history_words.is_seen(one, view)]
    return [line("🕘 ", cut(_told(one, view, t), SHORT)) for one in seen[:MOST]]


def _told(one: HistoryEntry, view: DealView, t: Translator) -> str:
    who = history_words.who(one, t).split()[0]
    return f"{t.moment(one.at, now=view.now)}, {who}: {history_words.said(one, view, t)}"
