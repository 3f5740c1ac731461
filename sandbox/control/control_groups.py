"""Control side: groups and channels, and what people do with the bot in them."""

from typing import Any

from aiohttp import web

from sandbox.control.control import BadRequest, answer, body, optional, person_of, text
from sandbox.world import groups
from sandbox.world.groups import Group
from sandbox.world.world import Json, Person, World

ACTS = ("add", "kick", "text", "upgrade")


class GroupRoutes:
    """The routes under /sandbox/groups."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[tuple[str, str, Any]]:
        """Method, path, handler."""
        return [
            ("POST", "/groups", self.make),
            ("GET", "/groups/{id}", self.show),
            ("POST", "/groups/{id}/{act}", self.act),
        ]

    async def make(self, request: web.Request) -> web.Response:
        """A new group: its `title`, its `kind` (default: group). The bot is not in it yet."""
        given = await body(request)
        return answer(_view(groups.make(self.world.home, optional(given, "kind") or "group", text(given, "title"))))

    async def show(self, request: web.Request) -> web.Response:
        """What has been said in it by the bot, or by people through it, and whether it is there."""
        return answer(_view(self._group(request)))

    async def act(self, request: web.Request) -> web.Response:
        """`by` (a phone) adds the bot, kicks it, writes a `text`, or makes a supergroup of it."""
        given, group, bot = await body(request), self._group(request), self.world.home
        by = self._person(given)
        match request.match_info["act"]:
            case "add":
                groups.put_bot(self.world, bot, group, by)
            case "kick":
                groups.throw_out(self.world, bot, group, by)
            case "text":
                groups.write(self.world, bot, group, by, text(given, "text"))
            case "upgrade":
                group = groups.upgrade(self.world, bot, group, by)
            case other:
                raise BadRequest(f"{other} is none of {', '.join(ACTS)}", 404)
        return answer(_view(group))

    def _group(self, request: web.Request) -> Group:
        number = request.match_info["id"]
        found = groups.find(self.world.home, int(number)) if number.lstrip("-").isdecimal() else None
        if found is None:
            raise BadRequest(f"there is no group {number}", 404)
        return found

    def _person(self, given: Json) -> Person:
        return person_of(self.world, str(given.get("by", "")))


def _view(group: Group) -> Json:
    texts = [one["text"] for one in group.heard]
    posted = [
        {"text": one["text"], "rows": one.get("reply_markup", {}).get("inline_keyboard", [])} for one in group.posted
    ]
    more = {"texts": texts, "posted": posted, "times_left": group.times_left}
    return {**group.card, "has_bot": group.has_bot, **more}
