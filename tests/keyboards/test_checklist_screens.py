"""The screens of editing checklists, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keyboards.screen import Screen
from keyboards.tasks import checklist_editor, task_card, task_lists, task_templates
from keyboards.tasks.checklist_editor import DealListView, LineView
from keyboards.tasks.task_card import ItemView, OutcomeView, TaskView
from keyboards.tasks.task_templates import ProcessLine, TasksView, TaskTemplateView, TemplateLine
from keyboards.translator import translator
from models.values.geo_point import GeoPoint
from tests.worlds.office import ADDRESS, ZONE, data_of, find, labels, plain

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BIG = 2**40
CRC = 2**32 - 1
T = translator("ru", ZONE)
LINES = (
    LineView(BIG, "Подтверждаю выезд", done=True),
    LineView(BIG + 1, "Приехать {вовремя} <b>", asks=("Отзыв клиента",), optional=True),
    LineView(BIG + 2, "Взять акт", paper="Акт"),
)
LIST = DealListView(BIG, "Сборка у клиента", "Кухня · Мария", "2026-0042", LINES)
TEMPLATE = TaskTemplateView(
    CRC, CRC, "x" * 20, "Сборка", "Монтаж", LINES, "Надеть бахилы", "https://a.ru/v", "Ольга, сегодня, 12:00", True
)
FULL = tuple(LineView(BIG + n, f"{n} " + "я" * 196, asks=("Поле " * 20,)) for n in range(30))


def every_screen() -> list[Screen]:
    long = replace(TEMPLATE, lines=FULL, full=True, description="я" * 1000)
    return [
        checklist_editor.deal_list(LIST, T),
        checklist_editor.deal_list(replace(LIST, lines=()), T),
        checklist_editor.deal_list(replace(LIST, lines=FULL, full=True), T),
        *(checklist_editor.deal_line(LIST, at, T, sure=sure) for at in range(3) for sure in (False, True)),
        task_templates.processes_screen([ProcessLine("x" * 20, "Производство мебели", 2)], T),
        task_templates.tasks_screen(
            TasksView("x" * 20, "П", (TemplateLine(CRC, "Сборка", "Монтаж", changed=True),), 99, 200), T
        ),
        task_templates.template_screen(TEMPLATE, T),
        task_templates.template_screen(long, T),
        *(task_templates.line_screen(TEMPLATE, at, T, sure=sure) for at in range(3) for sure in (False, True)),
        task_templates.reset_screen(TEMPLATE, T),
    ]


def test_every_screen_fits_the_platform_and_leads_home() -> None:
    for screen in every_screen():
        assert all(len(row) <= 3 for row in screen.rows), plain(screen)
        assert all(len(one.encode()) <= 64 for one in data_of(screen)), plain(screen)
        assert "v1:home" in data_of(screen), plain(screen)
        assert len(screen.plain) < 4096 and "None" not in screen.plain


def test_the_list_reads_as_it_should_K5() -> None:
    screen = checklist_editor.deal_list(LIST, T)
    assert plain(screen).splitlines()[:7] == [
        "✏️ Чек-лист этой сделки",
        "Задача: Сборка у клиента",
        "Кухня · Мария · № 2026-0042",
        "",
        "1. ☑ Подтверждаю выезд",
        "2. ☐ Приехать {вовремя} <b> (спросит: Отзыв клиента; можно пропустить)",
        "3. ☐ Взять акт (сделает документ: Акт)",
    ]
    assert labels(screen)[3:] == ["➕ Добавить пункт", "‹ К задаче", "🏠 Меню"]
    assert "➕ Добавить пункт" not in labels(checklist_editor.deal_list(replace(LIST, full=True), T))


@pytest.mark.parametrize(("at", "ways"), [(0, ["↓ Ниже"]), (1, ["↑ Выше", "↓ Ниже"]), (2, ["↑ Выше"])])
def test_a_line_moves_only_where_there_is_room(at: int, ways: list[str]) -> None:
    for screen in (checklist_editor.deal_line(LIST, at, T), task_templates.line_screen(TEMPLATE, at, T)):
        assert [one for one in labels(screen) if one in ("↑ Выше", "↓ Ниже")] == ways


def test_a_line_that_asks_is_asked_about_before_it_goes_and_a_plain_one_is_not() -> None:
    plainly, asking = (find(checklist_editor.deal_line(LIST, at, T), "🗑 Убрать").data for at in (0, 1))
    assert plainly and plainly.endswith(":1") and asking and asking.endswith(":0")
    sure = checklist_editor.deal_line(LIST, 1, T, sure=True)
    assert "Вернуть его потом нельзя" in plain(sure)
    assert (find(sure, "🗑 Убрать").data or "").endswith(":1")


def test_an_edited_template_is_marked_and_can_go_back_K5() -> None:
    screen = task_templates.template_screen(TEMPLATE, T)
    assert "Изменён: Ольга, сегодня, 12:00" in plain(screen)
    assert "Файл процесса с тех пор изменился" in plain(screen)
    assert "↩️ Вернуть как в файле" in labels(screen)
    clean = task_templates.template_screen(replace(TEMPLATE, changed="", stale=False), T)
    assert "Изменён" not in plain(clean) and "↩️ Вернуть как в файле" not in labels(clean)
    view = TasksView("kitchens", "Кухни", (TemplateLine(1, "Сборка", "Монтаж", changed=True),))
    assert "Сборка — изменён" in plain(task_templates.tasks_screen(view, T))


TASK = TaskView(
    id=BIG,
    title="Сборка у клиента",
    due_at=NOW + timedelta(hours=30),
    now=NOW,
    deal_id=BIG,
    deal_number="2026-0042",
    deal_title="Кухня угловая",
    client="Мария Иванова",
    phones=("+79123456789",),
    address=ADDRESS,
    spot=GeoPoint(55.751244, 37.618423),
    video="https://example.org/v",
    items=(ItemView(BIG, "Приехать {вовремя}", done=False, asks=True), ItemView(BIG, "Акт", done=False, paper=True)),
    outcomes=(OutcomeView("late", "Задерживаюсь", None, BIG), OutcomeView("done", "Готово", "success")),
    may_edit=True,
)


def test_the_installers_card_has_phone_address_map_point_and_video_at_hand_K22() -> None:
    screen = task_card.task_card(TASK, T)
    assert "📍 Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К" in plain(screen)
    assert find(screen, "📞").copy == "+79123456789"
    assert (find(screen, "🗺 Карта").url or "").startswith("https://yandex.ru/maps/?text=")
    assert find(screen, "📍 Точка").url == "https://yandex.ru/maps/?pt=37.618423%2C55.751244&z=17"
    assert find(screen, "▶️ Видео").url == "https://example.org/v"
    assert labels(screen)[:2] == ["☐ Приехать {вовремя} ✏️", "☐ Акт 📄"], "what a person typed is never a placeholder"


def test_only_who_may_edit_sees_the_way_to_it_K5() -> None:
    assert "✏️ Чек-лист" in labels(task_card.task_card(TASK, T))
    for view in (replace(TASK, may_edit=False), replace(TASK, is_open=False)):
        assert "✏️ Чек-лист" not in labels(task_card.task_card(view, T))


def test_an_outcome_that_stays_is_drawn_for_a_state_of_the_deal_and_fits_into_its_button() -> None:
    data = {name: find(task_card.task_card(TASK, T), name).data for name in ("Задерживаюсь", "Готово")}
    assert data["Задерживаюсь"] != data["Готово"] and all(one and len(one.encode()) <= 64 for one in data.values())


def test_an_address_that_the_task_shows_already_is_not_said_twice() -> None:
    shown = replace(TASK, shows=(("Адрес", ADDRESS.one_line()),))
    assert plain(task_card.task_card(shown, T)).count("ул. Ленина") == 1


def test_long_lines_are_cut_on_their_buttons_and_said_in_full_above() -> None:
    items = tuple(ItemView(n, f"Пункт {n} " + "я" * 180, done=False) for n in range(30))
    screen = task_card.task_card(replace(TASK, items=items, description="я" * 1000), T)
    assert all(len(label) <= 66 for label in labels(screen))
    assert "☐ Пункт 0 " + "я" * 180 in plain(screen)
    assert len(screen.plain) < 4096


def test_presets_of_putting_off_are_those_that_are_ahead() -> None:
    choices = {"0": NOW + timedelta(hours=1), "1": NOW + timedelta(hours=21)}
    assert labels(task_card.snooze_screen(TASK, choices, T)) == [
        "1 час — сегодня, 13:00",
        "Завтра утром — завтра, 9:00",
        "Другое время…",
        "‹ Назад",
        "🏠 Меню",
    ]


def test_pages_of_my_tasks_say_which_of_how_many() -> None:
    tasks = tuple(task_lists.TaskLine(n, "Позвонить", "Мария", NOW) for n in range(8))
    view = task_lists.MyTasksView("today", {"today": 40}, tasks, NOW, 1, more=True, first=9)
    screen = task_lists.my_tasks_screen(view, T)
    assert "Сегодня · 9–16 из 40" in plain(screen) and "9. Позвонить" in plain(screen)
    assert any(label.startswith("16. ") for label in labels(screen))


def test_pages_of_an_installers_list() -> None:
    jobs = tuple(task_lists.JobLine(n, "Сборка", NOW + timedelta(days=1), "Мария", "") for n in range(10))
    view = task_lists.JobsView(jobs, NOW, coming=True, page=1, more=True, first=11)
    screen = task_lists.jobs_screen(view, T)
    assert [find(screen, name).data for name in ("‹ Раньше", "Ещё ›")] == ["v1:jobs_next:0", "v1:jobs_next:2"]
    assert any(label.startswith("20. ") for label in labels(screen))
