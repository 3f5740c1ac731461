"""«Доступ к клиентам» for the owner: which clients managers see, how many of others' in a day, who has no limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.client_callbacks import (
    LimitLooks,
    OpenListRules,
    PutLimitBack,
    ShowJournal,
    ShowOnlyOwn,
)
from keyboards.callbacks.settings_callbacks import OpenSettings
from keyboards.near_time import cut, near
from keyboards.oversight import act_words
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line, rows_of
from keyboards.translator import Translator
from models.ids import EmployeeId
from models.oversight import looks
from models.oversight.journal import JournalEntry
from models.oversight.looks import LiftedLimit, ListRules

LABEL = 30


@dataclass(frozen=True, slots=True)
class JournalLineView:
    """A row of the journal; `who` is empty for the command line and for the bot, `about` for what has no name (any
    more)."""

    entry: JournalEntry
    who: str = ""
    about: str = ""


def screen(rules: ListRules, lifted: Sequence[LiftedLimit], t: Translator) -> Screen:
    """What holds, and buttons for what else could."""
    sees = t("только клиентов своих сделок и свободных") if rules.own_only else t("всех клиентов")
    lines: list[Line] = [
        line("👁 ", bold(t("Доступ к клиентам"))),
        line(t("Менеджеры видят: {whom}", whom=sees)),
        line(t("Чужих клиентов за день: {most}", most=most(rules.most, t))),
        EMPTY,
        line(t("Клиенты своих сделок не считаются. Если кто-то исчерпает лимит, вам придёт сообщение.")),
    ]
    for one in lifted:
        until = t("на сегодня") if one.day else t("насовсем")
        lines.append(line("• ", t("{name}: лимит снят {until}", name=one.person.name, until=until)))
    rows: list[list[Button]] = [
        [
            buttons.button(_ticked(t("Всех"), not rules.own_only), ShowOnlyOwn(False)),
            buttons.button(_ticked(t("Своих и свободных"), rules.own_only), ShowOnlyOwn(True)),
        ],
        [buttons.button(_ticked(most(one, t), one == rules.most), LimitLooks(one)) for one in looks.choices(rules)],
    ]
    rows += [
        [buttons.button(cut(t("Вернуть лимит: {name}", name=one.person.name), LABEL), PutLimitBack(one.person.id))]
        for one in lifted
    ]
    rows.append([buttons.button(t("📖 Кто что смотрел"), ShowJournal(None))])
    rows.append([buttons.back(t, OpenSettings()), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def most(number: int | None, t: Translator) -> str:
    """«100», «без лимита»."""
    return t("без лимита") if number is None else str(number)


def _ticked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def journal_screen(
    rows: Sequence[JournalLineView],
    person: tuple[EmployeeId, str] | None,
    older: int | None,
    now: datetime,
    t: Translator,
) -> Screen:
    """The newest rows, of all or of one person; `older` leads to those before. One tap shows one person's alone."""
    title = t("Кто что смотрел")
    lines: list[Line] = [line("📖 ", bold(title), f": {person[1]}" if person else "")]
    lines += [_line(one, now, t, named=person is None) for one in rows]
    if not rows:
        lines.append(line(t("Записей нет.")))
    people = {one.entry.actor: one.who for one in rows if one.entry.actor is not None} if person is None else {}
    choices = [buttons.button(cut(name, LABEL), ShowJournal(key)) for key, name in list(people.items())[:8]]
    shown: list[list[Button]] = [choices[place : place + 2] for place in range(0, len(choices), 2)]
    if older is not None:
        shown.append([buttons.button(t("Раньше"), ShowJournal(person[0] if person else None, older))])
    if person is not None:
        shown.append([buttons.button(t("Все сотрудники"), ShowJournal(None))])
    shown.append([buttons.back(t, OpenListRules()), buttons.home(t)])
    return Screen(tuple(lines), rows_of(shown))


def _line(one: JournalLineView, now: datetime, t: Translator, *, named: bool) -> Line:
    who = cut(one.who, 20) if one.who else t("Бот или сервер")
    head = f"{near(one.entry.at, now, t)} · {who}: " if named else f"{near(one.entry.at, now, t)}: "
    return line("• ", head, act_words.said(one.entry, cut(one.about, 24), t))
