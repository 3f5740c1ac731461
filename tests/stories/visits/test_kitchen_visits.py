"""Kitchens: an assembly is one thing, whatever becomes of its deal (truth 1, 11, 21, 26; door H3, K1, K2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from keyboards.callbacks.deal_callbacks import FillField
from models.ids import DealId
from models.tables.tasks import TaskRow
from models.tables.visits import HalfHourRow, VisitRow
from tests.stories.acts import do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import DEAL, MARIA, booked, client_phone, open_kitchens, own_number, paid, ready, task

JOB = "Монтаж кухни у клиента"
OFF = "Отменено: Монтаж, вт, 24 ноября, 10:00"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def visits(shop: Shop, *states: str) -> list[Any]:
    """The visits in these states, by time."""
    found = select(VisitRow).where(VisitRow.state.in_(states)).order_by(VisitRow.starts_at)
    return list(await shop.rows(found))


async def refuse(anna: Phone, number: str) -> None:
    await anna.open(number)
    await anna.tap("Этапы…")
    await anna.tap("Отказ", anna.screen)
    await do(anna, "[Дорого]")


async def go_to(anna: Phone, number: str, stage: str) -> None:
    await anna.open(number)
    await anna.tap("Этапы…")
    await anna.tap(stage, anna.screen)


async def money_back(boss: Phone, number: str) -> None:
    """Everything is given back: a deal with a client's money in it is not deleted."""
    await boss.open(number)
    await do(boss, "[Оплата]", "[↩️ Возврат клиенту]", "[Всё — 150 000 ₽]", "[Сегодня]", "[Карта]", "Передумали")


