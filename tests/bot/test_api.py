"""The Bot API client: what each answer and each failure becomes, and that no failure tells the token."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import web

from bot.delivery.rate_limits import RateLimits
from bot.telegram_client import FileUpload, NotConnected, TelegramClient

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_12345"


class Server:
    """A stand-in that gives the next answer, whatever is asked, and keeps what was asked."""

    def __init__(self) -> None:
        self.answer: Callable[[web.Request], Any] = lambda _: {"ok": True, "result": True}
        self.asked: list[dict[str, Any]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = request.content_type == "multipart/form-data"
        fields = dict(await request.post()) if form else await request.json()
        self.asked.append({key: _read(value) if form else value for key, value in fields.items()})
        answer = self.answer(request)
        if isinstance(answer, web.StreamResponse):
            return answer
        if answer is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.json_response(answer, status=answer.get("error_code", 200))


def _read(value: Any) -> Any:
    return (value.filename, value.file.read()) if isinstance(value, web.FileField) else value


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def telegram(server: Server) -> AsyncIterator[TelegramClient]:
    client = TelegramClient(TOKEN, server.url, limits=RateLimits.none())
    yield client
    await client.close()


def refusal(code: int, text: str, **parameters: Any) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": text, "parameters": parameters}


async def test_a_result_comes_as_it_is_and_none_is_not_sent(server: Server, telegram: TelegramClient) -> None:
    server.answer = lambda _: {"ok": True, "result": {"message_id": 5, "text": "привет"}}
    assert await telegram.call("sendMessage", {"chat_id": 1, "text": "привет", "reply_markup": None}) == {
        "message_id": 5,
        "text": "привет",
    }
    assert server.asked == [{"chat_id": 1, "text": "привет"}]


async def test_what_has_not_changed_is_a_success(server: Server, telegram: TelegramClient) -> None:
    server.answer = lambda _: refusal(400, "Bad Request: message is not modified: specified new message content…")
    assert await telegram.call("editMessageText", {"chat_id": 1, "message_id": 2, "text": "x"}) is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(400, "Bad Request: can't parse entities"), TelegramBadRequest),
        (refusal(401, "Unauthorized"), TelegramUnauthorizedError),
        (refusal(403, "Forbidden: bot was blocked by the user"), TelegramForbiddenError),
        (refusal(409, "Conflict"), TelegramConflictError),
        (refusal(429, "Too Many Requests", retry_after=7), TelegramRetryAfter),
        (refusal(400, "group chat was upgraded", migrate_to_chat_id=-100), TelegramMigrateToChat),
        (refusal(500, "Internal Server Error"), TelegramServerError),
        (web.Response(status=502, text="<html>Bad Gateway"), TelegramServerError),
        (web.Response(status=200, text='{"ok": tru'), TelegramNetworkError),
        (web.Response(status=200, text="[]"), TelegramNetworkError),
        (None, TelegramNetworkError),
    ],
)
async def test_each_failure_has_its_own_class_and_none_tells_the_token(
    server: Server, telegram: TelegramClient, answer: Any, kind: type[TelegramAPIError]
) -> None:
    server.answer = lambda _: answer
    with pytest.raises(kind) as failed:
        await telegram.call("sendMessage", {"chat_id": 1, "text": "x"})
    assert type(failed.value) is kind
    shown = "".join(traceback.format_exception(failed.value)) + repr(failed.value) + repr(telegram)
    assert TOKEN not in shown


async def test_a_server_that_is_not_there_surely_did_not_take_the_call(server: Server) -> None:
    client = TelegramClient(TOKEN, "http://127.0.0.1:9", limits=RateLimits.none())
    with pytest.raises(NotConnected) as failed:
        await client.call("sendMessage", {"chat_id": 1, "text": "x"})
    await client.close()
    assert TOKEN not in "".join(traceback.format_exception(failed.value))


async def test_an_answer_that_does_not_come_in_time_is_doubt(server: Server, telegram: TelegramClient) -> None:
    server.answer = lambda request: _slow(request)
    with pytest.raises(TelegramNetworkError) as failed:
        await telegram.call("sendMessage", {"chat_id": 1, "text": "x"}, timeout=0.05)
    assert not isinstance(failed.value, NotConnected)


class _Slow(web.StreamResponse):
    async def prepare(self, request: web.BaseRequest) -> Any:
        import asyncio

        await asyncio.Event().wait()


def _slow(_: web.Request) -> web.StreamResponse:
    return _Slow()


async def test_a_429_parks_the_chat(server: Server, telegram: TelegramClient) -> None:
    server.answer = lambda _: refusal(429, "Too Many Requests", retry_after=4)
    with pytest.raises(TelegramRetryAfter):
        await telegram.call("sendMessage", {"chat_id": 7, "text": "x"}, paced=True)
    assert 3 < telegram.limits.parked(7) <= 4
    assert telegram.limits.parked(8) == 0.0


async def test_a_parked_chat_is_left_alone_by_answers_too(server: Server, telegram: TelegramClient) -> None:
    """What follows a press learns at once for how long; no call is made in vain."""
    telegram.limits.park(7, 4.0)
    with pytest.raises(TelegramRetryAfter) as refused:
        await telegram.call("editMessageText", {"chat_id": 7, "message_id": 1, "text": "x"})
    assert refused.value.retry_after == 4
    assert server.asked == []
    await telegram.call("sendMessage", {"chat_id": 8, "text": "x"})


async def test_files_go_as_a_form_with_the_name_a_person_sees(server: Server, telegram: TelegramClient) -> None:
    await telegram.call(
        "sendDocument",
        {"chat_id": 1, "caption": "Договор", "reply_markup": {"inline_keyboard": []}},
        files={"document": FileUpload(b"%PDF", "Договор № 1.pdf")},
    )
    asked = server.asked[0]
    assert (asked["chat_id"], asked["caption"], asked["reply_markup"]) == ("1", "Договор", '{"inline_keyboard": []}')
    assert asked["document"] == ("Договор № 1.pdf", b"%PDF")


async def test_the_name_of_a_file_cannot_add_headers(server: Server, telegram: TelegramClient) -> None:
    name = 'a".pdf\r\nX-Evil: 1\r\n\r\nhello'
    await telegram.call("sendDocument", {"chat_id": 1}, files={"document": FileUpload(b"%PDF", name)})
    shown, data = server.asked[0]["document"]
    assert data == b"%PDF"
    assert shown == "a_.pdf__X-Evil: 1____hello"


async def test_updates_come_raw_and_odd_ones_do_not_stop_the_others(server: Server, telegram: TelegramClient) -> None:
    server.answer = lambda _: {"ok": True, "result": [{"update_id": 1, "message": {"broken": True}}, "?", 5]}
    assert await telegram.get_updates(None) == [{"update_id": 1, "message": {"broken": True}}]
    assert server.asked[0]["timeout"] == 30
    assert "callback_query" in server.asked[0]["allowed_updates"]
