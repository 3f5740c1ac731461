"""The installer's day on the phone (C-5): today's and coming jobs, confirm, arrive, assemble, sign or claim."""

from __future__ import annotations

import pytest

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop

DEAL = "Кухня · Мария Иванова"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 200


@pytest.fixture
async def job(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> None:
    """An assembly on Wednesday 25 November at 10:00, given to Nikolay on Monday."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00")
    await do(anna, "25.11 в 10", "[Николай Громов]")


async def test_c_5_the_job_comes_to_the_installer_without_prices(job: None, nikolay: Phone) -> None:
    """C-5: the installer is given the job at once: what, when, for whom; no prices, and not the manager's menu."""
    card = await nikolay.sees("Сборка у клиента")
    assert DEAL in card.text and "25 ноября" in card.text and "10:00" in card.text
    assert "150 000" not in card.text and "75 000" not in card.text
    assert not card.button("Этапы…")
    assert any("+7 912 345-67-89" in label for label in card.labels), "the phone is one tap away"


async def test_c_5_jobs_of_today_and_of_the_coming_days(shop: Shop, job: None, nikolay: Phone) -> None:
    """C-5: on Monday the job is among the coming days, on Wednesday it is today's."""
    await nikolay.start()
    today = await nikolay.tap("Сегодня")
    assert "Мария Иванова" not in " ".join([today.text, *today.labels])
    await nikolay.start()
    coming = await nikolay.tap("Ближайшие дни")
    assert "25 ноября" in coming.text and any("Мария Иванова" in label for label in coming.labels)
    await shop.until("2026-11-25T08:00")
    await nikolay.start()
    today = await nikolay.tap("Сегодня")
    assert any("10:00" in label and "Мария Иванова" in label for label in today.labels)


async def test_c_4_the_evening_before_the_installer_is_reminded(shop: Shop, job: None, nikolay: Phone) -> None:
    """C-4, F-O5, K-21: the pre-assembly reminder comes the day before at 18:00, not earlier, on the card of the job:
    address, phone and the lines to tick are at hand; no prices."""
    await shop.until("2026-11-24T17:59")
    await nikolay.sees_no("Завтра сборка")
    await shop.until("2026-11-24T18:00")
    message = await nikolay.sees("Завтра сборка")
    assert await nikolay.count("Завтра сборка") == 1
    assert any("+7 912 345-67-89" in label for label in message.labels) and "₽" not in message.text
    await nikolay.tap("Подтверждаю выезд", message)
    assert nikolay.screen.button("☑ Подтверждаю выезд"), "the message is the job itself"


async def test_c_5_confirm_arrive_assemble_and_sign(shop: Shop, job: None, anna: Phone, nikolay: Phone) -> None:
    """C-5: the lines are ticked one by one, photos are asked for, the act closes the job."""
    await nikolay.tap("Подтверждаю выезд")
    await shop.until("2026-11-25T10:05")
    await nikolay.tap("На месте", "Сборка у клиента")
    refused = await nikolay.tap("Акт подписан", "Сборка у клиента")
    assert nikolay.toast and "Собрано" in nikolay.toast, "what is open is said"
    assert refused.button("Акт подписан"), "and the button stays alive"
    await nikolay.tap("Собрано", "Сборка у клиента")
    await nikolay.send_files(("kitchen1.png", PICTURE), ("kitchen2.png", PICTURE + b"1"))
    await nikolay.tap("Готово")
    await nikolay.tap("Акт подписан", "Сборка у клиента")
    await nikolay.send_files(("act.png", PICTURE + b"2"))
    await nikolay.tap("Готово")
    await nikolay.start()
    assert not any("Мария Иванова" in label for label in (await nikolay.tap("Сегодня")).labels)
    await anna.open("2026-0001")
    files = await anna.tap("Файлы")
    assert "Файлы 3" in (await anna.open("2026-0001")).labels, files.text
    await anna.open("2026-0001")
    history = await anna.tap("История")
    assert "«Сборка у клиента» — Акт подписан" in history.text
    await anna.sees_only("Сборка закончена, акт подписан")


async def test_c_5_a_claim_reaches_the_manager_and_the_supervisor_at_once(
    shop: Shop, job: None, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """C-5: «Есть претензия» asks what is wrong, closes the job though lines are open, and tells those who must know."""
    await shop.until("2026-11-25T12:00")
    await nikolay.tap("Есть претензия", "Сборка у клиента")
    await nikolay.text("Царапина на фасаде")
    await anna.sees("Клиент не принял сборку: Царапина на фасаде")
    message = await boss.sees("Царапина на фасаде")
    assert message.button("Передать"), "the supervisor's message acts"
    await nikolay.start()
    assert not any("Мария Иванова" in label for label in (await nikolay.tap("Сегодня")).labels)


async def test_c_5_a_job_moved_by_the_manager_moves_in_the_installers_phone(
    shop: Shop, job: None, anna: Phone, nikolay: Phone
) -> None:
    """C-5, C-4: after the date moved, the old evening stays silent and the new one reminds."""
    await anna.open("2026-0001")
    await anna.tap("Заполнить")
    await anna.tap("Проект")
    await anna.tap("Дата и время монтажа")
    await anna.text("27.11 в 14")
    told = await nikolay.sees_only("Сборку перенесли")
    assert "27 ноября, 14:00" in told.text, "he hears of it at once"
    await shop.until("2026-11-24T20:00")
    await nikolay.sees_no("Завтра сборка")
    await shop.until("2026-11-26T18:00")
    await nikolay.sees("Завтра сборка")
    await nikolay.start()
    coming = await nikolay.tap("Ближайшие дни")
    assert any("14:00" in label for label in coming.labels)


async def test_c_5_a_job_given_to_another_installer_leaves_the_first_ones_phone(
    shop: Shop, job: None, anna: Phone, nikolay: Phone
) -> None:
    """C-5, C-8: the new installer gets the job and its reminders, the old one is told and cannot act on it any more."""
    oleg = await shop.hire("Олег Зимин", "installer")
    old = await nikolay.sees("Сборка у клиента")
    await anna.open("2026-0001")
    await do(anna, "[Заполнить]", "[Проект]", "[Мастер по сборке]", "[Олег Зимин]")
    given = await oleg.sees_only("Вам дали задачу")
    assert "Сборка у клиента" in given.text and "25 ноября" in given.text
    await nikolay.sees_only("Задачу передали другому: Сборка у клиента")
    await nikolay.tap("Подтверждаю выезд", old)
    assert nikolay.toast == "У вас нет доступа к этому."
    await shop.until("2026-11-24T18:00")
    await oleg.sees_only("Завтра сборка")
    await nikolay.sees_no("Завтра сборка")
    await nikolay.start()
    await do(nikolay, "[Ближайшие дни]")
    assert "Мария Иванова" not in nikolay.screen.text


async def test_c_5_photos_of_the_job_stand_in_the_deals_folders(
    shop: Shop, job: None, anna: Phone, nikolay: Phone
) -> None:
    """C-5: what the installer sent from the site is filed by what it shows, for the manager to look at."""
    await shop.until("2026-11-25T12:00")
    await nikolay.tap("Собрано", "Сборка у клиента")
    await nikolay.send_files(("kitchen.png", PICTURE))
    await do(nikolay, "[Готово]", "[Подтверждаю выезд]", "[На месте]", "[Акт подписан]")
    await nikolay.send_files(("act.png", PICTURE + b"2"))
    await do(nikolay, "[Готово]")
    assert "Закрыта: Акт подписан" in nikolay.screen.text
    await anna.open("2026-0001")
    await do(anna, "[Файлы 2]")
    shown = anna.screen.text
    assert "Акты" in shown and "Монтаж" in shown
    assert shown.count("Николай Громов") == 2


async def test_c_5_a_job_that_is_off_is_taken_back_from_the_installer(
    shop: Shop, job: None, anna: Phone, nikolay: Phone
) -> None:
    """C-5: the manager leads the deal past the assembly: who would drive out hears of it, and the job is gone."""
    await anna.open("2026-0001")
    await do(anna, "✔ Оплата")
    message = await nikolay.sees("Задача снята: Сборка у клиента")
    assert DEAL in message.text
    await nikolay.start()
    coming = await nikolay.tap("Ближайшие дни")
    assert not any("Мария Иванова" in label for label in coming.labels)
    await shop.until("2026-11-24T18:30")
    await nikolay.sees_no("Завтра сборка")
