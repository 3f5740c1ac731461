"""The sandbox as a whole: Bot API, control side and web page on one port of this machine."""

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.web import AppRunner

from sandbox.bot_api.bot_api_server import TOKEN, BotApiServer
from sandbox.bot_api.polling import is_loopback
from sandbox.bot_api.webhook_sender import Webhooks
from sandbox.control.control import guarded
from sandbox.control.control_groups import GroupRoutes
from sandbox.control.control_inline import InlineRoutes
from sandbox.control.control_phones import PhoneRoutes
from sandbox.control.control_world import WorldRoutes
from sandbox.control.event_stream import Stream
from sandbox.control.owner_actions import OwnerAction
from sandbox.world.faults import Faults
from sandbox.world.file_store import UPLOAD_LIMIT
from sandbox.world.journal import Journal
from sandbox.world.shifted_clock import ShiftedClock
from sandbox.world.world import World

WEB = Path(__file__).parent / "web"
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Sandbox:
    """A local Telegram. `zone` is where its people live; `actions` are the owner's buttons on the page;
    `web` off leaves the page away; `journal` off keeps no record of calls, for benchmarks."""

    def __init__(
        self,
        *,
        clock: ShiftedClock | None = None,
        zone: str = "Europe/Moscow",
        username: str = "verstak_bot",
        actions: Sequence[OwnerAction] = (),
        web: bool = True,
        journal: bool = True,
    ) -> None:
        self.clock = clock or ShiftedClock()
        self.world = World(self.clock, username)
        self.faults = Faults()
        self.journal = Journal() if journal else None
        self.url = ""
        self._webhooks = Webhooks(self.world)
        self._stream = Stream(self.world)
        self._desk = WorldRoutes(self.world, self.faults, self.journal, zone, actions)
        self._web = web
        self._runner: AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. `url` tells where. ValueError if `host` is not this machine."""
        if not is_loopback(host):
            raise ValueError("the sandbox has no passwords: it listens on this machine only")
        self._runner = AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
        self.clock.listeners.append(self._ring)
        self._stream.open()
        for bot in self.world.bots:
            await self._webhooks.refresh(bot)

    async def close(self) -> None:
        """Stop listening; waiting polls and streams end. The world stays, and `start` opens it again:
        so a story can have Telegram out of reach for a while."""
        if self._ring in self.clock.listeners:
            self.clock.listeners.remove(self._ring)
        self._stream.close()
        for bot in self.world.bots:
            bot.queue.release()
        await self._webhooks.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _ring(self) -> None:
        self.world.publish("clock", None)

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=12 * UPLOAD_LIMIT)
        api = BotApiServer(self.world, self.faults, self._webhooks, self.journal)
        app.router.add_route("*", f"/bot{{token:{TOKEN}}}/{{method}}", api.call)
        app.router.add_get(f"/file/bot{{token:{TOKEN}}}/{{path:.+}}", api.download)
        for verb, path, handler in [
            *self._desk.routes(),
            *PhoneRoutes(self.world).routes(),
            *GroupRoutes(self.world).routes(),
            *InlineRoutes(self.world).routes(),
        ]:
            app.router.add_route(verb, f"/sandbox{path}", guarded(handler))
        app.router.add_get("/sandbox/stream", guarded(self._stream.serve))
        if self._web:
            app.router.add_get("/", guarded(_page))
            app.router.add_get(r"/{name:[\w-]+\.[a-z]+}", guarded(_page))
        app.router.add_route("*", r"/bot{tail:.*}", api.stray)
        return app


async def _page(request: web.Request) -> web.Response:
    """A file of the page; read each time, since it is small and may be being worked on."""
    path = WEB / request.match_info.get("name", "index.html")
    if path.suffix not in _TYPES or not path.is_file():
        raise web.HTTPNotFound
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8", headers=headers)
