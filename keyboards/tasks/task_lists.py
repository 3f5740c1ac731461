"""Lists of tasks: «Мои задачи», an installer's day (C-5), a call list (F-E5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.hours_callbacks import OpenPlan
from keyboards.callbacks.task_callbacks import ListComingJobs, ListJobs, ListTasks, OpenCallList, OpenJob, OpenTask
from keyboards.near_time import clock, cut, near
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models.ids import DealId, TaskId
from models.values.invalid_value import N_
from models.values.product_text import ProductText, StoredTitle

LABEL = 34  # longer labels are cut on phones
SECTIONS = {"overdue": N_("Просрочено"), "today": N_("Сегодня"), "coming": N_("Дальше")}
PRACTICE = N_("🎓 Учебные")  # apart from the sections of real work (K-2)
MARKS = {"overdue": "⚠️", "today": "•", "coming": "🗓"}


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list."""

    id: TaskId
    title: StoredTitle
    about: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ListLink:
    """A call list with calls due now; `first` is one of its tasks."""

    title: ProductText
    first: TaskId
    n: int


@dataclass(frozen=True, slots=True)
class MyTasksView:
    """One page of one section, with the counts of all."""

    section: str
    counts: Mapping[str, int]
    tasks: tuple[TaskLine, ...]
    now: datetime
    page: int = 0
    more: bool = False
    lists: tuple[ListLink, ...] = ()
    first: int = 1  # the number of the page's first task among the section's
    drives: bool = False  # the reader drives out: what he opens is a job


