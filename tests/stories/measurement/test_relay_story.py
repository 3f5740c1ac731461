"""The manager is on call: questions from the spot and his answers, through the bot, kept in the deal (M-10, C-6)."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import hours
from tests.stories.acts import begin, do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.stories.measuring import begun, open_measuring, opened, stamped

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 200
CARD = "Сборка у клиента"


async def works_late(shop: Shop) -> None:
    """On Wednesdays Nikolay works until midnight: visits keep to the hours of whoever comes."""

    def set_day(tx: Any) -> None:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        nikolay = next(one for one in employees.staff(work) if one.name == "Николай Громов")
        hours.set_day(work, nikolay.id, 2, (time(9), time(0)))

    await shop.app.db.run(set_day)


@pytest.fixture
async def job(shop: Shop, anna: Phone, nikolay: Phone) -> Seen:
    """It is the hour of an assembly; Nikolay has its card in his hand."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await works_late(shop)
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00", "25.11 в 20:30", "[Николай Громов]")
    await shop.until("2026-11-25T21:40")
    return await opened(nikolay, CARD)


async def asks(nikolay: Phone, text: str) -> None:
    await nikolay.tap("Спросить менеджера", CARD)
    await nikolay.text(text)


async def history(anna: Phone) -> str:
    await anna.open("2026-0001")
    return plain((await anna.tap("История")).text)


async def test_m_10_a_question_reaches_the_manager_at_once_and_his_answer_comes_back(
    shop: Shop, anna: Phone, nikolay: Phone, job: Seen
) -> None:
    """M-10: at twenty to ten at night, when nothing else is sent, the question is there at once; so is the answer; and
    a dialogue stays a dialogue. Each once, and all of it in the history."""
    await asks(nikolay, "Можно сверлить в эту стену?")
    await nikolay.sees_only("Вопрос отправлен: Анна Соколова")
    asked = await anna.sees_only("Николай Громов спрашивает: Можно сверлить в эту стену?")
    assert "Кухня · Мария Иванова" in asked.text and asked.button("Открыть")
    await anna.tap("Ответить", asked)
    await anna.text("Да, она из бетона")
    assert (await anna.sees_only("Николай Громов спрашивает")).button("Ответить"), "the question is still to be read"
    await anna.sees_only("Ответ отправлен: Николай Громов")
    answered = await nikolay.sees_only("Анна Соколова отвечает: Да, она из бетона")
    await nikolay.tap("Спросить ещё", answered)
    await nikolay.text("А какой дюбель?")
    again = await anna.sees_only("Николай Громов спрашивает: А какой дюбель?")
    await anna.reply(again, "Восьмёрка")
    await nikolay.sees_only("Анна Соколова отвечает: Восьмёрка")
    told = await history(anna)
    for line in ("вопрос: Можно сверлить", "ответ: Да, она из бетона", "вопрос: А какой дюбель?", "ответ: Восьмёрка"):
        assert told.count(line) == 1


async def test_m_10_photos_go_with_the_question_and_lie_in_the_folder(
    shop: Shop, anna: Phone, nikolay: Phone, job: Seen
) -> None:
    """M-10: an album is one message: its first photo in sight, the others one tap away, all in the deal's folder."""
    await nikolay.tap("Спросить менеджера", CARD)
    await nikolay.send_files(
        ("1.png", PICTURE), ("2.png", PICTURE + b"2"), ("3.png", PICTURE + b"3"), caption="Труба мешает, что делать?"
    )
    await shop.later(seconds=3)
    asked = await anna.sees_only("Николай Громов спрашивает: Труба мешает, что делать?")
    assert asked.media is not None
    assert {"Фото 2", "Фото 3", "Ответить"} <= set(asked.labels) and "Фото 1" not in asked.labels
    shown = await anna.tap("Фото 3", asked)
    assert shown.media is not None
    await anna.reply(asked, "Сдвиньте шкаф на 5 см")
    await nikolay.sees_only("Анна Соколова отвечает: Сдвиньте шкаф на 5 см")
    assert "вопрос: Труба мешает, что делать? · 📎 3" in await history(anna)
    assert (await anna.open("2026-0001")).button("Файлы 3")
    await nikolay.sees_no("Куда положить")


async def test_m_10_a_photo_sent_as_a_reply_is_an_answer(shop: Shop, anna: Phone, nikolay: Phone, job: Seen) -> None:
    """M-10: without a word, and by the manager too: a sketch goes to the spot."""
    await nikolay.tap("Спросить менеджера", CARD)
    await nikolay.send_files(("1.png", PICTURE))
    asked = await anna.sees_only("Николай Громов присылает фото")
    await anna.tap("Ответить", asked)
    await anna.send_files(("sketch.pdf", b"%PDF-1.4 sketch"), kind="document", caption="Вот эскиз")
    answered = await nikolay.sees_only("Анна Соколова отвечает: Вот эскиз")
    assert answered.media is not None and answered.button("Спросить ещё")