async def delete(boss: Phone, number: str) -> None:
    """The deal is taken away."""
    await boss.open(number)
    await do(boss, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")


async def told(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> tuple[str, Phone]:
    """A deal whose assembly of Tuesday at ten has been told to the client; its number and the client's phone."""
    maria = await client_phone(shop)
    await own_number(nikolay)
    number = await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await shop.later(minutes=5)
    await maria.sees_only("Монтаж Вашей кухни: вт, 24 ноября, 10:00")
    await listen(shop)
    return number, maria


async def test_truth_1_a_deal_that_failed_and_is_reopened_has_no_window_until_one_is_chosen_anew(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """Truth 1: «Отказ» frees the window and the card says so; another deal may have it; back at work the card asks for
    a window again, and nobody is promised twice."""
    pavel = await shop.hire("Павел Ким", "manager")
    number = await paid(shop)
    await booked(anna)
    await refuse(anna, number)
    card = plain((await anna.open(number)).text)
    assert "📅 Монтаж" not in card and f"{OFF} — сделка закрыта" in card
    await paid(shop, "Павел Ким", "Борис Кравцов", "+79161234523")
    await booked(pavel)
    await go_to(anna, number, "Дата монтажа назначена")
    assert "Выберите свободное окно мастера" in anna.screen.text, "it is asked, not brought back"
    assert not anna.screen.button("завтра, 10:00"), "somebody else has it now"
    assert len(await visits(shop, "planned")) == 1


async def test_truth_21_a_move_back_asks_who_will_be_told_and_then_calls_the_visit_off(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 21: the menu's way back names who will be told; yes frees the window, the installer hears it, the schedule
    is empty; the client, who has the SMS, is somebody's task."""
    number, _ = await told(shop, anna, boss, nikolay)
    await go_to(anna, number, "Доплата получена")
    asked = plain(anna.screen.text)
    assert "Будет отменено: Монтаж, вт, 24 ноября, 10:00" in asked and "Узнает: Николай Громов" in asked
    assert "Клиенту ушла SMS" in asked
    assert len(await visits(shop, "planned")) == 1, "nothing has happened yet"
    await anna.tap("Да, вернуть и отменить", anna.screen)
    assert await visits(shop, "planned") == [] and await shop.rows(select(HalfHourRow)) == []
    await nikolay.sees("Задача снята: Монтаж кухни у клиента")
    await nikolay.start()
    assert "10:00–14:00" not in (await nikolay.tap("🗓 Мой график")).text
    assert f"{OFF} — сделка вернулась на более ранний этап" in plain((await anna.open(number)).text)
    await task(anna, "Клиент ждёт мастера: позвоните")
    await do(anna, "[Клиент предупреждён]")


async def test_truth_26_h3_a_client_who_was_told_and_whose_deal_fails_is_somebodys_task(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 26, door H3: the manager is told to call, and the task stays until he has."""
    number, _ = await told(shop, anna, boss, nikolay)
    await refuse(anna, number)
    await task(anna, "Клиент ждёт мастера: позвоните")
    assert "Клиенту ушла SMS о выезде" in anna.screen.text
    rows = await shop.rows(select(TaskRow.state).where(TaskRow.name == "client_waits"))
    assert [row.state for row in rows] == ["open"]


async def test_truth_26_a_client_who_heard_of_nothing_is_nobodys_task(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 26, the other side: no SMS went, so nobody has to call."""
    number = await paid(shop)
    await booked(anna)
    await refuse(anna, number)
    assert await shop.rows(select(TaskRow.id).where(TaskRow.name == "client_waits")) == []


async def test_truth_26_a_moved_visit_is_told_to_the_client_by_sms_and_needs_no_call(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 26, «Changed?»: the process itself writes «Изменение!»; then nobody has to phone as well."""
    number, maria = await told(shop, anna, boss, nikolay)
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "завтра в 14", "[Клиент согласен]")
    await shop.later(minutes=15)
    await maria.sees_only("Изменение! Монтаж Вашей кухни: вт, 24 ноября, 14:00")
    assert await shop.rows(select(TaskRow.id).where(TaskRow.name == "client_waits")) == []


async def test_truth_26_an_installer_without_a_phone_does_not_stop_the_clients_sms(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 26: the client hears when and who; the number that nobody entered is left out."""
    maria = await client_phone(shop)
    await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await shop.later(minutes=5)
    await shop.later(minutes=2)
    said = await maria.sees_only("Монтаж Вашей кухни: вт, 24 ноября, 10:00")
    assert "Приедет Николай Громов" in plain(said.text) and "тел." not in said.text


async def test_truth_26_a_deleted_deal_frees_the_window_and_tells_the_installer(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 26, «Gone?»: the supervisor takes the deal away; nobody drives out for nothing."""
    number = await paid(shop)
    await booked(anna)
    await listen(shop)
    await money_back(boss, number)
    await delete(boss, number)
    assert await visits(shop, "planned") == [] and await shop.rows(select(HalfHourRow)) == []
    await nikolay.sees("Выезд отменён: вт, 24 ноября, 10:00")


async def test_truth_26_a_deleted_deal_of_which_the_client_was_told_is_somebodys_call(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 26, «Gone?»: no deal is left to hang a task on: the manager is told whom to call, with the number."""
    number, _ = await told(shop, anna, boss, nikolay)
    await money_back(boss, number)
    await delete(boss, number)
    said = plain((await anna.sees_only("Клиент ждёт мастера: позвоните")).text)
    assert "Мария Иванова" in said and "+7 912 345-67-89" in said and "вт, 24 ноября, 10:00" in said


async def test_truth_11_an_installer_who_cannot_come_is_heard_at_once_with_what_is_free(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 11: one tap and a word: the manager sees the free windows, the supervisor hears it too."""
    await shop.hire("Олег Зимин", "installer")
    await told(shop, anna, boss, nikolay)
    await nikolay.tap("🚫 Не могу поехать", JOB)
    await nikolay.text("Нога болит")
    seen = await anna.sees_only("Николай Громов не может поехать: Нога болит. Выберите другое окно")
    assert "Ближайшие свободные окна" in seen.text and "Олег Зимин" in plain(seen.text)
    await boss.sees_only("Мастер отказался от выезда")
    await anna.tap("🗓 Выбрать окно", seen)
    assert "Выберите свободное окно мастера" in anna.screen.text


async def test_truth_11_late_is_one_tap_or_a_word_and_is_heard_at_once_at_any_hour(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 11: «⏰ Опаздываю» asks by how much; «задерживаюсь на час», typed just so, counts as well."""
    await told(shop, anna, boss, nikolay)
    await shop.until("2026-11-24T09:30")
    await nikolay.tap("⏰ Опаздываю", JOB)
    await do(nikolay, "[на 30 мин]")
    await anna.sees_only("Николай Громов опаздывает: на 30 мин (выезд вт, 24 ноября, 10:00). Предупредите клиента.")
    await boss.sees_only("Николай Громов опаздывает: на 30 мин")
    await nikolay.text("задерживаюсь на час")
    await anna.sees_only("Николай Громов опаздывает: задерживаюсь на час")


async def test_truth_11_an_agreed_assembly_whose_call_was_forgotten_is_told_to_its_installer_all_the_same(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 11, «Forgotten?»: nobody has phoned the client: the evening before the installer hears that he goes there
    and where to, and two hours before it he has the job."""
    await own_number(nikolay)
    await paid(shop)
    await booked(anna)
    await listen(shop)
    await shop.until("2026-11-23T17:29")
    await nikolay.sees_no(JOB)
    await shop.until("2026-11-23T17:30")
    said = await nikolay.sees("Клиенту ещё не звонили, а выезд назначен: Кухня угловая · Мария Иванова")
    assert "вт, 24 ноября, 10:00" in plain(said.text) and "ул. Садовая" in said.text
    await shop.until("2026-11-24T07:59")
    await nikolay.sees_no(JOB)
    await shop.until("2026-11-24T09:00")
    job = await nikolay.sees(JOB)
    assert job.button("Принимаю выезд")


async def test_k1_two_men_on_two_days_are_one_visit_with_both_locked_on_both(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Door K1: «24 и 25 ноября в 9 Николай и Олег» is read as meant; both have it in their schedules, both days; and
    neither can be booked for the second day by anybody else."""
    oleg = await shop.hire("Олег Зимин", "installer")
    pavel = await shop.hire("Павел Ким", "manager")
    await paid(shop)
    await task(anna, "Согласовать доставку")
    await anna.tap("Выбрать окно и мастера")
    held = await anna.text("24 и 25 ноября в 9 Николай и Олег")
    said = plain(held.text)
    assert "завтра, 9:00–13:00" in said and "ср, 25 ноября" in said and "Николай Громов, Олег Зимин" in said
    await do(anna, "[Клиент согласен]")
    [visit] = await visits(shop, "planned")
    assert visit.others and len(visit.more_starts) == 1
    for phone in (nikolay, oleg):
        await phone.start()
        plan = (await phone.tap("🗓 Мой график")).text
        assert plan.count("9:00–13:00 Монтаж") == 2, plan
    await paid(shop, "Павел Ким", "Борис Кравцов", "+79161234523")
    await task(pavel, "Согласовать доставку")
    await pavel.tap("Выбрать окно и мастера")
    refused = await pavel.text("25.11 в 10 Олег")
    assert "⚠️ Олег Зимин:" in plain(refused.text) and "выезд по сделке № 2026-0001" in plain(refused.text)
    assert len(await visits(shop, "planned")) == 1


async def test_k2_from_nine_to_seven_is_a_visit_of_that_length(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """Door K2: «завтра с 9 до 19» keeps the whole day."""
    await paid(shop)
    await task(anna, "Согласовать доставку")
    await anna.tap("Выбрать окно и мастера")
    held = await anna.text("завтра с 9 до 19")
    assert "завтра, 9:00–19:00" in held.text
    await do(anna, "[Клиент согласен]")
    [visit] = await visits(shop, "planned")
    assert (visit.ends_at - visit.starts_at).total_seconds() == 10 * 3600


async def test_a_window_that_was_agreed_with_a_lead_is_the_deals(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """The lead has the very hours that its deal wants: «Создать сделку» is drawn as open, and is not refused for them;
    the assembly is there once, and is the deal's."""
    assert (await shop.lead(**MARIA))[0] == 201
    await anna.tap("Открыть")
    await do(anna, "[Взять себе]", "✔ В работе")
    await anna.press(anna.screen.id, FillField(DealId(1), "assembly").pack(), forged=True)
    await do(anna, "[завтра, 9:00]", "[✔ Клиент согласен]")
    [agreed] = await visits(shop, "planned")
    assert agreed.deal_id == 1
    await go_to(anna, "2026-0001", "Создать сделку")
    [still] = await visits(shop, "planned")
    assert (still.deal_id, still.id, still.starts_at) == (2, agreed.id, agreed.starts_at)
    assert "Монтаж: вт, 24 ноября, 09:00" in plain((await anna.open(DEAL)).text)
    assert "Монтаж" not in plain((await anna.open("2026-0001")).text)
