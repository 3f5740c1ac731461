"""How many taps a job costs (docs/taps.md): counted on the phone, texts beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.payments import PaymentRow
from tests.stories import measuring
from tests.stories.acts import begin
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import PICTURE, begun, booked, open_kitchens, paid, ready, task, tasks


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def at_work(shop: Shop, anna: Phone, nikolay: Phone) -> str:
    """The installer stands at the client's, the kitchen is assembled; the page of his job is open. Gives the number."""
    number = await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await nikolay.tap("Принимаю выезд", "Монтаж кухни у клиента")
    await shop.until("2026-11-24T14:00")
    await task(nikolay, "Монтаж кухни")
    await nikolay.tap("☐ Позвонить клиенту за час", nikolay.screen)
    await nikolay.tap("☐ На месте", nikolay.screen)
    await nikolay.tap("Пропустить", nikolay.screen)
    return number


async def test_k_13_a_payment_of_today_is_four_taps_from_the_card(shop: Shop, anna: Phone) -> None:
    """The page, «внести», the sum, how: the day is today unless he says another."""
    card = await anna.open(await begun(shop, "production"))
    for label in ("Оплата", "➕ Внести платёж", "Весь остаток", "СБП"):
        await anna.tap(label, card)
    rows = await shop.rows(select(PaymentRow.paid_on, PaymentRow.method).order_by(PaymentRow.id.desc()).limit(1))
    assert [(row.paid_on.isoformat(), row.method) for row in rows] == [("2026-11-23", "sbp")]


async def test_k_19_an_installer_is_booked_by_four_taps_from_the_card(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    card = await anna.open(await paid(shop))
    for label in ("✅ Задача 0/3", "☐ Выбрать окно и мастера", "завтра, 9:00", "✔ Клиент согласен"):
        await anna.tap(label, card)
    assert "Монтаж: вт, 24 ноября, 09:00 · Николай Громов" in plain(anna.screen.text)


async def test_k_22_the_page_of_a_job_has_one_button_for_what_comes_next(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """Where, whom to call, what for, special wishes; one line of the checklist at a time, the rest behind «⋯»."""
    await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await task(nikolay, "Монтаж кухни")
    page = nikolay.screen
    for said in ("Садовая, д. 7", "Подъём: Грузовой лифт", "Режим тишины", "Тип кухни: Угловая", "☐ На месте"):
        assert said in plain(page.text), said
    assert [one for one in page.labels if one.startswith(("Принимаю", "☐", "🔒", "Акт", "Есть"))] == ["Принимаю выезд"]
    await nikolay.tap("Принимаю выезд", page)
    assert [one for one in nikolay.screen.labels if one.startswith("☐")] == ["☐ Позвонить клиенту за час и…"]
    await nikolay.tap("⋯ Ещё", nikolay.screen)
    assert nikolay.screen.button("🚫 Не могу поехать") and nikolay.screen.button("☐ На месте")
    await nikolay.tap("⌃ Свернуть", nikolay.screen)
    assert not nikolay.screen.button("☐ На месте")


async def test_k_22_what_was_ticked_by_mistake_is_unticked_where_it_was(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """A glove presses beside: the last tick is one tap from being taken back, any other behind «⋯»."""
    await at_work(shop, anna, nikolay)
    assert nikolay.screen.button("☐ Кухня собрана")
    await nikolay.tap("☑ На месте", nikolay.screen)
    assert nikolay.screen.button("☐ На месте") and not nikolay.screen.button("☐ Кухня собрана")
    await nikolay.tap("⋯ Ещё", nikolay.screen)
    await nikolay.tap("☑ Позвонить клиенту за час", nikolay.screen)
    await nikolay.tap("⌃ Свернуть", nikolay.screen)
    assert nikolay.screen.button("☐ Позвонить клиенту за час")


async def test_k_22_assembled_photographed_and_signed_in_five_taps(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """After the photos he is asked at once how it went: nobody presses for each line."""
    await at_work(shop, anna, nikolay)
    await nikolay.tap("☐ Кухня собрана", nikolay.screen)
    await nikolay.send_files(("one.png", PICTURE + b"1"), ("two.png", PICTURE + b"2"))
    await nikolay.tap("Готово")
    await nikolay.tap("Без замечаний", nikolay.screen)
    await nikolay.text("Собрали всё")
    await nikolay.tap("Акт подписан")
    await nikolay.send_files(("act.png", PICTURE + b"3"))
    await nikolay.tap("Готово")
    assert await tasks(shop, "job") == [("done", "signed")]


async def test_k_22_photos_that_nobody_asked_for_complete_the_line_by_a_tap(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """He sends photos first, as people do: «✔ Кухня собрана», and nobody asks for them again. Four taps."""
    number = await at_work(shop, anna, nikolay)
    told = await nikolay.send_files(("one.png", PICTURE + b"1"), ("two.png", PICTURE + b"2"))
    await nikolay.tap("✔ Кухня собрана", told)
    await nikolay.tap("Без замечаний", nikolay.screen)
    await nikolay.text("Собрали всё")
    await nikolay.tap("Акт подписан")
    await nikolay.send_files(("act.png", PICTURE + b"3"))
    await nikolay.tap("Готово")
    assert await tasks(shop, "job") == [("done", "signed")]
    card = await anna.open(number)
    await anna.tap("Заполнить", card)
    seen = plain(anna.screen.text)
    assert "Фото собранной кухни: 2 файла" in seen and "Подписанный акт: 1 файл" in seen


async def test_k_22_the_step_pressed_twice_is_done_once(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    await at_work(shop, anna, nikolay)
    told = await nikolay.send_files(("one.png", PICTURE + b"1"))
    await nikolay.tap("✔ Кухня собрана", told)
    await nikolay.tap_old("✔ Кухня собрана", told)
    assert nikolay.toast == "Уже отмечено" and nikolay.screen.button("Без замечаний"), "what is asked next stands there"


@pytest.fixture
async def measurers(tmp_path: Path) -> AsyncIterator[Phone]:
    """A manager of the measurers' business."""
    opened, http = await measuring.open_measuring(tmp_path / "measuring")
    yield await opened.hire("Анна Соколова", "manager")
    await close_shop(opened, http)


async def test_m_5_a_move_with_four_missing_fields_is_four_taps_and_two_texts(measurers: Phone) -> None:
    """The day, the address, whether one may film, the sum: each is asked once, in one message, and the move completes
    itself. The way is one-way and says so before the first question."""
    anna = measurers
    await begin(anna, "Новая продажа", "Шкаф-купе")
    await anna.open("0001")
    await anna.tap("✔ Предзамер")
    assert "Назад пути не будет" in anna.screen.text and "1 из 4" in anna.screen.text
    await anna.tap("30", anna.screen)
    await anna.text("Москва, Садовая 7, кв. 12, подъезд 1, этаж 4, домофон 12")
    await anna.tap("Верно")
    await anna.tap("Да")
    await anna.text("115 973")
    assert "Предзамер" in (await anna.open("0001")).text
