"""What is shown while the database can only be read is really shown, and to the company only (promises 2, 9)."""

from __future__ import annotations

import asyncio

import pytest

from tests.stories.driver import Phone, Shop, plain
from tests.stories.troubles.test_database_away_story import NAME, PHONE, SAID, at_once, locked, until_seen

assert at_once  # a fixture
REPEAT = "Возможно, повтор"


@pytest.mark.parametrize("fault", ["429", "502", "drop"])
async def test_a_screen_that_telegram_did_not_take_meanwhile_is_shown_after_it(
    shop: Shop, anna: Phone, at_once: None, fault: str
) -> None:
    await shop.lead(name=NAME, phone=PHONE)
    await shop.settle()
    told = await anna.sees(NAME)
    button = told.button("Открыть")
    assert button is not None
    shop.sandbox.faults.add(fault, ["editMessageText", "sendMessage"], chat=anna.key, times=1)
    async with locked(shop):
        given = {"message_id": told.id, "data": button["data"], "forged": False, "wait": False}
        await shop.post(f"phones/{anna.key}/tap", given)
        await asyncio.sleep(4)
    await asyncio.sleep(1.5)  # the pause that Telegram asked for is one of real seconds
    await shop.settle()
    assert any(NAME in plain(one.text) and one.button("Взять себе") for one in await anna.from_bot())


@pytest.mark.parametrize(("fault", "marks"), [("drop_after", [False, True]), ("429", [False])])
async def test_a_message_of_which_nobody_knows_whether_it_came_meanwhile_is_repeated_with_a_mark(
    shop: Shop, anna: Phone, at_once: None, fault: str, marks: list[bool]
) -> None:
    before = len(await anna.from_bot())
    shop.sandbox.faults.add(fault, ["sendMessage"], chat=anna.key, times=1)
    async with locked(shop):
        await shop.post(f"phones/{anna.key}/text", {"text": "/help", "wait": False})
        await asyncio.sleep(4)
    await asyncio.sleep(1.5)
    await shop.settle()
    fresh = [one.text for one in (await anna.from_bot())[before:] if SAID["locked"] not in one.text]
    assert [REPEAT in one for one in fresh] == marks


async def test_strangers_hear_one_sentence_meanwhile_and_one_after_it(shop: Shop, anna: Phone, at_once: None) -> None:
    passer = await shop.stranger("Прохожий")
    async with locked(shop):
        for number in range(5):
            await shop.post(f"phones/{passer.key}/text", {"text": f"дай {number}", "wait": False})
        await until_seen(passer, SAID["locked"])
        await asyncio.sleep(2)
        assert len(await passer.from_bot()) == 1
    await shop.settle()
    assert [SAID["locked"] in one.text for one in await passer.from_bot()] == [True, False]
