"""The Bot API: plain calls over one keep-alive session, JSON out, dicts in. A tap costs what its calls cost.

Answers nobody reads are not made into pydantic objects; aiogram's own `Bot` is there for whoever wants one. The
token appears in no exception: it is part of every address, so addresses never leave this module.
"""

from __future__ import annotations

import asyncio
import io
import json
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod

from bot.delivery.rate_limits import RateLimits

TIMEOUT = 15.0  # seconds for a call to be answered
UPLOAD_TIMEOUT = 120.0
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes; Telegram gives no bigger file to a bot
BETWEEN_CLOCKS = 20.0  # seconds between two looks at Telegram's clock
KEEP_ALIVE = 30.0  # shorter than the server's: a connection that is just being closed looks like a lost answer
ALLOWED = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member", "channel_post")
HEADERS = {"Content-Type": "application/json"}
BY_STATUS: dict[int, type[TelegramAPIError]] = {
    400: TelegramBadRequest,
    401: TelegramUnauthorizedError,
    403: TelegramForbiddenError,
    404: TelegramNotFound,
    409: TelegramConflictError,
    413: TelegramEntityTooLarge,
}


class NotConnected(TelegramNetworkError):
    """Telegram was not reached: the call was surely not carried out and may be repeated."""


class BotApiCall(TelegramMethod[Any]):
    """Which call an exception is about."""

    __returning__ = object
    __api_method__ = "call"

    name: str
    chat_id: int | str | None = None


@dataclass(frozen=True)
class FileUpload:
    """A file to send: its bytes and the name a person sees."""

    data: bytes
    name: str


class Session(AiohttpSession):
    """aiogram's session with a plain HTTP proxy, keeping alive the answer types that pydantic would rebuild."""

    def __init__(self, api: TelegramAPIServer, through: str | None) -> None:
        super().__init__(api=api, timeout=TIMEOUT)
        self._through = through
        self._held: dict[Any, Any] = {}

    async def create_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=self._connector_type(**self._connector_init), proxy=self._through
            )
        return self._session

    def check_response(self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str) -> Response[Any]:
        kind = method.__returning__
        if kind not in self._held:
            self._held[kind] = Response[kind]  # type: ignore[valid-type]
        return super().check_response(bot, method, status_code, content)


