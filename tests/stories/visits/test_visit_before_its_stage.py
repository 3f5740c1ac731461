"""A visit agreed before the deal stands where its task is given (Forgotten?): somebody hears of it in time."""

from __future__ import annotations

from services.visits import early_visits
from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop

EARLY = "Монтаж чт, 26 ноября, 12:00: Николай Громов без задачи, сделка не на той стадии."


async def agreed_early(anna: Phone) -> None:
    """The deal stands on «Доставка»; the assembly of Thursday is agreed on the card already."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    for field, value in (("Мастер по сборке", "[Николай Громов]"), ("Дата и время монтажа", "26.11 в 12:00")):
        await anna.open("2026-0001")
        await do(anna, "[Заполнить]", "[Проект]", f"[{field}]", value)


async def kept_house(shop: Shop, until: str) -> None:
    """The clock stands at that moment, and what is done once a day is done."""
    await shop.until(until)
    await shop.app.units.run(early_visits.tell)
    await shop.settle()


async def test_an_assembly_whose_stage_was_forgotten_is_told_the_day_before_and_to_those_above_on_its_day(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Kind F: the installer has it in his schedule and no task; the manager hears on Wednesday, and once."""
    await agreed_early(anna)
    await kept_house(shop, "2026-11-24T18:00")
    await anna.sees_no(EARLY)
    await kept_house(shop, "2026-11-25T18:00")
    await anna.sees_only(EARLY)
    await boss.sees_no(EARLY)
    await kept_house(shop, "2026-11-26T11:30")
    await anna.sees_only(EARLY)
    await boss.sees_only(EARLY)


async def test_an_assembly_whose_deal_has_come_to_its_stage_is_nobodys_worry(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Changed? The deal goes on to «Монтаж» in time: the installer has his task, and nobody is told of a lack."""
    await agreed_early(anna)
    await anna.open("2026-0001")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00")
    await nikolay.sees("Сборка у клиента")
    await kept_house(shop, "2026-11-26T11:30")
    await anna.sees_no("без задачи")
    await boss.sees_no("без задачи")
