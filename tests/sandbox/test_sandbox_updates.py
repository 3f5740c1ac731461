"""Updates: long polling, webhooks, and what people do on their phones."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InaccessibleMessage, InlineKeyboardButton, InlineKeyboardMarkup, Update
from aiohttp import web

from sandbox import Sandbox

ANNA = 100_001
BUTTONS = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="✔ Готово", callback_data="done")],
        [InlineKeyboardButton(text="Открыть", url="https://example.org/")],
    ]
)


async def polled(bot: Bot, count: int = 1) -> list[Update]:
    updates = await bot.get_updates(timeout=5)
    assert len(updates) == count
    return updates


async def waiting(sandbox: Sandbox) -> None:
    """Until a poll hangs in the queue."""
    await asyncio.wait_for(sandbox.world.home.queue.polled.wait(), 10)


async def test_updates_come_again_until_they_are_confirmed(started: Any) -> None:
    await started.anna("text", text="раз")
    await started.anna("text", text="два")
    first, second = await started.updates()
    assert await started.updates() == [first, second]
    assert await started.updates(limit=1) == [first]
    assert await started.updates(offset=second["update_id"]) == [second]
    assert await started.updates() == [second]
    assert await started.updates(offset=second["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_last_ones(started: Any) -> None:
    for text in ("раз", "два", "три"):
        await started.anna("text", text=text)
    assert [u["message"]["text"] for u in await started.updates(offset=-1)] == ["три"]


async def test_a_long_poll_waits_for_what_comes(started: Any, bot: Bot, sandbox: Sandbox) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=50, request_timeout=60))
    await waiting(sandbox)
    assert not poll.done()
    await started.anna("text", text="пришло")
    (update,) = await poll
    assert update.message is not None and update.message.text == "пришло"


async def test_a_long_poll_goes_home_empty_handed_in_time(started: Any) -> None:
    assert await started.updates(timeout=1) == []


async def test_the_second_poller_ends_the_first_with_409(started: Any, sandbox: Sandbox) -> None:
    first = asyncio.ensure_future(started.bot("getUpdates", timeout=50))
    await waiting(sandbox)
    assert await started.updates() == []
    answer = await first
    assert answer["error_code"] == 409
    assert "terminated by other getUpdates request" in answer["description"]


async def test_only_the_asked_for_kinds_come_and_the_choice_stays(started: Any) -> None:
    await started.updates(allowed_updates=["callback_query"])
    await started.anna("text", text="мимо")
    assert await started.updates() == []
    await started.updates(allowed_updates=[])
    await started.anna("text", text="дошло")
    assert len(await started.updates()) == 1


async def test_a_tap_waits_for_the_bots_answer(started: Any, bot: Bot) -> None:
    sent = await bot.send_message(ANNA, "x", reply_markup=BUTTONS)
    tap = asyncio.ensure_future(started.anna("tap", message_id=sent.message_id, label="Готово"))
    (update,) = await polled(bot)
    query = update.callback_query
    assert query is not None and query.message is not None
    assert (query.data, query.message.message_id, query.from_user.id) == ("done", sent.message_id, ANNA)
    assert query.chat_instance
    assert await bot.answer_callback_query(query.id, text="Нельзя", show_alert=True)
    assert await tap == {"answered": True, "text": "Нельзя", "alert": True}


async def test_a_tap_is_answered_once_and_in_time(started: Any, bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_message(ANNA, "x", reply_markup=BUTTONS)
    for _ in range(2):
        unanswered = await started.anna("tap", message_id=sent.message_id, data="done", wait=False)
        assert unanswered == {"answered": False, "text": "", "alert": False}
    first, second = [update.callback_query for update in await polled(bot, 2)]
    assert first is not None and second is not None
    assert await bot.answer_callback_query(first.id)
    too_old = "query is too old and response timeout expired or query ID is invalid"
    with pytest.raises(TelegramBadRequest, match=too_old):
        await bot.answer_callback_query(first.id)
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(second.id, text="я" * 201)
    await sandbox.clock.advance(timedelta(seconds=151))
    with pytest.raises(TelegramBadRequest, match=too_old):
        await bot.answer_callback_query(second.id)
    with pytest.raises(TelegramBadRequest, match=too_old):
        await bot.answer_callback_query("777")


async def test_an_unanswered_tap_gives_up(started: Any, bot: Bot) -> None:
    sent = await bot.send_message(ANNA, "x", reply_markup=BUTTONS)
    tapped = await started.anna("tap", message_id=sent.message_id, row=0, column=0, timeout=0.05)
    assert tapped["answered"] is False


async def test_buttons_that_need_no_bot(started: Any, bot: Bot) -> None:
    sent = await bot.send_message(ANNA, "x", reply_markup=BUTTONS)
    tapped = await started.anna("tap", message_id=sent.message_id, label="Открыть")
    assert (tapped["answered"], tapped["url"]) == (False, "https://example.org/")
    assert await started.updates() == []
    missing = await started.anna("tap", message_id=sent.message_id, label="Удалить")
    assert "«✔ Готово», «Открыть»" in missing["error"]


async def test_a_forged_tap_may_carry_anything(started: Any, bot: Bot) -> None:
    await started.anna("tap", message_id=777, data="v1:steal", forged=True, wait=False)
    (update,) = await polled(bot)
    assert update.callback_query is not None
    assert update.callback_query.data == "v1:steal"
    assert isinstance(update.callback_query.message, InaccessibleMessage)


async def test_contacts_own_and_foreign(started: Any, bot: Bot) -> None:
    await started.anna("contact")
    await started.anna("contact", phone_number="+79129999999", first_name="Пётр", user_id=None)
    own, foreign = [update.message for update in await polled(bot, 2)]
    assert own is not None and own.contact is not None
    assert (own.contact.user_id, own.contact.phone_number) == (ANNA, "+79120000001")
    assert foreign is not None and foreign.contact is not None
    assert (foreign.contact.user_id, foreign.contact.first_name) == (None, "Пётр")


async def test_places_edits_replies_forwards_and_payloads(started: Any, bot: Bot) -> None:
    (said,) = (await started.anna("text", text="тел. +7 912 345-67-89"))["message_ids"]
    await started.anna("edit", message_id=said, text="передумала")
    await started.anna("location", latitude=55.75, longitude=37.62)
    await started.anna("text", text="про это", reply_to=said)
    await started.anna("forward", from_chat=ANNA, message_id=said)
    await started.anna("start", payload="invite_x")
    text, edit, place, reply, forward, start = await polled(bot, 6)
    assert text.message and text.message.entities and text.message.entities[0].type == "phone_number"
    assert edit.edited_message and edit.edited_message.text == "передумала"
    assert edit.edited_message.message_id == said
    assert place.message and place.message.location and place.message.location.latitude == 55.75
    assert reply.message and reply.message.reply_to_message and reply.message.reply_to_message.message_id == said
    assert forward.message and forward.message.forward_origin
    assert start.message and start.message.text == "/start invite_x"


async def test_blocking_and_unblocking_are_told(started: Any, bot: Bot) -> None:
    await started.anna("block")
    assert "error" in await started.anna("text", text="x")
    await started.anna("start")
    blocked, unblocked, start = await polled(bot, 3)
    assert blocked.my_chat_member and blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member and unblocked.my_chat_member.new_chat_member.status == "member"
    assert start.message and start.message.text == "/start"


async def test_raw_updates_go_through_as_they_are(started: Any) -> None:
    given = await started.post("/updates", update={"from_the_future": {"x": 1}})
    (update,) = await started.updates()
    assert update == {"update_id": given["update_id"], "from_the_future": {"x": 1}}
    await started.post("/updates", update={"update_id": given["update_id"] + 10, "message": {}})
    assert [u["update_id"] - given["update_id"] for u in await started.updates()] == [0, 10]


async def test_a_confirmed_update_can_come_twice(started: Any) -> None:
    await started.anna("text", text="раз")
    (update,) = await started.updates()
    offset = update["update_id"] + 1
    assert await started.updates(offset=offset) == []
    await started.post("/updates/duplicate")
    assert await started.updates(offset=offset) == [update]
    assert await started.updates(offset=offset) == []


class Hook:
    """A bot's own web server: refuses as many updates as it is told to."""

    def __init__(self, refusals: list[int]) -> None:
        self.refusals = refusals
        self.calls: asyncio.Queue[tuple[dict[str, Any], str | None]] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.calls.put_nowait((await request.json(), secret))
        return web.Response(status=self.refusals.pop(0) if self.refusals else 200)


async def test_a_webhook_gets_updates_with_the_secret_and_again_after_a_failure(started: Any, bot: Bot) -> None:
    hook = Hook([503])
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
        assert (await started.bot("getUpdates"))["error_code"] == 409
        await started.anna("text", text="раз")
        await started.anna("text", text="два")
        got = [await asyncio.wait_for(hook.calls.get(), 10) for _ in range(3)]
        assert [update["message"]["text"] for update, _ in got] == ["раз", "раз", "два"]
        assert {secret for _, secret in got} == {"s3cret"}
        info = await bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
        assert await bot.delete_webhook()
        assert (await bot.get_webhook_info()).url == ""
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("url", ["http://example.org/hook", "ftp://127.0.0.1/", "nonsense"])
async def test_webhooks_elsewhere_are_refused(started: Any, url: str) -> None:
    answer = await started.bot("setWebhook", url=url)
    assert answer["description"].startswith("Bad Request: bad webhook")
