"""A deal that comes back is not greeted as a new one (truth 31)."""

from __future__ import annotations

from tests.stories.acts import begin, do, listen
from tests.stories.driver import Phone, Shop

NUMBER = "2026-0001"
NEW = "Новая сделка: Кухня · Мария Иванова. Обсудите детали и подготовьте договор"
BACK = "Сделка вернулась: Кухня · Мария Иванова. Посмотрите историю и договоритесь о следующем шаге"


async def test_truth_31_a_reopened_deal_is_told_as_one_that_has_come_back(shop: Shop, anna: Phone, boss: Phone) -> None:
    """truth 31: refused and taken back to work: nobody is told to prepare the contract of a new deal."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await anna.sees_only(NEW)
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    await listen(shop)
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[↩︎ Заключение договора]")
    assert any(BACK in one for one in await anna.news())
    assert await anna.count(NEW) == 1


async def test_truth_31_a_stage_taken_back_is_told_so_too(shop: Shop, anna: Phone, boss: Phone) -> None:
    """truth 31 (Back?): from «Предоплата» back to the contract, and a second time."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    for _ in range(2):
        await anna.open(NUMBER)
        await do(anna, "✔ Предоплата", "[Этапы…]", "[↩︎ Заключение договора]")
    assert await anna.count(BACK) == 2 and await anna.count(NEW) == 1
