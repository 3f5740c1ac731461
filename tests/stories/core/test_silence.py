"""The net under every deal: never silent where nobody acts, never crying where a day is agreed (truth 20, 22, 27)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain

QUIET = "ничего не происходит"


async def by(shop: Shop, name: str, verb: Callable[[UnitOfWork], Any]) -> Any:
    """What that person does, without his phone."""

    def act(tx: Any) -> Any:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        person = next(one for one in employees.staff(work) if one.name == name)
        return verb(UnitOfWork(tx, shop.app.now(), shop.app.company, person))

    done = await shop.app.db.run(act)
    await shop.settle()
    return done


async def orders(shop: Shop, n: int) -> None:
    """So many deals of Anna's on their first stage."""

    def made(work: UnitOfWork) -> None:
        for place in range(n):
            told = {"name": f"Клиент {place}", "phone": f"+79160000{place:03}", "comment": "Шкаф"}
            assert work.actor is not None
            deal_commands.begin(work, work.process("furniture"), "order", told, responsible_id=work.actor.id)

    await by(shop, "Анна Соколова", made)


async def test_truth_20_forty_untouched_deals_are_not_silent_from_wednesday_to_sunday(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Their manager hears on Friday, in one message; those above on the seventh day; and so on, for ever."""
    await orders(shop, 40)
    heard: dict[str, list[int]] = {"anna": [], "boss": []}
    for day in range(1, 15):
        before = {phone.name: {one.id for one in await phone.from_bot()} for phone in (anna, boss)}
        await shop.later(days=1)
        for name, phone in (("anna", anna), ("boss", boss)):
            fresh = [one for one in await phone.from_bot() if one.id not in before[phone.name] and QUIET in one.text]
            assert len(fresh) <= 1, "forty deals are one message"
            heard[name] += [day] * len(fresh)
    assert heard == {"anna": [4, 8, 12], "boss": [7, 14]}


async def test_truth_20_the_words_say_for_how_many_days_and_to_whom_it_belongs(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    await orders(shop, 1)
    await shop.later(days=7)
    said = await boss.sees("По сделке 7 рабочих дней ничего не происходит")
    assert "Ответственный: Анна Соколова" in said.text
    assert {"Открыть", "Передать", "Спросить менеджера", "Отложить"} <= set(said.labels)
    why = await boss.tap("Почему мне это пришло?", said)
    assert "правило следит за каждой открытой сделкой" in why.text


async def test_truth_20_the_days_are_counted_from_the_last_act_of_a_person(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """A comment on the third day: nothing is said on the fourth, but four days after it."""
    await orders(shop, 1)
    await shop.later(days=3)
    await by(shop, "Анна Соколова", lambda work: deal_commands.comment(work, 1, "Клиент думает до пятницы"))
    await shop.later(days=3, hours=23)
    await anna.sees_no(QUIET)
    await shop.later(hours=1)
    await anna.sees("По сделке 4 рабочих дня ничего не происходит")


async def test_truth_20_a_deal_with_an_agreed_day_ahead_is_not_silent(shop: Shop, anna: Phone, boss: Phone) -> None:
    """A delivery in three weeks: nobody is alarmed until it is over; then the net holds again."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    at = datetime.fromisoformat("2026-12-14T12:00:00+03:00")
    await by(shop, "Анна Соколова", lambda work: deal_commands.fill(work, 1, {"delivery_at": at}))
    await shop.until("2026-12-14T12:00")
    for phone in (anna, boss):
        await phone.sees_no(QUIET)
    await shop.later(days=5)
    await anna.sees(QUIET)


async def test_back_the_net_of_a_stage_that_was_left_is_over_and_begins_anew(shop: Shop, anna: Phone) -> None:
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await shop.later(days=3)
    await do(anna, "✔ Предоплата")
    await shop.later(days=3, hours=23)
    await anna.sees_no(QUIET)
    await shop.later(hours=1)
    assert "По сделке 4 рабочих дня" in plain((await anna.sees(QUIET)).text)
