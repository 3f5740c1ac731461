"""The kitchen shop agrees the day of the assembly: free windows, a hold, two who want one, moving, the calendar."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.visits import HalfHourRow, VisitRow
from tests.stories.acts import do, heard, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.stories.kitchen import booked, open_kitchens, own_number, paid, task

DEAL = "Кухня угловая · Мария Иванова"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def pavel(shop: Shop) -> Phone:
    """A second manager."""
    return await shop.hire("Павел Ким", "manager")


async def visits(shop: Shop, state: str = "planned") -> list[Any]:
    """What stands agreed (or held), by time."""
    return list(await shop.rows(select(VisitRow).where(VisitRow.state == state).order_by(VisitRow.starts_at)))


async def choose(phone: Phone) -> Seen:
    """Open the question for the window."""
    await task(phone, "Согласовать доставку")
    return await phone.tap("Выбрать окно и мастера", phone.screen)


async def test_k_19_a_window_an_installer_the_address_and_the_wishes_are_agreed_by_buttons(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """K-19: the free windows of the installer are buttons; the one that is talked about is held; agreed, it is booked;
    the address, the lift, special conditions and wishes are asked; then the deal moves by itself and says so."""
    await own_number(nikolay)
    number = await paid(shop)
    asked = await choose(anna)
    windows = [label for label in asked.labels if label[0] != "‹" and "·" not in label][:6]
    assert windows == [
        "сегодня, 10:00", "сегодня, 15:00", "завтра, 9:00", "завтра, 14:00",
        "ср, 25 ноября, 09:00", "ср, 25 ноября, 14:00",
    ]  # fmt: skip
    await anna.tap("завтра, 9:00", asked)
    held = anna.screen
    assert "завтра, 9:00–13:00" in held.text and "Николай Громов" in held.text
    assert "Окно держу за вами до 10:10" in held.text
    assert "телефон" not in held.text, "his phone is known: there is nothing to warn of"
    assert await visits(shop) == [] and len(await visits(shop, "reserved")) == 1
    await do(anna, "[Клиент согласен]")
    assert "Монтаж: вт, 24 ноября, 09:00 · Николай Громов" in plain(anna.screen.text), "what was chosen is seen"
    await do(anna, "[Уточнить точный адрес]")
    await do(anna, "Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 4, домофон 12К", "[Верно]")
    await anna.tap("Узнать про подъём")
    await do(anna, "[По лестнице]", "Пропуск на въезд", "Режим тишины с 13:00 до 15:00")
    done = await anna.sees("Готово. Сделка теперь на стадии «Дата монтажа назначена»")
    assert "📅 Монтаж: вт, 24 ноября, 09:00 · Николай Громов" in plain(done.text)
    [row] = await visits(shop)
    assert row.starts_at.isoformat() == "2026-11-24T06:00:00+00:00"
    await anna.sees_only("Монтаж назначен: Кухня угловая · Мария Иванова, вт, 24 ноября, 09:00, мастер Николай Громов")
    told = await nikolay.sees_only("Вам назначен монтаж: Кухня угловая · Мария Иванова, вт, 24 ноября, 09:00")
    await nikolay.tap("Открыть", told)
    card = nikolay.screen
    assert number in card.text and "+7 912 345-67-89" in card.text, "he may look where he is to go"
    assert "₽" not in card.text and "Накануне позвоните" not in card.text, "no prices, no hints of the manager's"
    await nikolay.start()
    plan = await nikolay.tap("Мой график")
    assert "9:00–13:00 Монтаж" in plan.text and "ул. Ленина, д. 5" in plan.text


async def test_k_20_the_stage_is_not_entered_without_a_window_and_an_address(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """K-20, K-19: moving by hand asks for exactly what is missing, in conversation, and then moves."""
    number = await paid(shop, address=None)
    await anna.open(number)
    await anna.tap("Дата монтажа назначена")
    assert "Монтаж" in anna.screen.text and anna.screen.button("завтра, 9:00")
    await do(anna, "[завтра, 9:00]", "[Клиент согласен]")
    assert "Адрес" in (await anna.last()).text
    await do(anna, "Москва, ул. Ленина, д. 5, кв. 12", "[Верно]")
    seen = await anna.open(number)
    assert "Дата монтажа назначена" in seen.text


async def test_k_20_a_wrong_date_or_time_is_refused_with_the_reason_and_the_nearest_free_windows(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """K-20: a time that is past, a night, a broken word: each is told what is wrong, and what is free instead."""
    await paid(shop)
    await choose(anna)
    past = await anna.text("вчера в 10")
    assert "⚠️ Это время уже прошло" in past.text and past.button("завтра, 9:00")
    night = await anna.text("завтра в 3")
    assert "⚠️ Николай Громов: в этот день работает 9:00–21:00." in night.text
    assert night.labels[0] == "завтра, 9:00", "the nearest one first"
    late = await anna.text("завтра в 18:30")
    assert "в этот день работает 9:00–21:00" in late.text, "the work would last past the evening"
    odd = await anna.text("завтра в 10:15")
    assert odd.button("завтра, 10:00") or "половине часа" in odd.text or odd.button("завтра, 9:00")
    broken = await anna.text("абракадабра")
    assert "Не получилось понять «абракадабра»" in broken.text and "Например: завтра в 10:00" in broken.text
    assert await visits(shop) == [] and await visits(shop, "reserved") == []


async def test_k_20_two_managers_press_the_same_window_at_the_same_moment(
    shop: Shop, anna: Phone, pavel: Phone, nikolay: Phone
) -> None:
    """K-19, K-20, promise 6: one gets it, the other hears who holds it until when, and sees the nearest free ones."""
    await paid(shop)
    await paid(shop, "Павел Ким", "Борис Кравцов", "+79161234523")
    hers, his = await choose(anna), await choose(pavel)
    taps = [
        shop.post(f"phones/{phone.key}/tap", {"message_id": seen.id, "data": seen.button("завтра, 9:00")["data"]})  # type: ignore[index]
        for phone, seen in ((anna, hers), (pavel, his))
    ]
    said = await asyncio.gather(*taps)
    await shop.settle()
    assert len(await visits(shop, "reserved")) == 1
    loser, winner, toast = (pavel, anna, said[1]) if not said[0].get("text") else (anna, pavel, said[0])
    assert f"Николай Громов: это время до 10:10 держит {winner.name}." in plain(toast["text"])
    fresh = await loser.last()
    assert fresh.button("завтра, 14:00") and not fresh.button("завтра, 9:00")
    assert f"держит {winner.name}" in plain(fresh.text), "and it stands above the free ones"
    await winner.tap("Клиент согласен")
    await loser.tap("завтра, 14:00")
    await loser.tap("Клиент согласен")
    assert [row.starts_at.hour for row in await visits(shop)] == [6, 11]


async def test_k_20_a_window_booked_meanwhile_is_told_with_the_deal_that_has_it(
    shop: Shop, anna: Phone, pavel: Phone, nikolay: Phone
) -> None:
    """K-20: the list was drawn before a colleague booked: the press is refused with the reason and the nearest ones."""
    first = await paid(shop)
    await paid(shop, "Павел Ким", "Борис Кравцов", "+79161234523")
    stale = await choose(pavel)
    await booked(anna, "завтра в 9")
    await pavel.tap("завтра, 9:00", stale)
    assert f"Николай Громов: уже занято, 9:00–13:00 — выезд по сделке № {first}." in plain(pavel.toast or "")
    assert pavel.screen.button("завтра, 14:00"), "what is free is one tap away"
    typed = await pavel.text("завтра в 13:00")
    assert "не останется времени на дорогу, 9:00–13:00" in plain(typed.text), "an hour of way stands between two visits"
    assert not typed.button("завтра, 13:00") and typed.button("завтра, 14:00")


async def test_k_19_a_hold_lasts_ten_minutes_and_then_the_window_is_free_for_others(
    shop: Shop, anna: Phone, pavel: Phone, nikolay: Phone
) -> None:
    """K-19: until the last second the colleague is refused; afterwards he gets it, and who was slow hears why not."""
    await paid(shop)
    second = await paid(shop, "Павел Ким", "Борис Кравцов", "+79161234523")
    await choose(anna)
    await anna.tap("завтра, 9:00")
    await choose(pavel)
    await shop.later(minutes=9, seconds=59)
    refused = await pavel.text("завтра в 9")
    assert "это время до 10:10 держит Анна Соколова" in plain(refused.text)
    await shop.later(seconds=1)
    got = await pavel.text("завтра в 9")
    assert "Окно держу за вами до 10:20" in got.text
    await do(pavel, "[Клиент согласен]")
    await anna.tap("Клиент согласен", "Окно держу за вами")
    said = f"уже занято, 9:00–13:00 — выезд по сделке № {second}"
    assert said in plain(anna.toast or "")
    shown = anna.screen
    assert plain(shown.text).count(said) == 1 and "Сейчас" not in shown.text, "said once; she has no window yet"
    assert shown.button("завтра, 14:00") and not shown.button("Клиент согласен")


async def test_k_19_a_hold_that_ran_out_is_good_if_nobody_took_the_window(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """K-19: the client thought for half an hour, the window was still free: it is booked without a second choice."""
    await paid(shop)
    await choose(anna)
    await anna.tap("завтра, 9:00")
    await shop.later(minutes=30)
    await anna.tap("Клиент согласен", "Окно держу за вами")
    assert len(await visits(shop)) == 1


async def test_k_19_another_window_and_giving_up_free_what_was_held(
    shop: Shop, anna: Phone, pavel: Phone, nikolay: Phone
) -> None:
    """K-19: «Другое окно» and «Отмена» give the window back at once."""
    await paid(shop)
    await choose(anna)
    await do(anna, "[завтра, 9:00]", "[Другое окно]")
    assert await visits(shop, "reserved") == []
    await do(anna, "[завтра, 9:00]", "[Отмена]")
    assert await visits(shop, "reserved") == [] and await shop.rows(select(HalfHourRow)) == []


async def test_k_20_an_installer_on_leave_is_not_offered_and_named_with_the_day_he_is_back(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-19, K-20: leave entered in «Команда»; his windows begin after it; a time within it is refused, and why."""
    await boss.start()
    await do(boss, "[👥 Команда]", "[Николай Громов]", "[🕘 Часы и отпуск]", "[Отпуск]", "с 24 по 26 ноября")
    await paid(shop)
    asked = await choose(anna)
    assert not any(label.startswith(("завтра", "ср, 25", "чт, 26")) for label in asked.labels)
    assert asked.button("пт, 27 ноября, 09:00")
    refused = await anna.text("завтра в 10")
    assert "⚠️ Николай Громов: отпуск по чт, 26 ноября включительно." in plain(refused.text)
    assert refused.button("пт, 27 ноября, 09:00")


