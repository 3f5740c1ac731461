"""What all questions of a form share: what is asked, an example, what was wrong, the ways out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keyboards import buttons, near_time
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.forms.question_callbacks import (
    AnswerHeard,
    CancelQuestion,
    ChooseClient,
    GoBack,
    KeepAnswer,
    NotAnswer,
    SkipQuestion,
)
from keyboards.screen import EMPTY, Button, Line, Rows, Screen, bold, line
from keyboards.translator import Translator
from models.ids import DealId

LABEL = 30  # characters of a button that a phone shows
QUOTED = 160  # characters of what a person has typed


@dataclass(frozen=True, slots=True)
class Question:
    """What every question shows. `step` goes into its buttons, so that an old question's buttons are known as such.

    `about` is the deal it is for, `said` the answer before it, `problem` what was wrong with the last try.
    `place` is (which, of how many).
    """

    step: int
    title: str
    hint: str = ""
    example: str = ""
    about: str = ""
    intro: str = ""
    said: str = ""
    problem: str = ""
    place: tuple[int, int] = (1, 1)
    can_back: bool = False
    can_skip: bool = False
    now: str = ""  # the value there is, which may be kept


def screen(t: Translator, ask: Question, *rows: Iterable[Button], lines: Sequence[Line] = (), how: str = "") -> Screen:
    """A question: its head, what is special to its kind, its buttons and the ways out."""
    return Screen((*head(t, ask, how), *lines), ()).with_rows(*rows, *foot(t, ask))


def head(t: Translator, ask: Question, how: str = "") -> list[Line]:
    """For which deal, what came before, what was wrong, the question. `how` says how to answer."""
    out: list[Line] = []
    if ask.about:
        out.append(line("📄 ", ask.about))
    if ask.intro:
        out.append(line(ask.intro))
    if ask.said:
        out.append(line("✓ ", ask.said))
    if ask.problem:
        out += [line("⚠️ ", part) if n == 0 else line(part) for n, part in enumerate(ask.problem.split("\n"))]
    if out:
        out.append(EMPTY)
    which, of = ask.place
    progress = (t(" · {n} из {of}", n=which, of=of),) if of > 1 else ()
    out.append(line(bold(ask.title), *progress))
    if ask.hint:
        out.append(line(ask.hint))
    if how:
        out.append(line(how))
    if ask.example and not ask.problem:
        out.append(line(t("Например: {example}", example=ask.example)))
    if ask.now:
        out.append(line(t("Сейчас: "), bold(ask.now)))
    return out


def foot(t: Translator, ask: Question) -> Rows:
    """Keep what there is, back, skip, cancel."""
    keep = (buttons.button(t("Оставить как есть"), KeepAnswer(ask.step)),) if ask.now else ()
    row = []
    if ask.can_back:
        row.append(buttons.button(t("‹ Назад"), GoBack(ask.step)))
    if ask.can_skip:
        row.append(buttons.button(t("Пропустить"), SkipQuestion(ask.step)))
    row.append(buttons.button(t("Отмена"), CancelQuestion(ask.step)))
    return (keep, tuple(row)) if keep else (tuple(row),)


def in_rows(found: Sequence[Button], most: int = 3) -> list[tuple[Button, ...]]:
    """As many beside each other as a phone can show: long labels get a row of their own."""
    longest = max((len(one.text) for one in found), default=0)
    width = 1 if longest > 18 else min(2 if longest > 9 else 3, most)
    return [tuple(found[at : at + width]) for at in range(0, len(found), width)]


def cut(text: str) -> str:
    """A label that fits on a button."""
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


# --- questions of no type of field ------------------------------------------------------------------------------


def typed(t: Translator, ask: Question, how: str = "") -> Screen:
    """A question answered by typing."""
    return screen(t, ask, how=how or t("Напишите ответ сообщением."))


def known_client(t: Translator, ask: Question, name: str, phone: str, open_deals: Sequence[str]) -> Screen:
    """The phone belongs to somebody we know: make the deal his."""
    lines = [line(t("Телефон {phone} уже есть: ", phone=phone), bold(name))]
    lines += [line("• ", one) for one in open_deals[:8]]
    if not open_deals:
        lines.append(line(t("Открытых сделок нет.")))
    own = buttons.button(t("Создать для этого клиента"), ChooseClient(ask.step, is_known=True), colour="success")
    other = buttons.button(t("Это другой клиент"), ChooseClient(ask.step, is_known=False))
    return screen(t, ask, (own,), (other,), lines=lines)


# --- what stays of a question -----------------------------------------------------------------------------------


def recorded(title: str, value: str, about: str = "") -> Screen:
    """An answered question, without buttons."""
    lines = [line("📄 ", about)] if about else []
    return Screen((*lines, line("✓ ", f"{title} " if title.endswith("?") else f"{title}: ", bold(value))))


def set_aside(t: Translator, title: str) -> Screen:
    """A question that is asked again below, without buttons."""
    return Screen((line(bold(title)), line(t("Вопрос повторён ниже."))))


def replaced(t: Translator, *, kept: bool, deal: int | None = None) -> Screen:
    """A question that is no longer open, because another one was asked; what was answered before it is `kept`. The way
    back to its `deal` stays, for the question may stand where its card stood."""
    lines = [line(t("Вопрос закрыт: вы начали другой."))]
    if kept:
        lines.append(line(t("Ответы сохранены, продолжить можно с главного экрана.")))
    card = (buttons.button(t("К сделке"), OpenDeal(DealId(deal))),) if deal is not None else ()
    return Screen(tuple(lines)).with_rows((*card, buttons.home(t)))


def doubtful(t: Translator, ask: Question, heard: str, other: str) -> Screen:
    """What was typed may be the answer to a question left open, or something else (`other`: what the button says)."""
    lines = [line("✏️ ", quoted(heard))]
    said = t("Это ответ на вопрос «{question}»?", question=ask.title.rstrip("?"))
    lines += [line(bold(said)), *([line("📄 ", ask.about)] if ask.about else [])]
    yes = buttons.button(t("✍️ Да, это ответ"), AnswerHeard(ask.step), colour="success")
    no = buttons.button(other, NotAnswer(ask.step))
    return Screen(tuple(lines)).with_rows(
        (yes,), (no,), (buttons.button(t("🗑 Забыть вопрос"), CancelQuestion(ask.step)),)
    )


def quoted(text: str) -> str:
    """A person's words, short enough for a line."""
    return f"«{near_time.cut(text, QUOTED)}»"


def cancelled(t: Translator) -> Screen:
    """A form that was given up."""
    return Screen((line(t("Отменено, ничего не изменилось.")),), ((buttons.home(t),),))


def of_another_version(t: Translator) -> Screen:
    """A form that another version of the bot has begun."""
    said = t("Эти вопросы задала другая версия бота, продолжить их нельзя. Начните, пожалуйста, заново.")
    return Screen((line(said),), ((buttons.home(t),),))


def closed(t: Translator) -> Screen:
    """A form whose deal is gone."""
    lines = (line(t("Эти вопросы больше не нужны: сделки нет или она вам больше не видна.")),)
    return Screen(lines, ((buttons.home(t),),))
