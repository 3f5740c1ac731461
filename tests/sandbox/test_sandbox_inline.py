"""Inline queries as Telegram has them: typed in any chat, answered once and in time, within its limits."""

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)

from tests.sandbox.conftest import Desk

ARTICLE: dict[str, Any] = {
    "type": "article", "id": "1", "title": "Кухня", "input_message_content": {"message_text": "<b>№ 1</b>"},
}  # fmt: skip


def article(number: str = "1") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=number,
        title="Кухня",
        description="Замер",
        input_message_content=InputTextMessageContent(message_text="<b>№ 1</b>", parse_mode="HTML"),
        reply_markup=InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="Открыть", url="https://t.me/x")]]
        ),
    )


async def asked(desk: Desk, bot: Bot, query: str = "1042", **more: Any) -> tuple[Any, asyncio.Future[dict[str, Any]]]:
    """Anna types; the bot's update, and what she will see."""
    typing = asyncio.ensure_future(desk.anna("inline", query=query, **more))
    (update,) = await bot.get_updates(timeout=5)
    await bot.get_updates(offset=update.update_id + 1)
    assert update.inline_query is not None
    return update.inline_query, typing


async def test_what_is_typed_comes_to_the_bot_and_what_it_offers_is_sent(started: Desk, bot: Bot) -> None:
    query, typing = await asked(started, bot)
    assert (query.query, query.offset, query.from_user.first_name) == ("1042", "", "Анна")
    button = InlineQueryResultsButton(text="Открыть бота", start_parameter="find")
    assert await query.answer([article()], cache_time=0, is_personal=True, next_offset="8", button=button).as_(bot)
    seen = await typing
    (one,) = seen["results"]
    assert (one["title"], one["description"], one["text"]) == ("Кухня", "Замер", "№ 1") and one["html"] == "<b>№ 1</b>"
    assert seen["next_offset"] == "8" and seen["button"] == {"text": "Открыть бота", "start_parameter": "find"}
    assert (await started.anna("inline/choose", result_id="2"))["error"].startswith("nothing with the id '2'")
    assert (await started.anna("inline/choose", result_id="1"))["ok"]
    (update,) = await bot.get_updates(timeout=5)
    assert update.message is not None and update.message.text == "№ 1" and update.message.via_bot is not None
    assert update.message.via_bot.id == bot.id and update.message.reply_markup is not None
    assert (await started.seen())[-1]["rows"][0][0]["text"] == "Открыть"


async def test_what_is_posted_into_a_group_without_the_bot_is_told_to_nobody(started: Desk, bot: Bot) -> None:
    query, typing = await asked(started, bot)
    await query.answer([article()], cache_time=0).as_(bot)
    await typing
    group = (await started.post("/groups", title="Чат"))["id"]
    await started.anna("inline/choose", result_id="1", group=group)
    shown = await started.get(f"/groups/{group}")
    assert [one["text"] for one in shown["posted"]] == ["№ 1"] and not await bot.get_updates()


async def test_an_answer_is_kept_as_long_as_the_bot_says_and_for_whom(started: Desk, bot: Bot) -> None:
    query, typing = await asked(started, bot)
    await query.answer([article()], cache_time=5, is_personal=True).as_(bot)
    await typing
    assert (await started.anna("inline", query="1042"))["cached"] and not await bot.get_updates()
    await started.post("/clock", advance=6)
    assert not (await started.anna("inline", query="1042", timeout=0))["answered"] and await bot.get_updates()


async def test_an_answer_too_late_or_the_second_one_is_refused(started: Desk, bot: Bot) -> None:
    query, typing = await asked(started, bot)
    await query.answer([], cache_time=0).as_(bot)
    assert (await typing)["answered"]
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await query.answer([]).as_(bot)
    query, typing = await asked(started, bot, timeout=0)
    await started.post("/clock", advance=11)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await query.answer([]).as_(bot)
    assert not (await typing)["answered"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"results": [{**ARTICLE, "id": str(n)} for n in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [ARTICLE, ARTICLE]}, "RESULT_ID_DUPLICATE"),
        ({"results": [{**ARTICLE, "id": "я" * 33}]}, "RESULT_ID_INVALID"),
        ({"results": [{**ARTICLE, "title": " "}]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [{**ARTICLE, "colour": "red"}]}, 'unknown field "colour"'),
        ({"results": [{**ARTICLE, "type": "photo"}]}, "does not play"),
        ({"results": [{**ARTICLE, "input_message_content": {"message_text": ""}}]}, "message text is empty"),
        ({"results": [{**ARTICLE, "input_message_content": {"message_text": "a" * 4097}}]}, "message is too long"),
        ({"results": [], "next_offset": "9" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "cache_time": -1}, "CACHE_TIME_INVALID"),
        ({"results": [], "button": {"text": "Бот", "start_parameter": "нет"}}, "START_PARAM_INVALID"),
        ({"results": [], "button": {"start_parameter": "x"}}, "Can't find field"),
        ({"results": {}}, "expected an Array"),
    ],
)
async def test_what_telegram_would_refuse_is_refused(started: Desk, bot: Bot, given: dict[str, Any], why: str) -> None:
    query, typing = await asked(started, bot, timeout=0.2)
    answer = await started.bot("answerInlineQuery", inline_query_id=query.id, **given)
    assert not answer["ok"] and why in answer["description"]
    assert not (await typing)["answered"]


async def test_nobody_can_type_more_than_telegram_passes_on(started: Desk) -> None:
    assert "at most 256" in (await started.anna("inline", query="я" * 257))["error"]
    assert "chat_type" in (await started.anna("inline", query="я", chat_type="moon"))["error"]
