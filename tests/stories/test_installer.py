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
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "✔ Доставка")
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
    """C-4, F-O5: the pre-assembly reminder comes the day before at 18:00, not earlier, and asks to confirm."""
    await shop.until("2026-11-24T17:59")
    await nikolay.sees_no("Завтра сборка")
    await shop.until("2026-11-24T18:00")
    await nikolay.sees("Завтра сборка")
    assert await nikolay.count("Завтра сборка") == 1


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
    await shop.until("2026-11-24T20:00")
    await nikolay.sees_no("Завтра сборка")
    await shop.until("2026-11-26T18:00")
    await nikolay.sees("Завтра сборка")
    await nikolay.start()
    coming = await nikolay.tap("Ближайшие дни")
    assert any("14:00" in label for label in coming.labels)
