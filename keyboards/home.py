"""The menu by role, and the lists of deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keyboards import buttons, home_due, register
from keyboards.callbacks.claim_callbacks import ListOpenClaims
from keyboards.callbacks.client_callbacks import AskSearch
from keyboards.callbacks.deal_callbacks import BeginDeal, OpenDeal
from keyboards.callbacks.forms.question_callbacks import ResumeQuestion
from keyboards.callbacks.hours_callbacks import ListCrew, OpenPlan
from keyboards.callbacks.list_callbacks import (
    CountByStage,
    KindLetter,
    ListDeals,
    ListDeferredMonths,
    OpenStarters,
    WhoseLetter,
)
from keyboards.callbacks.settings_callbacks import OpenSettings
from keyboards.callbacks.task_callbacks import ListComingJobs, ListJobs, ListTasks
from keyboards.callbacks.team_callbacks import OpenTeam
from keyboards.deals import deferred_months, practice
from keyboards.home_due import Due
from keyboards.near_time import cut
from keyboards.people import roles
from keyboards.screen import Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models import access
from models.entities import Deal, Employee
from models.process.process import Process
from models.states import DealKind
from models.values.product_text import ProductText

KINDS: Mapping[KindLetter, DealKind] = {"l": "lead", "d": "deal", "f": "deferred"}
WHOSE: Mapping[WhoseLetter, str] = {"m": "mine", "f": "free", "a": "all"}
LETTER_OF_KIND = {kind: letter for letter, kind in KINDS.items()}
LETTER_OF_WHOSE = {whose: letter for letter, whose in WHOSE.items()}


@dataclass(frozen=True, slots=True)
class LeftQuestion:
    """A question that was left open: its number, what it asks (empty where answers wait for a yes), of which deal."""

    step: int
    title: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    me: Employee
    company: str
    counts: Mapping[tuple[str, str], int]
    tasks_due: int
    new_buttons: Sequence[tuple[str, str, ProductText]]  # process, pipeline, title
    businesses: Sequence[tuple[str, ProductText]] = ()  # processes that run here: name, title
    claims: int | None = None  # open ones, for those above where claims are kept
    practices: bool = False  # whether there is somewhere to practise
    puts_off: bool = False  # whether a business here keeps «Отложенный спрос»
    ledgers: Sequence[tuple[str, ProductText]] = ()  # processes that keep «Учёт клиентов»: name, title
    question: LeftQuestion | None = None
    due: Due | None = None  # what is to be done now


def home(view: HomeView, t: Translator) -> Screen:
    """What this person has to do now, and then what he does here, most wanted first."""
    role = roles.capital(view.me.role, t)
    lines: list[Line] = [line("🧰 ", bold(view.company)), line(f"{view.me.name} · {role}")]
    rows: list[list[Button]] = []
    if view.due is not None:
        lines += home_due.lines(view.due, t)
        rows += home_due.numbers(view.due, t)
    if view.question is not None:
        rows.append([_left(view.question, t)])
    if view.me.role in access.SALES:
        lines.append(_summary(view, t))
        rows += _sales_rows(view, t)
        rows += _pairs(register.menu_buttons(view.ledgers, t))
    if view.me.role in access.FIELD_STAFF:
        rows.append(
            [
                buttons.button(t("📅 Сегодня"), ListJobs(), colour="primary"),
                buttons.button(t("Ближайшие дни"), ListComingJobs()),
            ]
        )
        rows.append([buttons.button(t("🗓 Мой график"), OpenPlan())])
    rows.append([buttons.button(_tasks_label(view, t), ListTasks())])
    if view.claims is not None:
        said = t("❗ Претензии · {n}", n=view.claims) if view.claims else t("Претензии")
        rows[-1].append(buttons.button(said, ListOpenClaims()))
    if view.me.role == "dispatcher":
        rows.append([buttons.button(t("🕘 Графики мастеров"), ListCrew())])
    if view.me.role in access.SALES:
        rows.append([buttons.button(t("🔍 Найти"), AskSearch())])
    if view.me.role in access.MANAGEMENT:
        rows[-1].append(buttons.button(t("👥 Команда"), OpenTeam()))
    rows.append([buttons.button(t("⚙️ Настройки"), OpenSettings())])
    if view.practices:
        rows[-1].insert(0, practice.menu_button(view.counts.get(("practice", "mine"), 0), t))
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def _left(question: LeftQuestion, t: Translator) -> Button:
    said = " · ".join(part for part in (question.title, question.about) if part)
    return buttons.button(
        cut(t("✍️ Закончить: {question}", question=said), home_due.LABEL), ResumeQuestion(question.step)
    )


def _tasks_label(view: HomeView, t: Translator) -> str:
    return t("📋 Мои задачи · {n}", n=view.tasks_due) if view.tasks_due else t("📋 Мои задачи")


def _summary(view: HomeView, t: Translator) -> Line:
    free = view.counts.get(("lead", "free"), 0)
    if free:
        return line("🔥 ", t.plural("{n} новый лид ждёт", "{n} новых лидов ждут", free))
    return line(t("Новых лидов без ответственного нет"))


def _sales_rows(view: HomeView, t: Translator) -> list[list[Button]]:
    rows: list[list[Button]] = []
    named: tuple[tuple[DealKind, str, str], ...] = (
        ("lead", t("Мои лиды"), t("Все лиды")),
        ("deal", t("Мои сделки"), t("Все сделки")),
    )
    for kind, mine, everybodys in named:
        letter = LETTER_OF_KIND[kind]
        row = [buttons.button(f"{mine} · {view.counts.get((kind, 'mine'), 0)}", ListDeals(letter, "m"))]
        if view.me.role in access.ALL_SEEING:
            row.append(buttons.button(f"{everybodys} · {view.counts.get((kind, 'all'), 0)}", ListDeals(letter, "a")))
        rows.append(row)
    if view.me.role not in access.ALL_SEEING:  # his own leads and deals beside each other: home is no wall
        rows = [[button for row in rows for button in row]]
    if view.puts_off:
        whose = "all" if view.me.role in access.ALL_SEEING else "mine"
        rows.append([deferred_months.menu_button(view.counts.get(("deferred", whose), 0), LETTER_OF_WHOSE[whose], t)])
    free = view.counts.get(("lead", "free"), 0) + view.counts.get(("deal", "free"), 0)
    if free:
        some: KindLetter = "l" if view.counts.get(("lead", "free"), 0) else "d"
        rows.insert(0, [buttons.button(t("🔥 Ничьи · {n}", n=free), ListDeals(some, "f"), colour="primary")])
    return rows + _pairs(_starters(view, t))


def _starters(view: HomeView, t: Translator) -> list[Button]:
    """What can be begun; with several businesses each has a page of its own, or the menu would be a wall."""
    offering = {process for process, _, _ in view.new_buttons}
    if len(offering) > 1:
        offered = [(name, title) for name, title in view.businesses if name in offering]
        return [buttons.button(f"➕ {t(title)}", OpenStarters(name)) for name, title in offered]
    return [
        buttons.button(f"➕ {t(title)}", BeginDeal(process, pipeline)) for process, pipeline, title in view.new_buttons
    ]


def _pairs(found: list[Button]) -> list[list[Button]]:
    return [found[place : place + 2] for place in range(0, len(found), 2)]


def starters(title: ProductText, found: Sequence[tuple[str, str, ProductText]], t: Translator) -> Screen:
    """What can be begun in one business."""
    made = [buttons.button(f"➕ {t(name)}", BeginDeal(process, pipeline)) for process, pipeline, name in found]
    rows = [*(tuple(row) for row in _pairs(made)), (buttons.home(t),)]
    return Screen((line(bold(t(title))), line(t("Что начать?"))), tuple(rows))


@dataclass(frozen=True, slots=True)
class ListView:
    kind: DealKind
    whose: str
    deals: Sequence[tuple[Deal, str, str]]  # deal, stage title, mark
    total: int
    after: int | None
    before: int | None
    stage: tuple[str, str, int] | None = None  # process, pipeline, the place of a stage in it
    stage_title: str = ""
    sees_all: bool = False


def deals(view: ListView, t: Translator) -> Screen:
    """A page of deals as buttons, the newest first."""
    titles = {"lead": t("Лиды"), "deal": t("Сделки"), "deferred": t("Отложенный спрос")}
    whose = {"mine": t("мои"), "free": t("ничьи"), "all": t("все")}
    head = f"{titles[view.kind]} · {whose[view.whose]}"
    if view.stage_title:
        head += f" · {view.stage_title}"
    lines = [line(bold(head), f"  {view.total}")]
    if not view.deals:
        lines.append(line(t("Здесь пока пусто.")))
    letter, chosen = LETTER_OF_KIND[view.kind], LETTER_OF_WHOSE[view.whose]
    stage = view.stage or (None, None, None)
    rows: list[list[Button]] = [
        [buttons.button(f"{mark}{deal.title} · {where}"[:60], OpenDeal(deal.id))] for deal, where, mark in view.deals
    ]
    pager = []
    if view.before is not None:
        pager.append(buttons.button("‹", ListDeals(letter, chosen, "b", view.before, *stage)))
    if view.after is not None:
        pager.append(buttons.button("›", ListDeals(letter, chosen, "a", view.after, *stage)))
    rows.append(pager)
    tabs: tuple[tuple[WhoseLetter, str], ...] = (("m", t("Мои")), ("f", t("Ничьи")), ("a", t("Все")))
    rows.append(
        [
            buttons.button(title, ListDeals(letter, other))
            for other, title in tabs
            if other != chosen and (other != "a" or view.sees_all)
        ]
    )
    grouped = buttons.button(t("По стадиям"), CountByStage(letter, chosen))
    if view.kind == "deferred":
        grouped = buttons.button(t("По месяцам"), ListDeferredMonths(chosen))
    rows.append([grouped, buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def by_stage(
    kind: DealKind,
    whose: str,
    found: Sequence[tuple[str, str, str, int]],
    processes: Mapping[str, Process],
    t: Translator,
) -> Screen:
    """How many stand on which stage; a tap lists them."""
    letter, chosen = LETTER_OF_KIND[kind], LETTER_OF_WHOSE[whose]
    order = {
        (name, pipeline, stage): place
        for name, process in processes.items()
        for place, (pipeline, stage, _) in enumerate(process.every_stage)
    }
    rows: list[tuple[Button, ...]] = []
    for process, pipeline, stage, n in sorted(found, key=lambda one: (one[0], order.get(one[:3], 999), one[2])):
        known = processes.get(process)
        title = known.find_stage(pipeline, stage) if known else None
        if known and title:
            label = f"{_place(known, pipeline, kind, len(processes) > 1, t)} · {t(title.title)} · {n}"
            place = known.place_of(pipeline, stage)
            rows.append((buttons.button(label[:60], ListDeals(letter, chosen, "s", 0, process, pipeline, place)),))
    text = t("На каких стадиях стоят сделки") if kind != "lead" else t("На каких стадиях стоят лиды")
    lines = [line(bold(text))] if rows else [line(t("Здесь пока пусто."))]
    return Screen(tuple(lines), (*rows, (buttons.back(t, ListDeals(letter, chosen)), buttons.home(t))))


def _place(process: Process, pipeline: str, kind: str, several: bool, t: Translator) -> str:
    """The direction; where several businesses have one «Лиды» each, the business."""
    alone = sum(line_.kind == kind for line_ in process.pipelines.values()) == 1
    return t(process.title) if several and alone else t(process.pipelines[pipeline].title)
