"""«Часы и отпуск», «Мой график» and the calendar in the phone (K-19, K-20, K-21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.database import Database
from handlers.notices import compose
from keyboards.screen import InlineFile
from models.errors import NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from models.values.visit_slot import VisitSlot
from services.obsolete_notices import is_obsolete
from services.unit_of_work import UnitOfWork
from services.visits import absences, bookings, calendar_feed, hours
from tests.worlds import wire
from tests.worlds.office import ADDRESS, NOON, Office, data_of, find, hire, labels, open_office, plain
from tests.worlds.outbox import scheduled

FIELD = "assembly"
START = NOON + timedelta(days=3)  # Monday, 12:00 in Moscow


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


def press(action: str, *args: int | str) -> str:
    return wire.data(action, *args)


async def book(office: Office, who: str = "installer") -> int:
    deal = await office.deal(address=ADDRESS)
    wanted = VisitSlot(office.staff[who].id, START, START + timedelta(hours=4))
    await office.run(lambda work: bookings.book(work, deal.id, FIELD, wanted))
    return deal.id


def key_of(office: Office, role: str = "installer") -> int:
    return office.staff[role].id


# --- hours ----------------------------------------------------------------------------------------------------------


async def test_the_owner_finds_a_person_s_hours_in_the_team_K19(office: Office) -> None:
    await office.tap("owner", press("member", key_of(office)))
    answer = await office.tap("owner", "🕘 Часы и отпуск")
    assert "Часы как у компании" in plain(answer) and "Понедельник: 9:00–21:00" in plain(answer)
    assert "Пн 9–21" in labels(answer.screen)
    assert find(answer.screen, "‹ Назад").data == press("member", key_of(office))


async def test_a_weekday_takes_a_preset_other_hours_as_text_or_none_K19(office: Office) -> None:
    await office.tap("owner", press("hours", key_of(office)))
    shown = await office.tap("owner", "Пн 9–21")
    assert "Игорь — понедельник" in plain(shown) and "✓ 9:00–21:00" in labels(shown.screen)
    answer = await office.tap("owner", "9:00–18:00")
    assert answer.toast == "Понедельник: 9:00–18:00" and "Свои часы" in plain(answer)
    await office.tap("owner", "Сб 9–21")
    await office.tap("owner", "Другие часы")
    answer = await office.say("owner", "с 10 до 15:30")
    assert "Суббота: 10:00–15:30" in plain(answer)
    await office.tap("owner", "Вс 9–21")
    answer = await office.tap("owner", "Выходной")
    assert "Воскресенье: выходной" in plain(answer) and "Вс —" in labels(answer.screen)
    week = await office.run(lambda work: hours.week_of(work, key_of(office)))
    assert week is not None and week[0] == (time(9), time(18)) and week[5] == (time(10), time(15, 30)) and 6 not in week
    answer = await office.tap("owner", "Как у компании")
    assert "Понедельник: 9:00–21:00" in plain(answer)


async def test_hours_that_are_none_are_asked_again_K19(office: Office) -> None:
    await office.tap("owner", press("hours_own", key_of(office), 0))
    answer = await office.say("owner", "с 18 до 9")
    assert "Рабочий день должен начаться раньше" in plain(answer)
    answer = await office.say("owner", "9-18")
    assert "Понедельник: 9:00–18:00" in plain(answer)


async def test_the_dispatcher_plans_and_a_manager_and_an_installer_do_not_K19(office: Office) -> None:
    daria = await hire(office, "dispatcher", 3000, "Дарья")
    home = await office.tap(daria, press("home"))
    assert "🕘 Графики мастеров" in labels(home.screen)
    await office.tap(daria, "🕘 Графики мастеров")
    shown = await office.tap(daria, "Игорь · мастер")
    assert "➕ Отпуск" in labels(shown.screen) and find(shown.screen, "‹ Назад").data == press("hours_all")
    other, mine = key_of(office, "manager"), key_of(office)
    for data in (press("hours", mine), press("hours_set", mine, 0, 540, 1080), press("absence_new", mine, "off")):
        with pytest.raises(NotAllowed):
            await office.tap("manager", data)
    for data in (press("hours", other), press("hours_off", mine, 0), press("absence_del", 1), press("hours_all")):
        with pytest.raises(NotAllowed):
            await office.tap("installer", data)
    own = await office.tap("installer", press("hours_mine"))
    assert "Понедельник: 9:00–21:00" in plain(own) and labels(own.screen) == ["‹ Назад", "🏠 Меню"]


@pytest.mark.parametrize(
    "data",
    [
        press("hours", 2**40),
        press("hours_day", 4, 7),
        press("hours_set", 4, 0, 1440, 60),
        press("hours_off", 4, -1),
        press("absence_new", 4, "prison"),
        press("absence_del", 2**40),
    ],
)
async def test_forged_buttons_change_nothing_K19(office: Office, data: str) -> None:
    with pytest.raises(NotFound):
        await office.tap("owner", data)
    assert await office.run(lambda work: hours.week_of(work, 4)) is None


# --- absences -------------------------------------------------------------------------------------------------------


async def test_a_leave_is_entered_in_words_listed_and_taken_back_K19(office: Office) -> None:
    await office.tap("owner", press("hours", key_of(office)))
    asked = await office.tap("owner", "➕ Отпуск")
    assert "Отпуск: Игорь" in plain(asked)
    wrong = await office.say("owner", "на недельку")
    assert "Не получилось понять" in plain(wrong) and "с 1 по 7 декабря" in plain(wrong)
    answer = await office.say("owner", "с 1 по 7 декабря")
    assert "🏖 Отпуск: 1–7 декабря" in plain(answer)
    found = await office.run(lambda work: absences.coming(work, key_of(office)))
    assert [(one.kind, one.first_on, one.last_on) for one in found] == [("leave", date(2026, 12, 1), date(2026, 12, 7))]
    answer = await office.tap("owner", "✕ Отпуск: 1–7 декабря")
    assert answer.toast == "Убрано. Отпуск: 1–7 декабря" and "Не работает" not in plain(answer)


async def test_an_illness_over_a_visit_names_the_deal_and_tells_its_manager_K20(office: Office) -> None:
    key = await book(office)
    await office.tap("owner", press("absence_new", key_of(office), "sick"))
    answer = await office.say("owner", "с 23 по 25 ноября")
    assert "Больничный: 23–25 ноября" in plain(answer)
    assert "На это время уже назначены выезды" in plain(answer) and "пн, 23 ноября, 12:00" in plain(answer)
    assert find(answer.screen, "№ 2026-0001").data == press("deal", key)

    def letters(work: UnitOfWork) -> list[str]:
        rows = scheduled(work, ScheduledRow.rule == absences.RULE, ScheduledRow.done_at.is_(None))
        return [one.screen.plain for one in compose.compose(work, rows)]

    said = await office.run(letters)
    assert len(said) == 1
    assert "Игорь на больничном: 23–25 ноября. Перенесите выезд: пн, 23 ноября, 12:00" in said[0].replace("\u00a0", " ")
    assert "2026-0001" in said[0]
    await office.run(lambda work: bookings.free(work, key, FIELD))
    assert await office.run(letters) == [], "moved meanwhile, it is no news any more"


async def test_the_dispatcher_sees_the_number_of_a_deal_that_he_may_not_open_K20(office: Office) -> None:
    daria = await hire(office, "dispatcher", 3000, "Дарья")
    await book(office)
    await office.tap(daria, press("absence_new", key_of(office), "off"))
    answer = await office.say(daria, "23.11")
    assert "№ 2026-0001" in plain(answer) and not any("2026-0001" in one for one in labels(answer.screen))


async def test_shorter_hours_over_a_visit_name_it_too_K20(office: Office) -> None:
    await book(office)
    answer = await office.tap("owner", press("hours_set", key_of(office), 0, 9 * 60, 15 * 60))
    assert "Понедельник: 9:00–15:00" in plain(answer) and "№ 2026-0001" in plain(answer)


async def test_who_is_dismissed_leaves_his_visits_to_be_moved_and_their_manager_hears_of_it_K20(office: Office) -> None:
    await book(office)
    answer = await office.tap("owner", press("dismiss_yes", key_of(office)))
    assert answer.toast is not None and answer.toast.startswith("Игорь больше не в команде. 1 выезд")
    rows = await office.run(lambda work: scheduled(work, ScheduledRow.rule == absences.RULE))
    assert [(row.employee_id, row.notice.why) for row in rows] == [(key_of(office, "manager"), "gone")]
    assert not await office.run(lambda work: is_obsolete(work, rows[0]))


# --- one's own schedule ---------------------------------------------------------------------------------------------


async def test_my_schedule_shows_visits_by_day_with_their_jobs_K21(office: Office) -> None:
    deal, job = await office.assembly()
    wanted = VisitSlot(key_of(office), START, START + timedelta(hours=4))
    await office.run(lambda work: bookings.book(work, deal.id, FIELD, wanted))
    day = date(2026, 12, 1)
    await office.run(lambda work: absences.add(work, key_of(office), "leave", day, day), "owner")
    await office.tap("installer", press("home"))
    answer = await office.tap("installer", "🗓 Мой график")
    text = plain(answer)
    assert "пн, 23 ноября" in text and "12:00–16:00" in text and f"№ {deal.number} · Мария Иванова" in text
    assert ADDRESS.one_line() in text and "🏖 Отпуск: вт, 1 декабря" in text
    assert find(answer.screen, "23.11 12:00–16:00").data == press("job", job.id)
    assert "₽" not in text


async def test_an_empty_schedule_says_so_K21(office: Office) -> None:
    assert "Выездов пока не назначено" in plain(await office.tap("installer", press("my_plan")))


async def test_the_calendar_comes_as_a_file_K21(office: Office) -> None:
    await book(office)
    await office.tap("installer", press("my_plan"))
    shown = await office.tap("installer", "📲 В телефон")
    assert "🔗 Получить ссылку" not in labels(shown.screen), "the bot is not reached from outside"
    answer = await office.tap("installer", "📎 Прислать файл")
    assert answer.new and answer.screen is not None and isinstance(answer.screen.document, InlineFile)
    assert answer.screen.document.name == "verstak.ics" and b"BEGIN:VEVENT" in answer.screen.document.data
    with pytest.raises(NotFound):
        await office.tap("installer", press("my_link"))


async def test_the_link_is_shown_once_renewed_and_switched_off_K21(office: Office) -> None:
    office.company = replace(office.company, base_url="https://bot.example.ru")
    await office.tap("installer", press("my_calendar"))
    answer = await office.tap("installer", "🔗 Получить ссылку")
    link = find(answer.screen, "Скопировать").copy
    assert link is not None and link.startswith("https://bot.example.ru/calendar/") and link in plain(answer)
    secret = link.rsplit("/", 1)[1].removesuffix(".ics")
    assert await office.run(lambda work: calendar_feed.by_secret(work, secret)) is not None
    again = await office.tap("installer", "‹ Назад")
    assert "🔗 Новая ссылка" in labels(again.screen) and secret not in plain(again)
    await office.tap("installer", "🔗 Новая ссылка")
    assert await office.run(lambda work: calendar_feed.by_secret(work, secret)) is None
    await office.tap("installer", press("my_calendar"))
    off = await office.tap("installer", "Отключить ссылку")
    assert off.toast == "Ссылка больше не действует" and "🔗 Получить ссылку" in labels(off.screen)


async def test_buttons_fit_with_large_numbers(office: Office) -> None:
    for action, args in (
        ("hours_set", (2**40, 6, 1439, 1439)),
        ("absence_new", (2**40, "leave")),
        ("absence_del", (2**40,)),
    ):
        assert len(press(action, *args).encode()) <= 64
    shown = await office.tap("owner", press("hours", key_of(office)))
    assert shown.screen is not None
    assert all(len(one.encode()) <= 64 for one in data_of(shown.screen))
    assert all(len(one) <= 34 for one in labels(shown.screen))
