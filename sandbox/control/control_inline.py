"""Control side: typing the bot's name and a query in any chat, and sending what is offered."""

from typing import Any

from aiohttp import web

from sandbox.control import page_render, page_view
from sandbox.control.control import BadRequest, answer, body, integer, number, optional, telegram_chat, text
from sandbox.world import groups, inline
from sandbox.world.world import Json, World

PATIENCE = 10.0


class InlineRoutes:
    """The routes under /sandbox/phones/{id}/inline."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[tuple[str, str, Any]]:
        """Method, path, handler."""
        one = "/phones/{id}/inline"
        return [("POST", one, self.ask), ("POST", f"{one}/choose", self.choose)]

    async def ask(self, request: web.Request) -> web.Response:
        """Type `query` behind the bot's name, in a chat of some `chat_type`; `offset`: scroll on. Waits `timeout`
        seconds for the answer."""
        chat, given = telegram_chat(self.world, request), await body(request)
        query, where = optional(given, "query") or "", optional(given, "chat_type") or "private"
        if len(query) > inline.LONGEST_QUERY:
            raise BadRequest(f"Telegram passes on at most {inline.LONGEST_QUERY} characters of a query")
        if where not in inline.CHAT_TYPES:
            raise BadRequest(f"chat_type is one of {', '.join(inline.CHAT_TYPES)}")
        patience = number({"timeout": PATIENCE, **given}, "timeout")
        offset = optional(given, "offset") or ""
        found = await inline.ask(self.world, chat.bot, chat.person, query, offset, where, patience)
        return answer({**found, "results": [_shown(one) for one in found["results"]]})

    async def choose(self, request: web.Request) -> web.Response:
        """Send what is offered under `result_id`, into `group`, or into one's own chat with the bot."""
        chat, given = telegram_chat(self.world, request), await body(request)
        group = groups.find(chat.bot, integer(given, "group")) if given.get("group") is not None else None
        if group is None and given.get("group") is not None:
            raise BadRequest(f"there is no group {given['group']}", 404)
        sent = inline.choose(self.world, chat.bot, chat.person, text(given, "result_id"), group)
        return answer({"ok": True, "message_ids": [sent.id] if sent is not None else []})


def _shown(result: Json) -> Json:
    """What stands in the list, and what would be sent."""
    content: Json = result["content"]
    rows: list[list[Json]] = result.get("reply_markup", {}).get("inline_keyboard", [])
    return {
        "id": result["id"],
        "title": result["title"],
        "description": result["description"],
        "text": content["text"],
        "html": page_render.to_html(content["text"], content.get("entities", [])),
        "rows": [[page_view.button(one) for one in row] for row in rows],
    }
