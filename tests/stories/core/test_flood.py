"""A crowd: who presses many times sees the newest screen, strangers hear one sentence, and nobody of ours waits."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from bot.delivery.telegram_render import NO_ACTION
from models.tables.updates import PENDING, InboxRow
from tests.stories.driver import Phone, Shop

STRANGER = "Это рабочий бот компании. Доступ только для сотрудников."


async def presses(shop: Shop, phone: Phone, message: int, *data: str) -> None:
    """Press one after the other without waiting for anything."""
    pressing = []
    for one in data:
        body = {"message_id": message, "data": one, "forged": True}
        pressing.append(asyncio.ensure_future(shop.post(f"phones/{phone.key}/tap", body)))
        await asyncio.sleep(0.02)
    answers = await asyncio.gather(*pressing)
    assert all(one["answered"] for one in answers)
    await shop.settle()


def redrawn(shop: Shop) -> int:
    """How often a message was edited so far."""
    assert shop.sandbox.journal is not None
    return sum(one["method"] == "editMessageText" for one in shop.sandbox.journal.since())


async def test_of_presses_in_a_row_the_newest_screen_is_shown(shop: Shop, anna: Phone) -> None:
    """Promise 9: all of them are answered; what would be overwritten at once is not drawn."""
    menu = await anna.text("/menu")
    first, second = menu.rows[0][0]["data"], menu.rows[1][0]["data"]
    wanted = (await anna.press(menu.id, second)).text
    assert (await anna.press(menu.id, first, forged=True)).text != wanted
    before = redrawn(shop)
    shop.sandbox.faults.add("slow", ["editMessageText"], times=1, seconds=0.5)
    await presses(shop, anna, menu.id, first, second, first, second)
    shown = {one.id: one.text for one in await anna.from_bot()}
    assert shown[menu.id] == wanted
    assert redrawn(shop) - before == 2, "the first, and the newest"


@pytest.mark.parametrize("fails", [False, True])
async def test_a_screen_that_the_next_press_does_not_draw_is_shown_after_it(
    shop: Shop, anna: Phone, fails: bool
) -> None:
    """The last press draws nothing; what was pressed before it is seen all the same, also if Telegram fails then."""
    menu = await anna.text("/menu")
    wanted = (await anna.press(menu.id, menu.rows[1][0]["data"])).text
    await anna.press(menu.id, menu.rows[0][0]["data"], forged=True)
    shop.sandbox.faults.add("slow", ["editMessageText"], times=1, seconds=0.5)
    if fails:
        shop.sandbox.faults.add("502", ["editMessageText"], times=1)
    await presses(shop, anna, menu.id, menu.rows[0][0]["data"], menu.rows[1][0]["data"], NO_ACTION)
    shown = {one.id: one.text for one in await anna.from_bot()}
    assert shown[menu.id] == wanted


async def test_strangers_hear_one_sentence_each_and_nobody_of_ours_waits(shop: Shop, anna: Phone) -> None:
    """Promise 9: 40 strangers with 30 messages each; a newcomer with an invitation is in all the same."""
    token = await shop.invitation("manager")
    crowd = [await shop.stranger(f"Прохожий {number}") for number in range(40)]
    vera = await shop.stranger("Вера")
    for number in range(30):
        await asyncio.gather(*(shop.post(f"phones/{one.key}/text", {"text": f"дай {number}"}) for one in crowd))
    assert "Анна Соколова · Менеджер" in (await anna.text("/menu")).text
    await vera.start(token)
    await vera.sees("Вы в команде")
    for one in crowd:
        assert [seen.text for seen in await one.from_bot()] == [STRANGER]
    waiting = await shop.rows(select(func.count()).where(InboxRow.state == PENDING))
    assert waiting[0][0] == 0
    await shop.later(minutes=11)
    await crowd[0].text("а теперь?")
    assert [seen.text for seen in await crowd[0].from_bot()] == [STRANGER] * 2