async def test_m_10_a_manager_who_cannot_be_reached_is_stood_in_for(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone, job: Seen
) -> None:
    """M-10: the question goes to the next one above, at once, and the answer comes from there."""
    await shop.post(f"phones/{anna.key}/block", {})
    await asks(nikolay, "Клиента нет дома, ждать?")
    asked = await boss.sees_only("Николай Громов спрашивает: Клиента нет дома, ждать?")
    assert "Анна Соколова" in asked.text, "and says for whom he stands in"
    await boss.tap("Ответить", asked)
    await boss.text("Ждите полчаса")
    await nikolay.sees_only("Ирина Белова отвечает: Ждите полчаса")


async def test_m_10_nobody_above_either_and_the_asker_is_told_to_call(
    shop: Shop, anna: Phone, nikolay: Phone, job: Seen
) -> None:
    """M-10: a question does not vanish: who asked hears that it does not arrive."""
    await shop.post(f"phones/{anna.key}/block", {})
    await asks(nikolay, "Клиента нет дома, ждать?")
    await nikolay.sees_only("Анна Соколова не получает сообщений. Позвоните")


async def test_m_10_who_has_no_job_there_asks_nothing(shop: Shop, anna: Phone, nikolay: Phone, job: Seen) -> None:
    """M-10, C-8: the button is the job's; a colleague's forged press, and a press after the job is over, do nothing."""
    oleg = await shop.hire("Олег Зимин", "installer")
    button = job.button("Спросить менеджера")
    assert button is not None
    menu = await oleg.start()
    await oleg.press(menu.id, button["data"], forged=True)
    assert oleg.toast == "У вас нет доступа к этому."
    await anna.open("2026-0001")
    await do(anna, "✔ Оплата")
    await nikolay.press(job.id, button["data"], forged=True)
    await anna.sees_no("спрашивает")
    await nikolay.sees_no("Вопрос менеджеру")


async def test_m_9_m_10_from_the_stamp_to_the_measurers_question(tmp_path: Path) -> None:
    """M-8, M-9, M-10: the technologist stamps with the calculation in view; the communications manager sets the visit;
    the measurer gets the details without prices and asks the manager from the spot."""
    shop, http = await open_measuring(tmp_path)
    try:
        anna = await shop.hire("Анна Соколова", "manager")
        egor, fedor = await shop.hire("Егор Лапин", "technologist"), await shop.hire("Фёдор Ким", "technologist")
        daria, pavel = await shop.hire("Дарья Котова", "dispatcher"), await shop.hire("Павел Зуев", "measurer")
        await begun(shop, "measure", date(2026, 11, 25), project_notes="Скос под лестницу")
        await anna.open("2026-0001")
        await do(anna, "[Лист просчёта]")
        await anna.send_files(("calc.pdf", b"%PDF-1.4 calc"), kind="document")
        await do(anna, "[Готово]")
        card = await opened(egor, "Печать технолога")
        assert "115 973" in plain(card.text), "the sum is in view"
        assert (await egor.tap("📎 Лист просчёта", card)).media is not None, "and the calculation one tap away"
        late = await opened(fedor, "Печать технолога")
        await stamped(egor)
        await fedor.tap("Поставить печать", late)
        assert fedor.toast == "Это уже сделано: Егор Лапин."
        await opened(daria, "Назначить замер")
        await do(daria, "[Выбрать замерщика]", "[Павел Зуев]", "25.11 14:00")
        await daria.tap("Замер назначен")
        details = await pavel.sees("Замер у клиента")
        told = plain(details.text)
        assert "Скос под лестницу" in told and "ул. Садовая" in told and "115 973" not in told
        assert details.button("🗺 Карта") and details.button("+7 912 345-67-89")
        assert not details.button("Лист просчёта")
        await pavel.start()
        assert any("14:00" in label for label in (await pavel.tap("Ближайшие дни")).labels)
        await shop.until("2026-11-25T14:10")
        await pavel.start()
        await pavel.tap("Сегодня")
        await pavel.tap("Мария Иванова", pavel.screen)
        await pavel.tap("Спросить менеджера", pavel.screen)
        await pavel.text("Проём на 3 см уже, мерить?")
        asked = await anna.sees_only("Павел Зуев спрашивает: Проём на 3 см уже, мерить?")
        await anna.tap("Ответить", asked)
        await anna.text("Мерьте")
        await pavel.sees_only("Анна Соколова отвечает: Мерьте")
    finally:
        await close_shop(shop, http)