async def test_k_20_leave_over_a_booked_visit_is_told_to_the_manager_at_once(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-20, C-5: the installer falls ill: the supervisor sees which visits fall out; the manager is asked to move."""
    await paid(shop)
    await booked(anna)
    await boss.start()
    await do(boss, "[👥 Команда]", "[Николай Громов]", "[🕘 Часы и отпуск]", "[Больничный]", "завтра")
    assert "🚗 завтра, 10:00 · Кухня угловая" in plain(boss.screen.text), "the visits that cannot take place are named"
    told = await anna.sees_only("Николай Громов на больничном")
    assert "Перенесите выезд: вт, 24 ноября, 10:00" in plain(told.text)


async def test_k_19_a_visit_is_moved_in_the_card_and_the_old_window_is_free(
    shop: Shop, anna: Phone, pavel: Phone, nikolay: Phone
) -> None:
    """K-19, K-20: another time in the card moves the same visit; the installer hears it once, with what it was."""
    number = await paid(shop)
    await booked(anna, "завтра в 9")
    await listen(shop)
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "завтра в 14", "[Клиент согласен]")
    [row] = await visits(shop)
    assert row.starts_at.hour == 11
    heard(
        nikolay, await nikolay.news(), ["Монтаж изменился: Кухня угловая · Мария Иванова. Теперь вт, 24 ноября, 14:00"]
    )
    await paid(shop, "Павел Ким", "Борис Кравцов", "+79161234523")
    assert (await choose(pavel)).button("завтра, 9:00"), "the old window is free again"
    await nikolay.start()
    plan = await nikolay.tap("Мой график")
    assert "14:00–18:00" in plan.text and "9:00–13:00" not in plan.text


async def test_k_19_a_deal_that_fails_frees_its_window_and_the_installer_hears_it(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """K-19, C-5: nobody drives out to a deal that is off."""
    number = await paid(shop)
    await booked(anna)
    await anna.open(number)
    await anna.tap("Этапы…")
    await anna.tap("Отказ", anna.screen)
    await do(anna, "[Дорого]")
    assert await visits(shop) == [] and await shop.rows(select(HalfHourRow)) == []
    off = await nikolay.sees_only("Выезд отменён: вт, 24 ноября, 10:00")
    assert DEAL in off.text


async def test_k_19_another_installer_is_chosen_and_the_first_one_hears_it(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """K-19, C-5: typing a name with the time chooses the person; who was to come is told that he need not."""
    await shop.hire("Олег Зимин", "installer")
    number = await paid(shop)
    await booked(anna, "завтра в 10 Николай")
    await nikolay.sees_only("Вам назначен монтаж")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "завтра в 10 Олег", "[Клиент согласен]")
    await nikolay.sees_only("Выезд отменён: вт, 24 ноября, 10:00")
    oleg = shop.phones["Олег Зимин"]
    told = await oleg.sees_only("Монтаж изменился")
    assert "Теперь вт, 24 ноября, 10:00, Олег Зимин" in plain(told.text) and "Николай Громов" in told.text
    await oleg.tap("Открыть", told)
    assert number in oleg.screen.text
    await nikolay.tap("Открыть", "Вам назначен монтаж")
    assert nikolay.toast == "У вас нет доступа к этому."


async def test_k_21_an_installer_without_a_phone_is_seen_before_the_day(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-21: while the window is held the manager is warned; the supervisor sees it in «Команда» and enters the number;
    a broken one is refused; then there is nothing to warn of."""
    await paid(shop)
    await choose(anna)
    await anna.tap("завтра, 9:00")
    assert "⚠️ У мастера не указан рабочий телефон" in anna.screen.text
    await boss.start()
    await boss.tap("👥 Команда")
    assert "Николай Громов: мастер — телефон не указан" in boss.screen.text
    await boss.tap("Николай Громов", boss.screen)
    assert "⚠️ Рабочий телефон не указан" in boss.screen.text
    await boss.tap("📞 Рабочий телефон", boss.screen)
    wrong = await boss.text("12")
    assert "⚠️" in wrong.text
    member = await boss.text("8 916 555-01-01")
    assert "Рабочий телефон: +7 916 555-01-01" in plain(member.text)
    await do(anna, "[Другое окно]", "[завтра, 9:00]")
    assert "телефон" not in anna.screen.text


async def test_k_19_the_installers_calendar_comes_as_a_file_and_as_a_link_with_a_secret(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """K-19, K-21: the file holds the visit; the link does too, follows what changes, and dies when it is renewed."""
    number = await paid(shop)
    await booked(anna)
    await nikolay.start()
    await do(nikolay, "[🗓 Мой график]", "[📲 В телефон]")
    assert not nikolay.screen.button("🔗 Получить ссылку"), "without an address of the bot there is no link to give"
    sent = await nikolay.tap("📎 Прислать файл")
    assert sent.media and sent.media["name"] == "verstak.ics"
    async with shop.http.get(f"{shop.sandbox.url}{sent.media['url']}") as answer:
        file = unfolded(await answer.text())
    assert "BEGIN:VEVENT" in file and number in file and "ул. Садовая" in file
    assert "20261124T070000Z" in file or "20261124T100000" in file

    object.__setattr__(shop.app.company, "base_url", f"http://127.0.0.1:{shop.app.http.port}")  # as WEBHOOK_URL does
    await nikolay.start()
    await do(nikolay, "[🗓 Мой график]", "[📲 В телефон]", "[🔗 Получить ссылку]")
    first = next(word for word in nikolay.screen.text.split() if word.startswith("http"))
    assert DEAL in unfolded(await fetched(shop, first)) or number in unfolded(await fetched(shop, first))
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "завтра в 14", "[Клиент согласен]")
    moved = unfolded(await fetched(shop, first))
    assert "20261124T110000Z" in moved or "20261124T140000" in moved
    await nikolay.start()
    await do(nikolay, "[🗓 Мой график]", "[📲 В телефон]", "[🔗 Новая ссылка]")
    assert await fetched(shop, first) == "404"


async def fetched(shop: Shop, link: str) -> str:
    async with shop.http.get(link) as answer:
        return await answer.text() if answer.status == 200 else str(answer.status)


def unfolded(ics: str) -> str:
    return ics.replace("\r\n ", "").replace("\\", "")