class TelegramClient:
    """One bot at one Bot API server."""

    def __init__(self, token: str, url: str, *, limits: RateLimits | None = None, proxy: str | None = None) -> None:
        self.id = int(token.partition(":")[0])
        self.limits = limits or RateLimits()
        self._token, self._url, self._proxy = token, url.rstrip("/"), proxy
        self._base = f"{self._url}/bot{token}/"
        self._session: aiohttp.ClientSession | None = None
        self._bot: Bot | None = None
        self.ahead: float | None = None  # seconds by which this machine's clock was ahead of Telegram's when last seen
        self._compared_at = 0.0

    def __repr__(self) -> str:
        return f"<Telegram bot {self.id} at {self._url}>"

    @property
    def bot(self) -> Bot:
        """The same bot as aiogram has it."""
        if self._bot is None:
            session = Session(TelegramAPIServer.from_base(self._url), self._proxy)
            self._bot = Bot(self._token, session=session)
        return self._bot

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        files: Mapping[str, FileUpload] | None = None,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 — the answer's deadline is part of a call
        paced: bool = False,
        stranger: bool = False,
        begin: Callable[[], Awaitable[None]] | None = None,
    ) -> Any:
        """Call a method and give its raw result; None if «message is not modified», which is a success.

        `begin` is carried out when the call's turn has come, right before it; what it raises, the call raises.
        `paced` sends are notices and wait their turn; other calls answer a tap and wait for its chat's own pace only,
        or, if they answer a `stranger`, for everybody. `files` are uploads by parameter, or by the name in an
        `attach://name`. Raises aiogram's TelegramAPIError family: NotConnected if it surely was not carried out,
        TelegramNetworkError and TelegramServerError if it may have been; TelegramRetryAfter after a 429, and without a
        call for as long as that asked for.
        """
        given = {key: value for key, value in params.items() if value is not None}
        chat = _chat_of(given)
        async with self.limits.slot(chat, urgent=not paced, stranger=stranger):
            if chat is not None and (left := self.limits.parked(chat)):
                raise TelegramRetryAfter(_method(method, given), "Telegram has asked for a pause", math.ceil(left))
            if begin is not None:
                await begin()
            try:
                return await self._post(method, given, files, max(timeout, UPLOAD_TIMEOUT) if files else timeout)
            except TelegramRetryAfter as refused:
                if chat is not None:
                    self.limits.refuse(chat, refused.retry_after)
                raise

    async def get_updates(self, offset: int | None, timeout: int = 30) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """The next raw updates; waits up to `timeout` seconds for one. Asking for `offset` confirms those before."""
        params = {"offset": offset, "timeout": timeout, "allowed_updates": ALLOWED}
        given = {key: value for key, value in params.items() if value is not None}
        found = await self._post("getUpdates", given, None, timeout + 10.0)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file somebody sent. TelegramBadRequest if it is too big or gone."""
        found = await self.call("getFile", {"file_id": file_id})
        address = f"{self._url}/file/bot{self._token}/{found['file_path']}"
        method = BotApiCall(name="download")
        try:
            async with self._open().get(address, timeout=aiohttp.ClientTimeout(total=UPLOAD_TIMEOUT)) as response:
                if response.status != 200:
                    raise TelegramBadRequest(method, f"the file cannot be had: {response.status}")
                data = await response.content.read(DOWNLOAD_LIMIT + 1)
                while len(data) <= DOWNLOAD_LIMIT and (more := await response.content.read(DOWNLOAD_LIMIT + 1)):
                    data += more
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TelegramNetworkError(method, type(error).__name__) from None
        if len(data) > DOWNLOAD_LIMIT:
            raise TelegramBadRequest(method, "the file is too big")
        return data

    async def close(self) -> None:
        """Close both sessions."""
        if self._session is not None:
            await self._session.close()
        if self._bot is not None:
            await self._bot.session.close()

    async def _post(
        self, method: str, given: dict[str, Any], files: Mapping[str, FileUpload] | None, patience: float
    ) -> Any:
        data: bytes | aiohttp.FormData = _form(given, files) if files else _body(given)
        limit = aiohttp.ClientTimeout(total=patience, sock_connect=min(patience, 10.0))
        asked_at = time.time()
        try:
            async with self._open().post(
                self._base + method, data=data, headers=None if files else HEADERS, timeout=limit
            ) as response:
                status, raw = response.status, await response.read()
                self._compare_clocks(response.headers.get("Date"), asked_at)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotConnected(_method(method, given), f"not reached: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TelegramNetworkError(_method(method, given), f"no answer: {type(error).__name__}") from None
        return _result(method, given, status, raw)

    def _compare_clocks(self, said: str | None, asked_at: float) -> None:
        """Now and then: reading a date costs a tenth of what a call costs us."""
        now = time.time()
        if said is None or 0.0 <= asked_at - self._compared_at < BETWEEN_CLOCKS or now < asked_at:
            return
        try:
            self.ahead = _ahead(parsedate_to_datetime(said).timestamp(), asked_at, now)
        except ValueError:
            return
        self._compared_at = asked_at

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=100, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=600)
            self._session = aiohttp.ClientSession(connector=connector, proxy=self._proxy, auto_decompress=True)
        return self._session


def _ahead(theirs: float, asked_at: float, heard_at: float) -> float:
    """Seconds by which our clock is ahead of a server that named its second between our question and its answer."""
    return max(asked_at - theirs - 1.0, 0.0) + min(heard_at - theirs, 0.0)


def _body(given: dict[str, Any]) -> bytes:
    # a lone surrogate cannot be sent; everything typed was cleaned before, names of files may not have been
    return json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _form(given: dict[str, Any], files: Mapping[str, FileUpload]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # else a Cyrillic name arrives in percent signs
    for key, value in given.items():
        form.add_field(key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    for key, file in files.items():
        # a name must not end the header it stands in
        safe = "".join(ch if ch.isprintable() and ch != '"' else "_" for ch in file.name)
        # as a stream: bytes would be written in one go, and nobody be answered meanwhile
        form.add_field(key, io.BytesIO(file.data), filename=safe)
    return form


def _chat_of(given: Mapping[str, Any]) -> int | None:
    chat = given.get("chat_id")
    return chat if isinstance(chat, int) else None


def _method(name: str, given: Mapping[str, Any]) -> BotApiCall:
    return BotApiCall(name=name, chat_id=given.get("chat_id"))


def _result(method: str, given: Mapping[str, Any], status: int, raw: bytes) -> Any:
    try:
        answer = json.loads(raw)
        good = status < 300 and answer["ok"] is True
    except (ValueError, KeyError, TypeError):
        # a gateway's page or half an answer: whether the call was carried out is unknown
        kind = TelegramServerError if status >= 500 else TelegramNetworkError
        raise kind(_method(method, given), f"unreadable answer with status {status}") from None
    return answer.get("result") if good else _refused(_method(method, given), status, answer)


def _refused(call: BotApiCall, status: int, answer: Mapping[str, Any]) -> None:
    text = str(answer.get("description") or status)
    more = answer.get("parameters") or {}
    if wait := more.get("retry_after"):
        raise TelegramRetryAfter(call, text, wait)
    if moved := more.get("migrate_to_chat_id"):
        raise TelegramMigrateToChat(call, text, moved)
    if status == 400 and "message is not modified" in text:
        return
    if status >= 500:
        raise TelegramServerError(call, text)
    raise BY_STATUS.get(status, TelegramAPIError)(call, text)


async def wait_for(telegram: TelegramClient, patience: float = 30.0) -> dict[str, Any]:
    """Who the bot is (`getMe`), asked until Telegram answers or `patience` seconds are over.

    TelegramUnauthorizedError at once for a token that is not known.
    """
    loop = asyncio.get_running_loop()
    ends, pause = loop.time() + patience, 0.5
    while True:
        try:
            found: dict[str, Any] = await telegram.call("getMe", {})
            return found
        except (TelegramNetworkError, TelegramServerError, TelegramRetryAfter):
            if loop.time() + pause > ends:
                raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, 5.0)
