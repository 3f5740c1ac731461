"""A deal that comes back is not greeted as a new one (truth 31)."""

from __future__ import annotations

from tests.stories.acts import begin, do, listen
from tests.stories.driver import Phone, Shop, plain
from tests.stories.visits.test_furniture_visits import assembly

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


async def test_a_call_that_brings_a_deal_back_asks_for_the_day_that_was_called_off(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Kinds A, H: refused with an assembly agreed, its day is gone; «Вернуть в работу» asks for a new one first, and
    the task stays open until the deal is back."""
    await assembly(anna, "25.11 в 10")
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[Отказ]", "[Дорого]", "[Задачи 2]")
    await anna.tap("Связаться с клиентом снова")
    await anna.tap("Вернуть в работу")
    assert "Дата и время монтажа" in anna.screen.text
    await anna.sees_no("Робот не смог сменить стадию")
    await do(anna, "26.11 в 11")
    assert "Монтаж · 1-й день" in (await anna.open(NUMBER)).text
    await nikolay.start()
    assert "11:00–13:00 Монтаж" in plain((await nikolay.tap("🗓 Мой график")).text)


async def test_a_call_that_is_broken_off_before_the_day_is_named_stays_a_task(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Kind F: the manager breaks the question off: the deal is lost as before, and the call is still to be made."""
    await assembly(anna, "25.11 в 10")
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[Отказ]", "[Дорого]", "[Задачи 2]")
    await anna.tap("Связаться с клиентом снова")
    await anna.tap("Вернуть в работу")
    await anna.tap("Отмена")
    assert (await anna.open(NUMBER)).button("Задачи 2")
