"""The card of a task: what, for whom, by when; its checklist and its outcomes (C-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.checklist_callbacks import OpenChecklist
from keyboards.callbacks.deal_callbacks import OpenDeal, PressRobot
from keyboards.callbacks.field_chat_callbacks import AskManager
from keyboards.callbacks.file_callbacks import ListFiles, SendTaskFile
from keyboards.callbacks.task_callbacks import (
    AskSnooze,
    ChooseOutcome,
    ChooseTaskPerson,
    ListTasks,
    OpenCallList,
    OpenJob,
    OpenTask,
    SnoozeTask,
    TakeTask,
    TickItem,
)
from keyboards.near_time import NEAR, cut, near
from keyboards.people import roles
from keyboards.screen import EMPTY, Button, Colour, Line, Screen, Span, bold, line, quote
from keyboards.tasks.step_words import EVERY
from keyboards.translator import Translator
from keyboards.visits import visit_report_screens
from models.ids import DealId, FileId, ItemId, TaskId
from models.roles import Role
from models.states import StepEvery
from models.values.addresses.address import Address
from models.values.geo_point import GeoPoint
from models.values.invalid_value import N_
from models.values.product_text import ProductText, StoredTitle

LONG = 200  # a description longer than this is folded
MINUTE = 60
IN_ROW = 3
LABEL = 60  # of a line's button: a keyboard of thirty longer ones is refused by Telegram
ROOM = 1600  # characters of the message for lines that are longer
MORNING = "1"
SNOOZES = {  # until when a task is put off; the button carries the name
    "0": N_("1 час"),
    "4": N_("Сегодня вечером"),
    "1": N_("Завтра утром"),
    "2": N_("3 дня"),
    "3": N_("Неделя"),
}

SOON = (("0", N_("⏰ +1 час")), ("1", N_("⏰ Завтра")))  # of a step, by one tap


@dataclass(frozen=True, slots=True)
class ItemView:
    """A line of the checklist; `asks`: ticking it asks for values; `paper`: it makes one."""

    id: ItemId
    title: StoredTitle
    done: bool
    asks: bool = False
    paper: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """A button that closes the task, puts it off or leaves it open.

    `stamp` is for which state the button is good; without one it is good while the due time stays. `shut`: what it
    brings would be undone at once; pressed, it says why. `unchecked`: it asks for no tick.
    """

    name: str
    title: ProductText
    colour: Colour | None = None
    stamp: int | None = None
    shut: bool = False
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class TaskView:
    """All that a task's card shows, read in one transaction. `shows` are titles and values, as the reader
    may see them; they, `attached` and `outcome` are in his language.

    `may_act`: it is the reader's to tick and close; `may_take`: nobody has taken it yet, and his role may; `may_edit`:
    he may change the lines of its checklist (K-5).
    """

    id: TaskId
    title: StoredTitle
    due_at: datetime
    now: datetime
    deal_id: DealId
    deal_number: str
    deal_title: str
    client: str = ""
    phones: tuple[str, ...] = ()
    address: Address | None = None
    spot: GeoPoint | None = None
    description: StoredTitle | None = None
    video: str | None = None
    shows: tuple[tuple[str, str], ...] = ()
    items: tuple[ItemView, ...] = ()
    outcomes: tuple[OutcomeView, ...] = ()
    taps: tuple[tuple[int, ProductText], ...] = ()  # the stage's own buttons: (place among the stage's robots, title)
    list: ProductText | None = None
    assignee: str | None = None
    role: Role | None = None
    is_open: bool = True
    outcome: str | None = None
    lapsed: bool = False  # it was closed, and its outcome counts no longer
    mine: bool = True
    may_act: bool = True
    may_take: bool = False
    may_open: bool = True
    may_edit: bool = False
    may_give: bool = False  # to somebody else: for those above (C-6)
    step: bool = False  # a person has set it himself: it is moved by one tap, and nobody asks why
    giver: str = ""  # the colleague who has set it
    every: StepEvery | None = None
    files: bool = False  # the deal's papers and photos are one tap away, for those who drive out (K-21)
    may_ask: bool = False  # he drives out for the deal: the manager is one tap away (M-10)
    attached: tuple[tuple[FileId, str], ...] = ()  # files that the task shows: (id, title)
    drives: bool = False  # it is the job of a visit to which the reader comes
    following: tuple[TaskId, StoredTitle] | None = None  # of a closed task: the reader's next one on the deal (K-4)
    lasts_until: datetime | None = None  # of a task at a client's: until when it is not late
    ahead: tuple[ProductText, str] | None = None  # title and words of the date before which it was to be done long ago

    @property
    def is_own_job(self) -> bool:
        """Whether the reader drives out for it and does it himself."""
        return self.is_open and self.drives and self.may_act


def task_card(view: TaskView, t: Translator) -> Screen:
    """The card with all that the reader needs on the spot: one look tells what to do, one tap does it."""
    lines = [*head(view, t), *_what(view, t), *about(view), *_long_lines(view, t)]
    rows = [*_attached(view), *_checklist(view, t), *_outcomes(view, t), *contact(view, t), *_ways(view, t)]
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def stamp(due_at: datetime) -> int:
    """For which due time an outcome's button was drawn: a second press of «later» must not put the task off twice."""
    return int(due_at.timestamp()) // MINUTE


