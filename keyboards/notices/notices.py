"""Messages that the bot sends by itself: one by itself, many as a digest, and why one came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.deals import onboarding
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import words_of
from keyboards.people import roles
from keyboards.screen import Button, Line, Screen, bold, line
from keyboards.translator import Translator


def sentence(view: NoticeView, t: Translator) -> str:
    """What the message says first."""
    return words_of(view).said(view, view.notice, t)


def single(view: NoticeView, now: datetime, t: Translator, *, repeat: bool = False) -> Screen:
    """A message of its own."""
    words = words_of(view)
    said = sentence(view, t)
    about = _about(view, said if words.names_deal else "")
    below = words.below(view, view.notice, t)
    lines = [line(words.icon, bold(said)), about, *below, *marks(view, now, t, repeat=repeat)]
    rows = words.rows(view, view.notice, t) if view.deal is not None or not words.about_deal else ((buttons.home(t),),)
    return words.dressed(view, view.notice, Screen(tuple(lines), rows))


def _about(view: NoticeView, said: str) -> Line:
    """Which deal it is about; its title is not said twice."""
    deal = view.deal
    if deal is None:
        return ()
    place = f"№ {deal.number} · {view.stage}"
    return line(place if deal.title in said else f"{deal.title} · {place}")


def marks(view: NoticeView, now: datetime, t: Translator, *, repeat: bool = False) -> list[Line]:
    """What delivery adds: practice, instead of whom, late, perhaps a repeat."""
    out: list[Line] = []
    if view.practice:
        out.append(onboarding.mark(t, roles.title(view.instead, t)))
    if view.envelope.instead_of:
        said = t("Адресат — {name}, но сообщение не дошло, поэтому пишу вам", name=view.envelope.instead_of)
        out.append(line(said))
    if view.late:
        out.append(line(t("Опоздало. Должно было прийти: {when}", when=t.moment(view.scheduled_for, now=now))))
    if repeat:
        out.append(line(t("Возможно, повтор")))
    return out


def digest(views: Sequence[NoticeView], now: datetime, t: Translator, *, repeat: bool = False) -> Screen:
    """Many messages due at once arrive as one, with a button for each (wish 15)."""
    lines: list[Line] = [line("🗂 ", bold(t.plural("Для вас {n} сообщение", "Для вас {n} сообщений", len(views))))]
    rows: list[tuple[Button, ...]] = []
    for place, one in enumerate(views, 1):
        lines.append(_digest_line(one, place, t))
        lines += marks(one, now, t)
        rows.append((_digest_button(one, place, t),))
    if repeat:
        lines.append(line(t("Возможно, повтор")))
    return Screen(tuple(lines), (*rows, (buttons.home(t),)))


def _digest_line(one: NoticeView, place: int, t: Translator) -> Line:
    """What the message says in one sentence, and about which deal, unless the sentence names it."""
    icon, said = words_of(one).digest_icon(one.notice), sentence(one, t) or one.stage
    names = (one.deal.title, one.values.get("client", "")) if one.deal is not None else ()
    if one.deal is not None and not any(name and name in said for name in names):
        said = f"{one.deal.title}. {said}"
    return line(f"{place}. {icon}{said}")


def _digest_button(one: NoticeView, place: int, t: Translator) -> Button:
    title = one.deal.title if one.deal else sentence(one, t)
    return buttons.button(f"{place}. {title}"[:40], words_of(one).digest_press(one, one.notice))


def why(view: NoticeView, title: str, t: Translator) -> Screen:
    """«Почему мне это пришло?»: the rule, in words, and since when it stood."""
    lines = [
        line(bold(t("Почему мне это пришло"))),
        line(title),
        line(t("Правило процесса: {rule}", rule=view.rule)),
        line(t("По плану: {when}", when=t.moment(view.scheduled_for))),
    ]
    rows = [(buttons.button(t("К сделке"), OpenDeal(view.deal.id)),)] if view.deal else []
    return Screen(tuple(lines), (*rows, (buttons.home(t),)))
