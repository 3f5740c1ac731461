"""Plumbing of the control side: who may ask, JSON in, JSON out, errors as {"error": "..."}."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.bot_api.polling import is_loopback
from sandbox.bot_api.update_queue import encode
from sandbox.world.world import Chat, Json, Message, Person, World

Route = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BadRequest(Exception):
    """The request cannot be done; `status` is 4xx."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def answer(body: Any, status: int = 200) -> web.Response:
    """A JSON answer."""
    headers = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"}
    return web.Response(status=status, body=encode(body).encode(), headers=headers)


def cut(request: web.Request) -> web.Response:
    """The line breaks: whoever asked gets no answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def guarded(route: Route) -> Route:
    """Let only this machine in, by name and by page of origin, and turn errors into JSON.

    A foreign Host is how DNS rebinding looks; a foreign Origin, how another site's script looks.
    """

    async def run(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
            return answer({"error": "the sandbox answers on this machine only"}, 403)
        if origin is not None and urlsplit(origin).netloc != request.host:
            return answer({"error": "the sandbox answers its own page only"}, 403)
        try:
            return await route(request)
        except BadRequest as wrong:
            return answer({"error": str(wrong)}, wrong.status)
        except ValueError as error:
            return answer({"error": str(error)}, 400)

    return run


async def body(request: web.Request) -> Json:
    """The JSON object of a request; an empty body is an empty object."""
    raw = await request.read()
    if not raw.strip():
        return {}
    try:
        value = json.loads(raw)
    except ValueError:
        raise BadRequest("the body is not JSON") from None
    if not isinstance(value, dict):
        raise BadRequest("the body must be a JSON object")
    return value


def text(given: Json, name: str) -> str:
    """A string that must be there."""
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} must be a non-empty string")
    return value


def optional(given: Json, name: str) -> str | None:
    """A string or nothing."""
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"{name} must be a string")
    return value or None


def integer(given: Json, name: str, default: int | None = None) -> int:
    """A whole number, which must be there unless there is a default."""
    value = given.get(name, default)
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest(f"{name} must be a whole number")
    return value


def number(given: Json, name: str) -> float:
    """A number that must be there."""
    value = given.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadRequest(f"{name} must be a number")
    return float(value)


def person_of(world: World, identifier: str) -> Person:
    """The person of /phones/{id}."""
    person = world.people.get(int(identifier)) if identifier.isdecimal() else None
    if person is None:
        raise BadRequest(f"there is no phone {identifier}", 404)
    return person


def chat_of(world: World, request: web.Request) -> Chat:
    """The chat of /phones/{id} with the home bot, or with the bot whose id is in the query as `bot`."""
    person = person_of(world, request.match_info["id"])
    wanted = request.query.get("bot")
    if wanted is None:
        return world.chat(person)
    for bot in world.bots:
        if str(bot.id) == wanted:
            return world.chat(person, bot)
    raise BadRequest(f"there is no bot {wanted}", 404)


def telegram_chat(world: World, request: web.Request) -> Chat:
    """The same, for what an SMS phone cannot do."""
    chat = chat_of(world, request)
    if chat.person.sms:
        raise BadRequest("this phone has no Telegram, only SMS", 409)
    return chat


def message_of(chat: Chat, given: Json) -> Message:
    """The message that `message_id` names."""
    found = chat.messages.get(integer(given, "message_id"))
    if found is None:
        raise BadRequest(f"there is no message {given['message_id']} on this phone", 404)
    return found
