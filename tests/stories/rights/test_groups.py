"""The bot is set up for no group: put into one it says why and goes, once, and the owner hears of it (safety 23)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from models.tables.outbox import ScheduledRow
from models.tables.updates import FAILED, InboxRow
from tests.stories.driver import Phone, Shop

WHY = "Я работаю только в личных сообщениях: здесь чужие данные увидели бы все. Поэтому выхожу."


async def group(shop: Shop, title: str = "Наш цех", kind: str = "group") -> str:
    """A new one, in which the bot is not yet; its path."""
    made = await shop.post("groups", {"title": title, "kind": kind})
    return f"groups/{made['id']}"


async def act(shop: Shop, where: str, what: str, by: Phone, **more: str) -> dict[str, Any]:
    """Somebody does something in it; how it is when the bot has come to rest."""
    done: dict[str, Any] = await shop.post(f"{where}/{what}", {"by": by.key, **more})
    await shop.settle()
    return await look(shop, f"groups/{done['id']}")


async def look(shop: Shop, where: str) -> dict[str, Any]:
    found: dict[str, Any] = await shop.get(where)
    return found


async def quiet(shop: Shop) -> None:
    """Nothing has failed and nothing is tried again."""
    assert await shop.rows(select(InboxRow.id).where(InboxRow.state == FAILED)) == []
    failed = select(ScheduledRow.rule).where(ScheduledRow.kind == "job", ScheduledRow.failure.is_not(None))
    assert await shop.rows(failed) == []


@pytest.mark.parametrize(("kind", "word"), [("group", "группу"), ("supergroup", "группу"), ("channel", "канал")])
async def test_put_into_a_group_it_says_why_and_goes_and_the_owner_hears_who_did_it(
    shop: Shop, owner: Phone, anna: Phone, kind: str, word: str
) -> None:
    where = await group(shop, "Цех {0} <b>", kind)
    seen = await act(shop, where, "add", anna)
    assert (seen["has_bot"], seen["texts"], seen["times_left"]) == (False, [WHY], 1)
    told = await owner.sees_only(f"Бота добавили в {word} «Цех {{0}} <b>», он вышел")
    assert f"Кто добавил: {anna.name}" in told.text
    await anna.sees_no("Бота добавили")
    await quiet(shop)


async def test_it_speaks_the_language_of_who_put_it_there(shop: Shop, owner: Phone) -> None:
    stranger = await shop.stranger("John", language="en")
    seen = await act(shop, await group(shop), "add", stranger)
    assert seen["texts"] == [
        "I work in private chats only: here everybody would see other people's data. So I am leaving."
    ]
    await owner.sees("Кто добавил: John")


async def test_of_several_updates_at_once_one_makes_it_go(shop: Shop, owner: Phone, anna: Phone) -> None:
    """Twice: it is added, and people write before it has gone."""
    where = await group(shop)
    await shop.post(f"{where}/add", {"by": anna.key})
    await asyncio.gather(*(shop.post(f"{where}/text", {"by": anna.key, "text": f"Привет {n}"}) for n in range(5)))
    await shop.settle()
    seen = await look(shop, where)
    assert (seen["texts"], seen["times_left"]) == ([WHY], 1)
    await owner.sees_only("Бота добавили в группу «Наш цех»")
    await quiet(shop)


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_where_it_was_before_it_goes_when_somebody_writes(
    shop: Shop, owner: Phone, anna: Phone, kind: str
) -> None:
    """It was put there while it did not run, or by a version that stayed: a message is all that it hears."""
    where = await group(shop, kind=kind)
    shop.sandbox.world.home.groups[int(where.removeprefix("groups/"))].has_bot = True
    seen = await act(shop, where, "text", anna, text="/menu")
    assert (seen["has_bot"], seen["texts"]) == (False, [WHY])
    await owner.sees_only("Наш цех")


async def test_put_there_again_it_goes_again_and_says_so_once_a_day(shop: Shop, owner: Phone, anna: Phone) -> None:
    where = await group(shop)
    await act(shop, where, "add", anna)
    seen = await act(shop, where, "add", anna)
    assert (seen["has_bot"], seen["texts"], seen["times_left"]) == (False, [WHY], 2)
    await owner.sees_only("Наш цех")
    await shop.later(days=1, minutes=1)
    seen = await act(shop, where, "add", anna)
    assert (seen["has_bot"], seen["texts"], seen["times_left"]) == (False, [WHY, WHY], 3)
    assert await owner.count("Наш цех") == 2


async def test_a_group_that_becomes_a_supergroup_is_left_as_what_it_is(shop: Shop, owner: Phone, anna: Phone) -> None:
    """Changed: the id of before is nobody's any more, while the bot is about to go out of it."""
    where = await group(shop)
    await shop.post(f"{where}/add", {"by": anna.key})
    new = f"groups/{(await shop.post(f'{where}/upgrade', {'by': anna.key}))['id']}"
    await shop.settle()
    before, after = await look(shop, where), await look(shop, new)
    assert (before["has_bot"], after["has_bot"]) == (False, False)
    assert before["texts"] + after["texts"] == [WHY] and before["times_left"] + after["times_left"] == 1
    await owner.sees_only("Наш цех")
    await quiet(shop)


async def test_thrown_out_before_it_can_go_it_does_not_try_for_ever(shop: Shop, owner: Phone, anna: Phone) -> None:
    """Gone: 403 at both calls is an end, not a failure."""
    where = await group(shop)
    await shop.post(f"{where}/add", {"by": anna.key})
    await shop.post(f"{where}/kick", {"by": anna.key})
    await shop.settle()
    seen = await look(shop, where)
    assert seen["has_bot"] is False and seen["texts"] in ([], [WHY])
    await shop.later(hours=2)
    await quiet(shop)
    waiting = select(func.count()).where(ScheduledRow.rule == "leave_group", ScheduledRow.done_at.is_(None))
    assert list((await shop.rows(waiting))[0]) == [0]


async def test_while_telegram_asks_for_a_pause_it_stays_and_says_why_once(
    shop: Shop, owner: Phone, anna: Phone
) -> None:
    where = await group(shop)
    await shop.post("faults", {"kind": "429", "methods": ["leaveChat"], "retry_after": 1})
    seen = await act(shop, where, "add", anna)
    assert (seen["has_bot"], seen["texts"]) == (True, [WHY])
    async with asyncio.timeout(10):
        while seen["has_bot"]:  # the pause is a second of the machine's own
            await shop.later(seconds=5)
            seen = await look(shop, where)
    assert (seen["texts"], seen["times_left"]) == ([WHY], 1)


async def test_of_many_groups_in_a_day_the_owner_hears_of_five(shop: Shop, owner: Phone) -> None:
    """Anybody can make groups, and put the bot into each."""
    stranger = await shop.stranger("Чужой")
    for number in range(7):
        seen = await act(shop, await group(shop, f"Группа {number}"), "add", stranger)
        assert seen["has_bot"] is False
    assert await owner.count("Бота добавили в группу") == 5
