"""What a press has to say to the client waits until it can be put back no more; what has left all the same is named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.sms import SmsRow
from models.tables.tasks import TaskRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import booked, client_phone, open_kitchens, own_number, paid, ready, signed, task

TOLD = "Монтаж Вашей кухни: вт, 24 ноября, 10:00"
JOB = "Монтаж кухни у клиента"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def maria(shop: Shop) -> Phone:
    return await client_phone(shop)


@pytest.fixture
async def number(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone) -> str:
    """Her assembly of tomorrow at ten is agreed, and at its hour the manager says that she is ready."""
    await own_number(nikolay)
    made = await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    return made


async def states(shop: Shop) -> list[str]:
    return [row.state for row in await shop.rows(select(SmsRow.state).order_by(SmsRow.id))]


async def test_the_client_reads_it_after_five_minutes(shop: Shop, number: str, maria: Phone) -> None:
    await shop.later(minutes=4)
    assert await maria.messages() == []
    await shop.later(minutes=1)
    await maria.sees_only(TOLD)


async def test_put_back_in_time_the_client_reads_nothing_and_is_called_again(
    shop: Shop, number: str, anna: Phone, nikolay: Phone, maria: Phone
) -> None:
    """«Клиент готов» by mistake: the task is open again, the installer's job is off, and his message says so."""
    job = await nikolay.sees_only(JOB)
    await anna.open(number)
    await anna.tap("↩︎ ")
    there = plain((await nikolay.as_it_is(job)).text)
    assert f"Задача снята: {JOB}" in there and "Монтаж остаётся: завтра, 10:00–14:00" in there
    await shop.later(hours=1)
    assert await maria.messages() == [] and await states(shop) == ["dropped"]
    rows = await shop.rows(select(TaskRow.state, TaskRow.name).where(TaskRow.state == "open"))
    assert [row.name for row in rows] == ["call_before"]
    await do(anna, "[Задачи", "[Позвонить клиенту: готов", "[Клиент готов]")
    await shop.later(minutes=5)
    await maria.sees_only(TOLD)


async def test_called_off_before_she_has_read_it_nobody_is_said_to_have_told_her(
    shop: Shop, number: str, anna: Phone, maria: Phone
) -> None:
    """Changed: within the five minutes the deal goes back; no SMS «ушла», and nobody has to call her."""
    await anna.open(number)
    await do(anna, "[Этапы…]", "[↩︎ Доплата получена]")
    asked = plain(anna.screen.text)
    assert "Будет отменено: Монтаж, вт, 24 ноября, 10:00" in asked and "ушла" not in asked
    await do(anna, "[Да, вернуть и отменить]")
    await shop.later(minutes=10)
    assert await maria.messages() == [] and await states(shop) == ["dropped"]
    assert await shop.rows(select(TaskRow.id).where(TaskRow.name == "client_waits")) == []


async def test_within_two_hours_of_the_visit_it_goes_at_once_and_is_named(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """Closed: there is no time to wait. What has left is named: nobody can call it back."""
    await own_number(nikolay)
    number = await paid(shop)
    await booked(anna, "завтра в 10")
    await shop.until("2026-11-24T09:05")
    await anna.open(number)
    await do(anna, "[Задачи", "[Позвонить клиенту: готов", "[Клиент готов]")
    await maria.sees_only(TOLD)
    await anna.open(number)
    await anna.tap("↩︎ ")
    assert "⚠️ SMS клиенту уже ушла: «Монтаж Вашей кухни: вт, 24 ноября, 10:00" in plain(anna.screen.text)


async def test_pressed_and_put_back_again_and_again_nothing_goes(
    shop: Shop, number: str, anna: Phone, maria: Phone
) -> None:
    """Twice: what the first undo has dropped does not wait again because the second press was put back too."""
    for _ in range(2):
        await anna.open(number)
        await anna.tap("↩︎ ")
        await shop.later(minutes=1)
        await anna.open(number)
        await do(anna, "[Задачи", "[Позвонить клиенту: готов", "[Клиент готов]")
    await anna.open(number)
    await anna.tap("↩︎ ")
    await shop.later(hours=1)
    assert await maria.messages() == [] and set(await states(shop)) == {"dropped"}


async def test_an_act_signed_by_mistake_is_put_back_while_the_visit_goes_on(
    shop: Shop, number: str, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Its hour has come: nobody need be asked for it. Whose press it was hears that it was put back."""
    await signed(shop, nikolay)
    await nikolay.news()
    await boss.open(number)
    await boss.tap("↩︎ Отменить: Николай Громов")
    assert "Дата монтажа назначена" in plain((await boss.open(number)).text)
    told = plain((await nikolay.sees(f"Отменено: {boss.name}")).text)
    assert "Монтаж остаётся: сегодня, 10:00–14:00" in told or "Монтаж: " in told
    await task(nikolay, "Монтаж кухни")
    assert nikolay.screen.button("Акт подписан")


async def test_a_window_that_is_put_back_is_told_to_who_was_to_come(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """The stage and the window were two presses: after the first he still comes, after the second he need not."""
    await own_number(nikolay)
    number = await paid(shop)
    await booked(anna)
    sent = await nikolay.sees("Вам назначен монтаж")
    for _ in range(8):
        seen = await anna.open(number)
        if not seen.button("↩︎ "):
            break
        await anna.tap("↩︎ ")
        there = plain((await nikolay.as_it_is(sent)).text)
        booked_still = "Монтаж: вт, 24 ноября" in plain(anna.screen.text)
        assert ("Монтаж остаётся: завтра, 10:00–14:00" in there) == booked_still, there
    assert "Монтаж: время пока не назначено" in plain((await nikolay.last()).text)