def head(view: TaskView, t: Translator) -> list[Line]:
    """What is to be done, by when, for whom and where."""
    mark = "📋 " if view.is_open else "✅ "
    lines: list[Line] = [line(mark, bold(t.title(view.title)))]
    if view.is_open:
        lines.append(_due(view, t))
        if view.ahead is not None:
            title, when = view.ahead
            lines.append(line("⏳ ", bold(t("{what} {when}: сделайте это сейчас", what=t(title), when=when))))
    else:
        done = view.outcome or t("Готово")
        said = t("Больше не считается: {answer}", answer=done) if view.lapsed else t("Закрыта: {outcome}", outcome=done)
        lines.append(line(said))
    if view.giver:
        lines.append(line(t("Шаг поставил: {name}", name=view.giver)))
    if view.every:
        lines.append(line("🔁 ", t(EVERY[view.every])))
    if not view.mine:
        who = view.assignee or t("пока никто ({role})", role=roles.title(view.role, t))
        lines.append(line(t("Исполнитель: {name}", name=who)))
    lines.append(EMPTY)
    lines.append(line(bold(view.deal_title), f"  № {view.deal_number}"))
    if view.client and view.client != view.deal_title:
        lines.append(line("👤 ", view.client))
    place = view.address.one_line() if view.address else ""
    if place and not any(place in value for _, value in view.shows):
        lines.append(line("📍 ", place))
    return lines


def _due(view: TaskView, t: Translator) -> Line:
    """Near days by name; for other days the reader's own zone, where his Telegram can show it."""
    said = near(view.due_at, view.now, t)
    days = (view.due_at.astimezone(t.zone).date() - view.now.astimezone(t.zone).date()).days
    when = said if days in NEAR else Span(said, "time", at=view.due_at)
    if (view.lasts_until or view.due_at) < view.now:
        return line("⚠️ ", bold(t("Просрочено")), ": ", when)
    return line("🕒 ", t("Срок"), ": ", when)


def _what(view: TaskView, t: Translator) -> list[Line]:
    if not view.description:
        return []
    said = t.title(view.description)
    return [quote(said, folded=len(said) > LONG)]


def about(view: TaskView) -> list[Line]:
    """The values that the task shows."""
    if not view.shows:
        return []
    return [EMPTY, *(line(f"{title}: {value}") for title, value in view.shows)]


def _long_lines(view: TaskView, t: Translator) -> list[Line]:
    """Lines that do not fit onto their buttons are said in full, as far as the message has room."""
    out: list[Line] = []
    room = ROOM
    for one in view.items:
        said = t.title(one.title)
        room -= len(said) if len(said) > LABEL else 0
        if len(said) > LABEL and room >= 0:
            out.append(line(f"{'☑' if one.done else '☐'} {said}"))
    return [EMPTY, *out] if out else []


def _checklist(view: TaskView, t: Translator) -> list[list[Button]]:
    """Each line is a button that says what it will make true, so that a second press changes nothing."""
    if not view.is_open or not view.may_act:
        return []
    rows = []
    for one in view.items:
        label = f"{'☑' if one.done else '☐'} {cut(t.title(one.title), LABEL)}"
        if not one.done:
            label += " 📄" if one.paper else " ✏️" if one.asks else ""
        rows.append([buttons.button(label, TickItem(view.id, one.id, not one.done))])
    return rows


def _attached(view: TaskView) -> list[list[Button]]:
    """What the task is about lies one tap away: the calculation beside its stamp (M-8)."""
    return [[buttons.button(f"📎 {cut(title, LABEL)}", SendTaskFile(view.id, key))] for key, title in view.attached]


