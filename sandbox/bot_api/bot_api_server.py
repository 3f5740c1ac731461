"""The Bot API over HTTP: `/bot<TOKEN>/<method>` and `/file/bot<TOKEN>/<path>`."""

from typing import Any

from aiohttp import web

# Imported for their entries in the table of methods.
from sandbox.bot_api import call_params, chatting, editing, inline_answers, polling, sending  # noqa: F401
from sandbox.bot_api.api_error import ApiError
from sandbox.bot_api.call_params import Params
from sandbox.bot_api.method_registry import METHODS, Method
from sandbox.bot_api.polling import Raw
from sandbox.bot_api.update_queue import encode
from sandbox.bot_api.webhook_sender import Webhooks
from sandbox.world import faults, inline
from sandbox.world.faults import Fault, Faults
from sandbox.world.file_store import DOWNLOAD_LIMIT
from sandbox.world.journal import Journal
from sandbox.world.world import SandboxBot, World

TOKEN = r"\d{1,20}:[\w-]+"
_JSON = {"Content-Type": "application/json"}


class BotApiServer:
    """Takes calls, lets faults happen, keeps the journal (if there is one) and answers."""

    def __init__(self, world: World, rules: Faults, webhooks: Webhooks, journal: Journal | None) -> None:
        self.world = world
        self.faults = rules
        self.webhooks = webhooks
        self.journal = journal

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        match = request.match_info
        bot = self.world.find_bot(match["token"])
        if bot is None:
            return _refuse(ApiError(401, "Unauthorized"))
        method = METHODS.get(match["method"].lower())
        given = Params({})
        try:
            given = await call_params.read(request)
            if method is None:
                raise ApiError(404, "Not Found: method not found")
            return await self._run(request, bot, method, given)
        except ApiError as refused:
            if self.journal is not None:
                outcome = {"ok": False, "error": {"code": refused.code, "description": refused.description}}
                name = method.name if method else match["method"]
                self.journal.add(bot.id, name, given.shown(), outcome)
            return _refuse(refused)

    async def _run(self, request: web.Request, bot: SandboxBot, method: Method, given: Params) -> web.StreamResponse:
        fault = self._fault(bot, method, given) if self.faults.rules else None
        if fault is not None:
            if fault.kind in ("drop", "garbage"):
                return self._spoil(request, bot, method, given, fault)
            await faults.apply(fault)
        method.check(given)
        if method.waits:
            result = await method.run(self.world, bot, given)
        else:
            result = method.run(self.world, bot, given)
            if method.name in ("setWebhook", "deleteWebhook"):
                await self.webhooks.refresh(bot)
        if self.journal is not None:
            self.journal.add(bot.id, method.name, given.shown(), {"ok": True, "result": result})
        if fault is not None and fault.kind == "drop_after":
            return _cut(request)
        return _answer(result)

    def _fault(self, bot: SandboxBot, method: Method, given: Params) -> Fault | None:
        chat: Any = given.values.get("chat_id")
        query = bot.queries.get(str(given.values.get("callback_query_id")))
        if query is not None:
            chat = query.chat.person.id
        asked = inline.book(bot).asked.get(str(given.values.get("inline_query_id")))
        if asked is not None:
            chat = asked.person.id
        number = int(chat) if str(chat).lstrip("-").isdecimal() else None
        return self.faults.take(method.name, number)

    def _spoil(
        self, request: web.Request, bot: SandboxBot, method: Method, given: Params, fault: Fault
    ) -> web.StreamResponse:
        if self.journal is not None:
            outcome = {"ok": False, "error": {"code": 0, "description": f"sandbox fault: {fault.kind}"}}
            self.journal.add(bot.id, method.name, given.shown(), outcome)
        if fault.kind == "drop":
            return _cut(request)
        return web.Response(text="<html><body>It works!</body></html>", content_type="text/html")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file."""
        bot = self.world.find_bot(request.match_info["token"])
        if bot is None:
            return _refuse(ApiError(401, "Unauthorized"))
        file = self.world.files.find_at(bot.serial, request.match_info["path"])
        if file is None or len(file.data) > DOWNLOAD_LIMIT:
            return _refuse(ApiError(404, "Not Found"))
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def stray(self, request: web.Request) -> web.StreamResponse:
        """Anything else under /bot: a token of a wrong shape."""
        return _refuse(ApiError(404, "Not Found"))


def _answer(result: Any) -> web.Response:
    text = result if isinstance(result, Raw) else encode(result)
    return web.Response(body=f'{{"ok":true,"result":{text}}}'.encode(), headers=_JSON)


def _refuse(refused: ApiError) -> web.Response:
    return web.Response(status=refused.code, body=encode(refused.body()).encode(), headers=_JSON)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
