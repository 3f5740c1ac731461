"""The card of a task: what, for whom, by when; its checklist and its outcomes (C-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons, roles
from keyboards.screen import EMPTY, Button, Colour, Line, Screen, Span, bold, line, quote
from keyboards.texts import Texts
from keyboards.when import NEAR, cut, near
from models.values.address import Address

LONG = 200  # a description longer than this is folded
MINUTE = 60


@dataclass(frozen=True, slots=True)
class ItemView:
    """A line of the checklist; `asks`: ticking it asks for values."""

    id: int
    title: str
    done: bool
    asks: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """A button that closes the task or puts it off."""

    name: str
    title: str
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """All that a task's card shows, read in one transaction. `shows` are titles and values, as the reader may see them.

    `may_act`: it is the reader's to tick and close; `may_take`: nobody has taken it yet, and his role may.
    """

    id: int
    title: str
    due_at: datetime
    now: datetime
    deal_id: int
    deal_number: str
    deal_title: str
    client: str = ""
    phones: tuple[str, ...] = ()
    address: Address | None = None
    description: str | None = None
    video: str | None = None
    shows: tuple[tuple[str, str], ...] = ()
    items: tuple[ItemView, ...] = ()
    outcomes: tuple[OutcomeView, ...] = ()
    taps: tuple[tuple[int, str], ...] = ()  # the stage's own buttons: (place among the stage's robots, title)
    list: str | None = None
    assignee: str | None = None
    role: str | None = None
    is_open: bool = True
    outcome: str | None = None
    mine: bool = True
    may_act: bool = True
    may_take: bool = False
    may_open: bool = True


def task_card(view: TaskView, t: Texts) -> Screen:
    """The card with all that the reader needs on the spot: one look tells what to do, one tap does it."""
    lines = [*_head(view, t), *_what(view, t), *_about(view, t)]
    rows = [*_checklist(view, t), *_outcomes(view, t), *_contact(view, t), *_ways(view, t)]
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def stamp(due_at: datetime) -> int:
    """For which due time an outcome's button was drawn: a second press of «later» must not put the task off twice."""
    return int(due_at.timestamp()) // MINUTE


def _head(view: TaskView, t: Texts) -> list[Line]:
    mark = "📋 " if view.is_open else "✅ "
    lines: list[Line] = [line(mark, bold(t(view.title)))]
    if view.is_open:
        lines.append(_due(view, t))
    else:
        done = t(view.outcome) if view.outcome else t("Готово")
        lines.append(line(t("Закрыта: {outcome}", outcome=done)))
    if not view.mine:
        who = view.assignee or t("пока никто ({role})", role=roles.title(view.role or "", t))
        lines.append(line(t("Исполнитель: {name}", name=who)))
    lines.append(EMPTY)
    lines.append(line(bold(view.deal_title), f"  № {view.deal_number}"))
    if view.client and view.client != view.deal_title:
        lines.append(line("👤 ", view.client))
    return lines


def _due(view: TaskView, t: Texts) -> Line:
    """Near days by name; for other days the reader's own zone, where his Telegram can show it."""
    said = near(view.due_at, view.now, t)
    days = (view.due_at.astimezone(t.zone).date() - view.now.astimezone(t.zone).date()).days
    when = said if days in NEAR else Span(said, "time", at=view.due_at)
    if view.due_at < view.now:
        return line("⚠️ ", bold(t("Просрочено")), ": ", when)
    return line("🕒 ", t("Срок"), ": ", when)


def _what(view: TaskView, t: Texts) -> list[Line]:
    if not view.description:
        return []
    said = t(view.description)
    return [quote(said, folded=len(said) > LONG)]


def _about(view: TaskView, t: Texts) -> list[Line]:
    if not view.shows:
        return []
    return [EMPTY, *(line(f"{t(title)}: {value}") for title, value in view.shows)]


def _checklist(view: TaskView, t: Texts) -> list[list[Button]]:
    """Each line is a button that says what it will make true, so that a second press changes nothing."""
    if not view.is_open or not view.may_act:
        return []
    rows = []
    for one in view.items:
        label = f"{'☑' if one.done else '☐'} {t(one.title)}"
        if one.asks and not one.done:
            label += " ✏️"
        rows.append([buttons.button(label, "tick", view.id, one.id, 0 if one.done else 1)])
    return rows


def _outcomes(view: TaskView, t: Texts) -> list[list[Button]]:
    if not view.is_open or not view.may_act:
        return []
    at = stamp(view.due_at)
    rows = [
        [buttons.button(t(one.title), "outcome", view.id, one.name, at, colour=one.colour)] for one in view.outcomes
    ]
    rows += [[buttons.button(t(title), "robot", view.deal_id, place)] for place, title in view.taps]
    return rows


def _contact(view: TaskView, t: Texts) -> list[list[Button]]:
    phones = [Button(f"📞 {t.phone(one)}", copy=one) for one in view.phones[:2]]
    place: list[Button] = []
    said = view.address.one_line() if view.address else ""
    if view.address and said:
        place = [Button(t("📋 Адрес"), copy=said[:256]), Button(t("🗺 Карта"), url=view.address.map_url())]
    video = [Button(t("▶️ Видео"), url=view.video)] if view.video else []
    return [phones, [*place, *video]]


def _ways(view: TaskView, t: Texts) -> list[list[Button]]:
    rows: list[list[Button]] = []
    if view.is_open and view.may_take:
        rows.append([buttons.button(t("✋ Взять"), "task_take", view.id, colour="primary")])
    if view.is_open and view.may_act:
        rows.append([buttons.button(t("⏰ Отложить"), "snooze", view.id)])
    if view.may_open:
        rows.append([buttons.button(t("Открыть сделку"), "deal", view.deal_id)])
    if view.list:
        rows.append([buttons.button(f"‹ {cut(t(view.list), 28)}", "calls", "t", view.id)])
    rows.append([buttons.button(t("‹ Мои задачи"), "tasks"), buttons.home(t)])
    return rows


def snooze_screen(view: TaskView, choices: Sequence[datetime], t: Texts) -> Screen:
    """Until when: an hour, tomorrow morning, three days, a week. The reason is asked next."""
    titles = (t("1 час"), t("Завтра утром"), t("3 дня"), t("Неделя"))
    rows = [
        [buttons.button(f"{title} — {near(at, view.now, t)}", "snooze", view.id, place)]
        for place, (title, at) in enumerate(zip(titles, choices, strict=True))
    ]
    rows.append([buttons.back(t, "task", view.id), buttons.home(t)])
    lines = (
        line("⏰ ", bold(t("Отложить задачу"))),
        line(t(view.title)),
        EMPTY,
        line(t("До какого времени? Дальше спрошу причину, она останется в истории сделки.")),
    )
    return Screen(lines, tuple(tuple(row) for row in rows))