def _outcomes(view: TaskView, t: Translator) -> list[list[Button]]:
    if not view.is_open or not view.may_act:
        return []
    rows = [
        [buttons.button(label(one, t), ChooseOutcome(view.id, one.name, drawn_for(view, one)), colour=one.colour)]
        for one in view.outcomes
    ]
    if view.drives:
        rows.append(visit_report_screens.rows(view.id, t))
    rows += [[buttons.button(t(title), PressRobot(view.deal_id, place))] for place, title in view.taps]
    return rows


def drawn_for(view: TaskView, one: OutcomeView) -> int:
    """For which state of the task, or of its deal, the outcome's button is good."""
    return stamp(view.due_at) if one.stamp is None else one.stamp


def label(one: OutcomeView, t: Translator) -> str:
    """What it is called; locked, if what it brings would be undone at once."""
    return f"🔒 {t(one.title)}" if one.shut else t(one.title)


def contact(view: TaskView, t: Translator) -> list[list[Button]]:
    """The client's phones, the way to him."""
    phones = [Button(f"📞 {t.phone(one)}", copy=one) for one in view.phones[:2]]
    place: list[Button] = []
    said = view.address.one_line() if view.address else ""
    if view.address and said:
        place = [Button(t("📋 Адрес"), copy=said[:256]), Button(t("🗺 Карта"), url=view.address.map_url())]
    if view.spot:
        place.append(Button(t("📍 Точка"), url=view.spot.map_url()))
    video = [Button(t("▶️ Видео"), url=view.video)] if view.video else []
    return [phones, [*place, *video]] if len(place) + len(video) <= IN_ROW else [phones, place, video]


def _ways(view: TaskView, t: Translator) -> list[list[Button]]:
    rows: list[list[Button]] = []
    if view.following:
        key, title = view.following
        label = t("⏭ Дальше: {task}", task=cut(t.title(title), LABEL))
        rows.append([buttons.button(label, OpenTask(key), colour="primary")])
    if view.is_open and view.may_take:
        rows.append([buttons.button(t("✋ Взять"), TakeTask(view.id), colour="primary")])
    if view.is_open and view.may_act:
        edit = [buttons.button(t("✏️ Чек-лист"), OpenChecklist(view.id))] if view.may_edit else []
        give = [buttons.button(t("Передать"), ChooseTaskPerson(view.id))] if view.may_give else []
        soon = [buttons.button(t(title), SnoozeTask(view.id, key)) for key, title in SOON] if view.step else []
        rows += [soon, [buttons.button(t("⏰ Отложить"), SnoozeTask(view.id)), *edit, *give]]
    if view.may_open:
        open_ = buttons.button(t("Открыть сделку"), OpenDeal(view.deal_id))
        rows.append([open_, buttons.button(t("📎 Файлы"), ListFiles(view.deal_id))] if view.files else [open_])
    if view.may_ask:
        rows.append([buttons.button(t("❓ Спросить менеджера"), AskManager(view.deal_id))])
    if view.list:
        rows.append([buttons.button(f"‹ {cut(t(view.list), 28)}", OpenCallList.of_task(view.id))])
    if view.is_own_job:
        rows.append([buttons.button(t("⌃ Свернуть"), OpenJob(view.id))])
    rows.append([buttons.button(t("‹ Мои задачи"), ListTasks()), buttons.home(t)])
    return rows


def _until(name: str, at: datetime, now: datetime, t: Translator) -> str:
    """What a preset says: «Завтра утром — завтра, 9:00»; the next working day is tomorrow only if that is one."""
    shown = near(at, now, t)
    is_tomorrow = (at.astimezone(t.zone).date() - now.astimezone(t.zone).date()).days == 1
    return shown if name == MORNING and not is_tomorrow else f"{t(SNOOZES[name])} — {shown}"


def snooze_screen(view: TaskView, choices: Mapping[str, datetime], t: Translator) -> Screen:
    """Until when: the presets that are still ahead (by their names in SNOOZES), or any other time, typed. The reason
    is asked next."""
    rows = [
        [buttons.button(_until(name, choices[name], view.now, t), SnoozeTask(view.id, name))]
        for name in SNOOZES
        if name in choices
    ]
    rows.append([buttons.button(t("Другое время…"), AskSnooze(view.id))])
    rows.append([buttons.back(t, OpenTask(view.id)), buttons.home(t)])
    lines = (
        line("⏰ ", bold(t("Отложить задачу"))),
        line(t.title(view.title)),
        EMPTY,
        line(t("До какого времени? Дальше спрошу причину, она останется в истории сделки.")),
    )
    return Screen(lines, tuple(tuple(row) for row in rows))
