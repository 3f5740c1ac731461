"""The screens of tasks and people, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from keyboards import near_time
from keyboards.clients import client_card, found_page
from keyboards.people import preferences, start, team
from keyboards.screen import Screen, Span
from keyboards.tasks import task_card, task_lists
from keyboards.tasks.task_card import ItemView, OutcomeView, TaskView
from keyboards.translator import Translator, translator
from models.entities import Client, Employee
from models.ids import InvitationId
from models.oversight.looks import ShownClients
from models.roles import ROLES
from tests.worlds.office import ADDRESS, ZONE, data_of, find, labels, plain

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BIG = 2**40
T = translator("ru", ZONE)
TASK = TaskView(
    id=BIG,
    title="Позвонить клиенту",
    due_at=NOW + timedelta(hours=30),
    now=NOW,
    deal_id=BIG + 1,
    deal_number="2026-0042",
    deal_title="Кухня угловая",
    client="Мария Иванова",
    phones=("+79123456789", "+79160000001", "+79160000002"),
    address=ADDRESS,
    description="Коротко",
    video="https://example.org/v",
    shows=(("Почему отказ", "Дорого"),),
    items=(ItemView(BIG, "Первое", True), ItemView(BIG, "Второе", False, asks=True)),
    outcomes=(OutcomeView("x" * 24, "Готово", "success"), OutcomeView("no", "Нет", "danger")),
    taps=((3, "Запросить скидку"),),
    list="Повторный обзвон",
)
ME = Employee(BIG, 1, "Анна", "manager", "ru", None, None, True, None)


def every_screen(t: Translator) -> list[Screen]:
    client = Client(BIG, "person", "Мария " * 20, None, None, ("+79123456789",))
    view = client_card.ClientView(client, client, (client,), (), (client,))
    deal = client_card.DealLine(BIG, "2026-1000000", "Кухня " * 20, "Договор", "open", "Мария", "Яна")
    found = found_page.FoundView(
        "мария", ShownClients((client,), 3, ("Яна",), 5, 100), (deal, deal),
        (client_card.OthersLine("2026-0001", "Яна"),),
        (20_000, 1, 9), 10_000, 1, 1250, "MARIA" * 8, "+79123456789", "Новый лид", True, 0, None, "w", "Ждут меня",
    )  # fmt: skip
    line = task_lists.TaskLine(BIG, "Задача " * 10, "Мария", NOW)
    job = task_lists.JobLine(BIG, "Сборка", NOW, "Мария", "ул. Ленина, д. 5", "На месте", 2, 3)
    mine = task_lists.MyTasksView("today", {"today": 9}, (line,) * 8, NOW, 1, True, (task_lists.ListLink("О", BIG, 2),))
    calls = task_lists.CallListView(
        "Повторный обзвон", date(2026, 12, 1), (task_lists.CallLine(BIG, "Мария", "Дорого"),)
    )
    member = team.MemberView(ME, 2, 3, True)
    return [
        task_card.task_card(TASK, t),
        task_card.snooze_screen(TASK, dict.fromkeys(task_card.SNOOZES, NOW), t),
        task_lists.my_tasks_screen(mine, t),
        task_lists.jobs_screen(task_lists.JobsView((job,), NOW), t),
        task_lists.jobs_screen(task_lists.JobsView((job,), NOW, coming=True), t),
        task_lists.call_list_screen(calls, t),
        task_lists.lists_screen(mine.lists, t),
        client_card.client_card(view, t),
        found_page.found_screen(found, t),
        client_card.merge_screen(view, view, t),
        team.team_screen([ME], BIG, t, BIG),
        team.member_screen(member, t),
        team.roles_screen(ME, ROLES, t),
        team.roles_screen(None, ROLES, t),
        team.invitation_screen(InvitationId(BIG), "https://t.me/b?start=x", "manager", NOW, NOW, t),
        team.dismiss_screen(member, t),
        preferences.settings_screen(ME, "Верстак", t),
        preferences.quiet_screen(ME, t),
        preferences.why_screen(t),
        start.welcome_screen(ME, "Верстак", t),
        start.already_screen(ME, t),
        start.help_screen(ME, t),
    ]


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_every_screen_fits_the_platform_and_leads_home(locale: str) -> None:
    for screen in every_screen(translator(locale, ZONE)):
        assert all(len(row) <= 3 for row in screen.rows), plain(screen)
        assert all(len(one.encode()) <= 64 for one in data_of(screen)), plain(screen)
        assert "v1:home" in data_of(screen), plain(screen)
        assert len(screen.plain) < 4096 and "{" not in screen.plain and "None" not in screen.plain


def test_the_card_of_a_task_reads_as_it_should() -> None:
    screen = task_card.task_card(TASK, T)
    assert plain(screen) == "\n".join(
        [
            "📋 Позвонить клиенту",
            "🕒 Срок: завтра, 18:00",
            "",
            "Кухня угловая  № 2026-0042",
            "👤 Мария Иванова",
            "📍 Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К",
            "Коротко",
            "",
            "Почему отказ: Дорого",
        ]
    )
    assert labels(screen)[:5] == ["☑ Первое", "☐ Второе ✏️", "Готово", "Нет", "Запросить скидку"]
    assert [find(screen, name).colour for name in ("Готово", "Нет")] == ["success", "danger"]
    assert find(screen, "▶️ Видео").url == "https://example.org/v"
    assert [find(screen, "📞 +7 912").copy, len([one for one in labels(screen) if "📞" in one])] == ["+79123456789", 2]


def test_an_overdue_task_is_marked() -> None:
    late = replace(TASK, due_at=NOW - timedelta(hours=2))
    assert "⚠️ Просрочено: сегодня, 10:00" in plain(task_card.task_card(late, T))


def test_a_long_description_is_folded_and_a_short_one_is_not() -> None:
    def style(text: str) -> list[str]:
        screen = task_card.task_card(replace(TASK, description=text), T)
        return [p.style for one in screen.lines for p in one if isinstance(p, Span) and p.style in ("quote", "folded")]

    assert style("Коротко") == ["quote"]
    assert style("Очень длинно. " * 30) == ["folded"]


def test_a_task_that_is_somebody_else_s_can_only_be_read() -> None:
    screen = task_card.task_card(replace(TASK, mine=False, assignee="Пётр", may_act=False, may_open=False, taps=()), T)
    assert "Исполнитель: Пётр" in plain(screen)
    assert not [one for one in data_of(screen) if one.split(":")[1] in ("tick", "outcome", "snooze", "deal")]


def test_a_closed_task_says_how_it_ended_and_has_no_live_buttons() -> None:
    screen = task_card.task_card(replace(TASK, is_open=False, outcome="Не дозвонился"), T)
    assert plain(screen).startswith("✅ Позвонить клиенту\nЗакрыта: Не дозвонился")
    assert not [one for one in data_of(screen) if one.split(":")[1] in ("tick", "outcome", "snooze", "task_take")]


def test_user_text_is_never_markup_nor_a_placeholder() -> None:
    evil = replace(TASK, deal_title="<b>{title}</b>", client="{name}", shows=(("Почему отказ", "{reason} <a>"),))
    text = plain(task_card.task_card(evil, T))
    assert "<b>{title}</b>" in text and "{name}" in text and "{reason} <a>" in text


@pytest.mark.parametrize(
    ("hours", "said"),
    [(-36, "вчера, 0:00"), (-20, "вчера, 16:00"), (-1, "сегодня, 11:00"), (6, "сегодня, 18:00")],
)
def test_near_moments_are_named(hours: int, said: str) -> None:
    assert near_time.near(NOW + timedelta(hours=hours), NOW, T) == said


def test_far_moments_have_a_date() -> None:
    assert near_time.near(NOW + timedelta(days=4), NOW, T) == "вт, 24 ноября, 12:00"
    assert near_time.near(NOW + timedelta(days=60), NOW, T) == "вт, 19 января 2027, 12:00"


def test_a_text_is_cut_to_what_a_phone_shows() -> None:
    assert near_time.cut("Кухня угловая · Иванова", 40) == "Кухня угловая · Иванова"
    assert near_time.cut("Кухня  угловая\n· Иванова", 16) == "Кухня угловая…"
    assert len(near_time.cut("я" * 100, 34)) == 34


def test_the_call_list_is_named_by_its_day_F_E5() -> None:
    view = task_lists.CallListView("Повторный обзвон", date(2026, 12, 1), (task_lists.CallLine(1, "Мария", "Дорого"),))
    screen = task_lists.call_list_screen(view, T)
    assert plain(screen).splitlines()[0] == "📞 Повторный обзвон — 1 декабря"
    assert labels(screen)[0] == "Мария — Дорого"
    assert "Все звонки сделаны" in plain(task_lists.call_list_screen(replace(view, calls=()), T))


def test_overdue_jobs_stand_on_today_s_screen_with_their_day_C5() -> None:
    jobs = tuple(task_lists.JobLine(place, "Сборка", NOW + timedelta(days=place - 1), "М", "") for place in (0, 1))
    text = plain(task_lists.jobs_screen(task_lists.JobsView(jobs, NOW), T))
    assert "⚠️ чт, 19 ноября" in text
    assert text.index("чт, 19 ноября") < text.index("1. 12:00") < text.index("2. 12:00")


def test_no_open_tasks_is_said_kindly() -> None:
    screen = task_lists.my_tasks_screen(task_lists.MyTasksView("today", {}, (), NOW), T)
    assert "Открытых задач нет" in plain(screen) and labels(screen) == ["🏠 Меню"]


def test_every_role_is_welcomed_by_name() -> None:
    for role in ROLES:
        text = plain(start.welcome_screen(replace(ME, role=role), "Верстак", T))
        assert start.TASKS[role] in text


def test_a_closed_task_leads_to_the_next_one() -> None:
    view = replace(TASK, is_open=False, outcome="Договор подписан", following=(77, "Выставить счёт"))
    assert find(task_card.task_card(view, T), "⏭ Дальше: Выставить счёт").data == "v1:task:25"
    assert not any("⏭" in label for label in labels(task_card.task_card(replace(view, following=None), T)))
