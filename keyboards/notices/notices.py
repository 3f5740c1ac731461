"""Messages that the bot sends by itself: one by itself, many as a digest, and why one came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.deals import onboarding
from keyboards.notices.notice_view import NoticeView, StepView
from keyboards.notices.notice_words import words_of
from keyboards.people import roles
from keyboards.screen import Button, Line, Screen, bold, line
from keyboards.translator import Translator

LONGEST = 3_500  # characters of a digest: Telegram takes 4,096, and cuts nothing off below that
MOST_LINES = 60  # messages in one digest, each with its button: Telegram takes a hundred


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
    """What delivery adds: what comes next on the deal, practice, instead of whom, late, perhaps a repeat."""
    out: list[Line] = [_step(view.step, now, t)] if view.step is not None else []
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


def _step(step: StepView, now: datetime, t: Translator) -> Line:
    """«⏭ Анна: перезвонить — пт, 27 ноября, 15:00 · переносили 2 раза»."""
    said = t("{name}: {step} — {when}", name=step.who, step=step.words, when=t.moment(step.due_at, now=now))
    often = t.plural("переносили {n} раз", "переносили {n} раза", step.put_off) if step.put_off else ""
    return line("⏭ ", f"{said} · {often}" if often else said)


@dataclass(frozen=True, slots=True)
class Digest:
    """One message that says what several would, each of the `views` in a line."""

    views: tuple[NoticeView, ...]
    screen: Screen


def digests(views: Sequence[NoticeView], now: datetime, t: Translator, *, repeat: bool = False) -> list[Digest]:
    """Many messages due at once arrive as one, with a button for each (wish 15); as several where Telegram would cut
    one off, or where nobody would look through it."""
    pages: list[list[tuple[NoticeView, list[Line]]]] = [[]]
    room = LONGEST
    for place, one in enumerate(views, 1):
        lines = [_digest_line(one, place, t), *marks(one, now, t)]
        length = sum(_length(each) + 1 for each in lines)
        if len(pages[-1]) == MOST_LINES or (pages[-1] and length > room):
            pages.append([])
            room = LONGEST
        pages[-1].append((one, lines))
        room -= length
    first, found = 1, []
    for page in pages:
        screen = _digest(page, first, len(views), t, repeat=repeat)
        found.append(Digest(tuple(view for view, _ in page), screen))
        first += len(page)
    return found


def _digest(
    page: Sequence[tuple[NoticeView, list[Line]]], first: int, total: int, t: Translator, *, repeat: bool
) -> Screen:
    said, last = t.plural("Для вас {n} сообщение", "Для вас {n} сообщений", total), first + len(page) - 1
    part = "" if len(page) == total else f" · {first}–{last}"
    lines: list[Line] = [line("🗂 ", bold(said), part)]
    lines += [one for _, said_of in page for one in said_of]
    if repeat:
        lines.append(line(t("Возможно, повтор")))
    rows = [(_digest_button(view, place, t),) for place, (view, _) in enumerate(page, first)]
    return Screen(tuple(lines), (*rows, (buttons.home(t),)))


def _length(said: Line) -> int:
    return sum(len(one if isinstance(one, str) else one.text) for one in said)


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
