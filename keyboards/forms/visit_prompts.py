"""A visit in a form: free windows as buttons, a window held while one talks, why another time cannot be had (K-19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from keyboards import buttons
from keyboards.callbacks.forms.visit_answer_callbacks import (
    ChooseOtherWindow,
    ChooseWindow,
    ConfirmWindow,
    ShowLaterWindows,
)
from keyboards.forms import field_words
from keyboards.forms.field_words import Reading
from keyboards.forms.prompts import Question, screen
from keyboards.near_time import clock
from keyboards.screen import EMPTY, Line, Screen, bold, line
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models.fields.booking_field import BookingField
from models.ids import EmployeeId
from models.values.invalid_value import N_
from models.values.visit_slot import VisitSlot
from models.visits import Unavailable, VisitWindow

NO_PHONE = N_(
    "У мастера не указан рабочий телефон, без него клиент не получит SMS. "
    "Указать может сам мастер в «Настройках» или руководитель в «Команде»."
)
MINUTE = 60  # seconds; a button says a moment in minutes


def windows(
    t: Translator,
    ask: Question,
    found: Sequence[VisitWindow],
    now: datetime,
    *,
    more_from: int | None = None,
    taken: Unavailable | None = None,
) -> Screen:
    """The nearest free windows; `taken` says why the time that was wanted cannot be had."""
    lines: list[Line] = [EMPTY, line("⚠️ ", visit_words.trouble(taken, t))] if taken else []
    several = len({one.person_id for one in found}) > 1
    labels = [visit_words.window(one, now, t, named=several) for one in found]
    presses = [ChooseWindow(ask.step, EmployeeId(one.person_id), stamp(one.starts_at)) for one in found]
    shown = [(buttons.button(label, press),) for label, press in zip(labels, presses, strict=True)]
    turn = [buttons.button(t("Позже ›"), ShowLaterWindows(ask.step, more_from))] if more_from is not None else []
    if found:
        how = t("Выберите окно или напишите время, например «завтра в 10» или «12.12 в 14:00».")
    else:
        how = t("Свободных окон нет. Напишите другой день или проверьте график мастеров в «Команде».")
    return screen(t, ask, *shown, turn, lines=lines, how=how)


def with_windows(t: Translator, ask: Question, screen: Screen, found: Sequence[VisitWindow], now: datetime) -> Screen:
    """The question for an hour, with the free windows of whoever comes above the calendar."""
    several = len({one.person_id for one in found}) > 1
    rows = tuple(
        (
            buttons.button(
                visit_words.window(one, now, t, named=several),
                ChooseWindow(ask.step, EmployeeId(one.person_id), stamp(one.starts_at)),
            ),
        )
        for one in found
    )
    return replace(screen, rows=(*rows, *screen.rows)) if rows else screen


def held(
    t: Translator,
    ask: Question,
    slot: VisitSlot,
    names: Sequence[str],
    until: datetime,
    now: datetime,
    *,
    no_phone: bool = False,
) -> Screen:
    """The window is kept while one talks with the client: every day of it, and everybody who comes."""
    lines: list[Line] = [
        EMPTY,
        *(line("🕘 ", bold(visit_words.visit(begins, ends, now, t))) for begins, ends in slot.spans),
        line("🧰 ", ", ".join(names)),
        line(t("Окно держу за вами до {time}. Согласуйте его с клиентом.", time=clock(until, t))),
    ]
    if no_phone:
        lines.append(line("⚠️ ", t(NO_PHONE)))
    yes = buttons.button(t("✔ Клиент согласен"), ConfirmWindow(ask.step), colour="success")
    other = buttons.button(t("Другое окно"), ChooseOtherWindow(ask.step))
    return screen(t, ask, (yes,), (other,), lines=lines)


def stamp(at: datetime) -> int:
    """A moment for a button: whole minutes since 1970."""
    return int(at.timestamp()) // MINUTE


@field_words.shows(BookingField)
def _words(t: Translator, one: BookingField, typed: VisitSlot, reading: Reading) -> str:
    """«пт, 14 марта, 10:00 · Игорь Лукин»; the name only where the reader is given the names."""
    at = t.moment(typed.starts_at, now=reading.now)
    if typed.more_starts:
        at = ", ".join([at, *(t.moment(one, now=reading.now) for one in typed.more_starts)])
    names = [reading.people[who] for who in typed.people if who in reading.people]
    return f"{at} · {', '.join(names)}" if names else at


@field_words.samples(BookingField)
def _sample(t: Translator, one: BookingField, now: datetime) -> str:
    return t.moment(now + timedelta(days=1), now=now)  # who comes has a word of his own
