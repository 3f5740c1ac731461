"""What a robot asks and nobody answers: asked again as a task, told to those above, over when answered (truth 32)."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain

ASKED = "Напишите причину отказа своими словами"
STATE_REASON = "Указать причину"


async def refused(anna: Phone, reason: str = "Дорого") -> None:
    """A deal that failed on Monday at ten; nobody answers the robot."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "[Этапы…]", "[✖ Отказ]", f"[{reason}]")


async def test_truth_32_an_unanswered_question_is_a_task_on_the_next_working_day(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    await refused(anna)
    await anna.sees_only(ASKED)
    await shop.later(hours=23, minutes=59)
    await anna.sees_only(ASKED)
    await shop.later(minutes=1)
    task = await anna.sees("📋 Напишите причину отказа")
    await anna.tap("Причина отказа", task)
    await do(anna, "Нашли дешевле у соседей", "[Да, всё верно]")
    await anna.start()
    await do(anna, "[📋 Мои задачи]")
    assert ASKED not in plain(anna.screen.text + " ".join(anna.screen.labels)), "the answer has closed it"
    await shop.later(days=7)
    await boss.sees_no(f"Не сделано: {ASKED}")


async def test_truth_32_forgotten_it_is_told_to_those_above(shop: Shop, anna: Phone, boss: Phone) -> None:
    """The task was due at two; a working day later the supervisor hears."""
    await refused(anna)
    await shop.until("2026-11-25T13:59")
    await boss.sees_no(ASKED)
    await shop.later(minutes=1)
    said = await boss.sees(f"Не сделано: {ASKED}")
    assert "Исполнитель: Анна Соколова" in said.text


async def test_truth_32_answered_in_time_nobody_is_asked_again(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Wherever it was filled in."""
    await refused(anna)
    await anna.tap("Ответить", await anna.sees_only(ASKED))
    await do(anna, "Нашли дешевле у соседей", "[Да, всё верно]")
    await shop.later(days=3)
    assert await anna.count("📋 Напишите причину") == 0
    await boss.sees_no("Не сделано")


async def test_truth_32_twice_what_another_task_asks_for_already_is_not_given_again(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """«Другое» gives «Указать причину» at once: one task for one answer."""
    await refused(anna, "Другое")
    await shop.later(days=1)
    assert await anna.count("📋 Напишите причину") == 0
    await anna.sees(STATE_REASON)


async def test_truth_32_back_a_deal_that_works_again_is_not_asked_why_it_failed(shop: Shop, anna: Phone) -> None:
    """Back? The deal is reopened the same day."""
    await refused(anna)
    await do(anna, "[Этапы…]", "[Заключение договора]")
    await shop.later(days=2)
    assert await anna.count("📋 Напишите причину") == 0