def my_tasks_screen(view: MyTasksView, t: Translator) -> Screen:
    """Sections with counts, then the tasks of the chosen one, a button each."""
    lines: list[Line] = [line("📋 ", bold(t("Мои задачи")))]
    if not any(view.counts.values()):
        lines.append(line(t("Открытых задач нет. Хорошая работа!")))
        return Screen(tuple(lines), ((buttons.home(t),),))
    lines += [EMPTY, line(bold(t(SECTIONS.get(view.section, PRACTICE))), _where(view, t))]
    lines += [
        line(f"{place}. ", t.title(one.title), f" — {one.about}, ", near(one.due_at, view.now, t))
        for place, one in enumerate(view.tasks, start=view.first)
    ]
    if not view.tasks:
        lines.append(line(t("Здесь пусто.")))
    rows: list[list[Button]] = [_tabs(view, t)]
    rows += [[buttons.button(_listed(one, t), OpenCallList.of_task(one.first))] for one in view.lists]
    rows += [
        [
            buttons.button(
                cut(f"{place}. {t.title(one.title)} · {one.about}", LABEL),
                OpenJob(one.id) if view.drives else OpenTask(one.id),
            )
        ]
        for place, one in enumerate(view.tasks, start=view.first)
    ]
    rows.append(_pages(view, t))
    if learnt := view.counts.get("practice", 0) if view.section in SECTIONS else 0:
        rows.append([buttons.button(t("🎓 Учебные · {n}", n=learnt), ListTasks("practice"))])
    rows.append([buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def _where(view: MyTasksView, t: Translator) -> str:
    """Which of the section's tasks this page shows, if not all of them."""
    n = view.counts.get(view.section, 0)
    last = view.first + len(view.tasks) - 1
    return t(" · {first}–{last} из {n}", first=view.first, last=last, n=n) if view.page > 0 or view.more else ""


def _tabs(view: MyTasksView, t: Translator) -> list[Button]:
    return [
        buttons.button(
            f"{t(title)} · {view.counts.get(name, 0)}",
            ListTasks(name),
            colour="primary" if name == view.section else None,
        )
        for name, title in SECTIONS.items()
    ]


def _listed(one: ListLink, t: Translator) -> str:
    return f"📞 {cut(t(one.title), 26)} · {one.n}"


def _pages(view: MyTasksView, t: Translator) -> list[Button]:
    row = []
    if view.page > 0:
        row.append(buttons.button(t("‹ Раньше"), ListTasks(view.section, view.page - 1)))
    if view.more:
        row.append(buttons.button(t("Ещё ›"), ListTasks(view.section, view.page + 1)))
    return row


# --- an installer's day -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job: when, where, for whom. `status` is the last line of its checklist that is ticked. A visit for which no
    job has been given yet has no `id`, its deal is opened."""

    id: TaskId | None
    title: StoredTitle | ProductText
    at: datetime
    client: str
    place: str
    status: StoredTitle | None = None
    done: int = 0
    of: int = 0
    accepted: bool = False  # he has said that he comes
    deal_id: DealId | None = None


@dataclass(frozen=True, slots=True)
class JobsView:
    """An installer's jobs: those of today, or of the days after."""

    jobs: tuple[JobLine, ...]
    now: datetime
    coming: bool = False
    others: int = 0  # how many there are on the other screen
    page: int = 0
    more: bool = False
    first: int = 1  # the number of the page's first job
    plans: bool = False  # visits are booked here: what is booked and not yet a job stands in one's plan


def jobs_screen(view: JobsView, t: Translator) -> Screen:
    """Today's jobs, or the coming ones by day (C-5)."""
    today = view.now.astimezone(t.zone).date()
    title = t("Ближайшие выезды") if view.coming else t("Выезды сегодня, {day}", day=t.day(today, today=today))
    lines: list[Line] = [line("🚐 ", bold(title))]
    if not view.jobs:
        if view.plans and view.coming:  # a visit is booked weeks before, the job comes when the client is ready
            lines.append(line(t("Заданий пока нет. Назначенные выезды — в «Моём графике».")))
        else:
            lines.append(line(t("Пока ничего не назначено.") if view.coming else t("На сегодня выездов нет.")))
    shown: date | None = None
    rows: list[list[Button]] = []
    for place, one in enumerate(view.jobs, start=view.first):
        day = one.at.astimezone(t.zone).date()
        if day != shown and (view.coming or day != today):
            late = "⚠️ " if day < today else ""
            lines += [EMPTY, line(late, bold(t.day(day, today=today)))]
        shown = day
        lines += _job(place, one, t)
        opens = OpenJob(one.id) if one.id is not None else OpenDeal(one.deal_id) if one.deal_id is not None else None
        if opens is not None:
            rows.append([buttons.button(cut(f"{place}. {clock(one.at, t)} · {one.client}", LABEL), opens)])
    other = (
        buttons.button(t("‹ Сегодня · {n}", n=view.others), ListJobs())
        if view.coming
        else buttons.button(t("Ближайшие · {n} ›", n=view.others), ListComingJobs())
    )
    page = ListComingJobs if view.coming else ListJobs
    turn = [buttons.button(t("‹ Раньше"), page(view.page - 1))] if view.page > 0 else []
    if view.more:
        turn.append(buttons.button(t("Ещё ›"), page(view.page + 1)))
    plan = [buttons.button(t("🗓 Мой график"), OpenPlan())] if view.plans else []
    rows += [turn, plan, [other], [buttons.home(t)]]
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def _job(place: int, one: JobLine, t: Translator) -> list[Line]:
    waiting = t("✔ выезд подтверждён") if one.accepted else t("⏳ не подтверждён")
    status = f"✔ {t.title(one.status)} · {one.done}/{one.of}" if one.status else waiting
    where = f" — {one.place}" if one.place else ""
    head = line(f"{place}. ", bold(clock(one.at, t)), f" {t.title(one.title)}, {one.client}{where}")
    if one.id is None:
        return [head, line("    ", t("задание придёт накануне"))]
    return [head, line("    ", status)] if one.of else [head]


# --- call lists -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallLine:
    """Whom to call and why he had said no."""

    task_id: TaskId
    client: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CallListView:
    """A call list on its day."""

    title: ProductText
    day: date
    calls: tuple[CallLine, ...]


def call_list_screen(view: CallListView, t: Translator) -> Screen:
    """«Повторный обзвон — 1 декабря»: one message, a button per client (F-E5)."""
    lines: list[Line] = [line("📞 ", bold(f"{t(view.title)} — {_day(view.day, t)}"))]
    if view.calls:
        lines.append(line(t.plural("Позвонить {n} клиенту:", "Позвонить {n} клиентам:", len(view.calls))))
    else:
        lines.append(line(t("Все звонки сделаны.")))
    rows: list[list[Button]] = []
    for place, one in enumerate(view.calls, start=1):
        said = f"{one.client} — {one.reason}" if one.reason else one.client
        lines.append(line(f"{place}. {cut(said, 120)}"))
        rows.append([buttons.button(cut(said, LABEL), OpenTask(one.task_id))])
    rows.append([buttons.button(t("‹ Мои задачи"), ListTasks()), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def _day(day: date, t: Translator) -> str:
    """«1 декабря»."""
    return t.day(day, today=day).split(", ", 1)[-1]


def lists_screen(found: Sequence[ListLink], t: Translator) -> Screen:
    """The call lists with calls due now."""
    lines: list[Line] = [line("📞 ", bold(t("Обзвон")))]
    lines.append(line(t("Выберите список.") if found else t("Звонить пока некому.")))
    rows: list[list[Button]] = [[buttons.button(_listed(one, t), OpenCallList.of_task(one.first))] for one in found]
    rows.append([buttons.button(t("‹ Мои задачи"), ListTasks()), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))
