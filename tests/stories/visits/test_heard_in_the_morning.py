"""What is said of a visit at night is heard in the morning; by then it may not be so. And what is owed to a client goes
along wherever the deal goes (Back? Changed? Gone?)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.acts import do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import booked, open_kitchens, paid, task, tasks
from tests.stories.visits.test_kitchen_visits import JOB, delete, go_to, money_back, refuse, told

WAITS = "Клиент ждёт мастера: позвоните"
NIGHT = "2026-11-24T22:30"
MORNING = "2026-11-25T09:10"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def back_to_balance(anna: Phone, number: str) -> None:
    """The deal goes back before its assembly, which is called off with it."""
    await go_to(anna, number, "Доплата получена")
    await anna.tap("Да, вернуть и отменить", anna.screen)


async def client_ready(shop: Shop, anna: Phone) -> None:
    """The day before the assembly of Wednesday, at its hour."""
    await shop.until("2026-11-24T11:00")
    await anna.tap("Клиент готов", "Пора: срок задачи наступил")
    await shop.later(minutes=5)


# --- a client who waits -----------------------------------------------------------------------------------------


async def test_the_call_to_a_client_who_waits_goes_along_with_the_deal(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Back, and back again: nobody has told the client yet, so the task stays, and so does it when the deal is lost."""
    number, _ = await told(shop, anna, boss, nikolay)
    await back_to_balance(anna, number)
    await go_to(anna, number, "Подписать договор")
    assert await tasks(shop, "client_waits") == [("open", None)]
    await refuse(anna, number)
    assert await tasks(shop, "client_waits") == [("open", None)]
    await task(anna, WAITS)
    await do(anna, "[Клиент предупреждён]")
    assert await tasks(shop, "client_waits") == [("done", "called")]


async def test_a_client_who_was_told_of_another_day_by_sms_need_not_be_called(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Changed: another window is agreed before anybody has called; its SMS tells him, and the task is off."""
    number, maria = await told(shop, anna, boss, nikolay)
    await back_to_balance(anna, number)
    await anna.open(number)
    await do(anna, "[Этапы…]", "[Дата монтажа назначена]", "25.11 в 14", "[Клиент согласен]")
    await client_ready(shop, anna)
    await shop.later(minutes=2)
    await maria.sees("Монтаж Вашей кухни: ср, 25 ноября, 14:00")
    assert await tasks(shop, "client_waits") == [("void", None)]


async def test_a_deal_deleted_before_its_client_was_called_leaves_his_number(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Gone: the task goes with the deal; whom to call, and of what, stays."""
    number, _ = await told(shop, anna, boss, nikolay)
    await back_to_balance(anna, number)
    await money_back(boss, number)
    await listen(shop)
    await delete(boss, number)
    said = plain((await anna.sees("сделка удалена")).text)
    assert "Мария Иванова" in said and "+7 912 345-67-89" in said and "вт, 24 ноября, 10:00" in said


async def test_a_deal_deleted_after_its_client_was_called_asks_nobody_to_call_again(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Twice: he has been told; the deletion changes nothing for him."""
    number, _ = await told(shop, anna, boss, nikolay)
    await back_to_balance(anna, number)
    await task(anna, WAITS)
    await do(anna, "[Клиент предупреждён]")
    await money_back(boss, number)
    await listen(shop)
    await delete(boss, number)
    await anna.sees_no("сделка удалена")


# --- said at night ----------------------------------------------------------------------------------------------


async def cannot_come_at_night(shop: Shop, anna: Phone, nikolay: Phone) -> str:
    """An assembly of Wednesday; on Tuesday at night its installer says that he cannot."""
    number = await paid(shop)
    await booked(anna, "25.11 в 10")
    await client_ready(shop, anna)
    await shop.until(NIGHT)
    await listen(shop)
    await nikolay.tap("🚫 Не могу поехать", JOB)
    await nikolay.text("Нога болит")
    return number


async def test_cannot_come_is_not_told_in_the_morning_of_a_visit_that_was_moved_at_night(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Changed: the manager moved it at once; in the morning nobody is asked to move it again."""
    number = await cannot_come_at_night(shop, anna, nikolay)
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "26.11 в 14", "[Клиент согласен]")
    await listen(shop)
    await shop.until(MORNING)
    await anna.sees_no("не может поехать")
    await boss.sees_no("Мастер отказался от выезда")


async def test_cannot_come_is_told_in_the_morning_if_nobody_has_moved_it(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Forgotten: it stands as it stood, so both hear it as soon as it may ring."""
    await cannot_come_at_night(shop, anna, nikolay)
    await shop.until(MORNING)
    await anna.sees("Николай Громов не может поехать: Нога болит")
    await boss.sees("Мастер отказался от выезда")


async def test_who_could_not_come_and_can_after_all_worries_nobody_in_the_morning(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Twice: he confirms after all; what he said before is over."""
    await cannot_come_at_night(shop, anna, nikolay)
    await task(nikolay, JOB)
    await do(nikolay, "[Принимаю выезд]")
    await listen(shop)
    await shop.until(MORNING)
    await anna.sees_no("не может поехать")
    await boss.sees_no("Мастер отказался от выезда")


async def test_a_visit_that_is_agreed_again_at_night_is_not_called_off_in_the_morning(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """Back: called off, and agreed again for the same hour before the installer could hear of it."""
    number = await paid(shop)
    await booked(anna, "25.11 в 10")
    await shop.until("2026-11-23T22:30")
    await back_to_balance(anna, number)
    await anna.open(number)
    await do(anna, "[Этапы…]", "[Дата монтажа назначена]", "25.11 в 10", "[Клиент согласен]")
    await listen(shop)
    await shop.until("2026-11-24T09:30")
    await nikolay.sees_no("Выезд отменён")
