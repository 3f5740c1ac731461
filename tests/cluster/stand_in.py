"""`python -m tests.cluster.stand_in`: Telegram with a door for each bot, and the proxy before the bots.

It prints where everything listens as a line of JSON, and keeps a record: who asked for updates when, and which presses
there were.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import uvloop
from aiohttp import web

from bot.background import TaskGroup
from sandbox.server import Sandbox

ON_ITS_WAY = (0.02, 0.12)  # seconds that an answer of Telegram takes
CONNECT, PATIENCE = 1.0, 5.0  # seconds that the proxy waits for a bot to let it in, and to answer
SHUNNED = 5.0  # seconds for which the proxy asks others first, after a bot did not answer
HEALTH = 2.0  # seconds between two questions whether a bot lives, and for its answer: as in deploy/Caddyfile
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Telegram(Sandbox):
    """The sandbox, with a door (a port) for each bot, which tells them apart."""

    def __init__(self, bots: int) -> None:
        super().__init__(web=False)
        self.doors: list[int] = []
        self.polls: list[dict[str, Any]] = []
        self.presses: list[dict[str, Any]] = []
        self._bots = bots
        self._open: dict[int, tuple[web.Request, dict[str, Any]]] = {}
        put = self.world.home.queue.put

        def noted(kind: str, payload: dict[str, Any]) -> None:
            if kind == "callback_query":
                self.presses.append({"id": payload["id"], "who": payload["from"]["id"], "at": time.time()})
            put(kind, payload)

        self.world.home.queue.put = noted  # type: ignore[method-assign]

    async def open_doors(self) -> None:
        """Listen for each bot on a port of its own."""
        assert self._runner is not None
        for _ in range(self._bots):
            await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.doors = [address[1] for address in self._runner.addresses[1:]]

    def _application(self) -> web.Application:
        @web.middleware
        async def noting(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._note(request, handler)

        app = super()._application()
        app.middlewares.append(noting)
        app.router.add_get("/cluster/record", self._record)
        return app

    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.match_info.get("method")
        if method is None or request.transport is None:
            return await handler(request)
        port = request.transport.get_extra_info("sockname")[1]
        door = self.doors.index(port) if port in self.doors else -1
        if method == "getUpdates":
            return await self._poll(door, request, handler)
        answer = await handler(request)
        await asyncio.sleep(random.uniform(*ON_ITS_WAY))
        return answer

    async def _poll(self, door: int, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note who asks, and whose questions are still open then."""
        others = [one for one, (other, _) in self._open.items() if one != door and not _is_gone(other)]
        poll = {"door": door, "at": time.time(), "others": others, "status": 0}
        self.polls.append(poll)
        mine = (request, poll)
        self._open[door] = mine
        try:
            answer = await handler(request)
            poll["status"] = answer.status
            return answer
        finally:
            if self._open.get(door) is mine:
                del self._open[door]

    async def _record(self, request: web.Request) -> web.Response:
        return web.json_response({"polls": self.polls, "presses": self.presses})


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


class Proxy:
    """What stands before several bots: who does not let one in or does not answer is passed by for a while."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._shunned = dict.fromkeys(ports, 0.0)
        self._ill: set[int] = set()
        self._looking = TaskGroup()
        self._turn = 0
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> int:
        """Listen; the port."""
        timeout = aiohttp.ClientTimeout(total=PATIENCE, connect=CONNECT)
        self._http = aiohttp.ClientSession(timeout=timeout)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        for port in self._ports:
            self._looking.keep(f"health of {port}", partial(self._look, port))
        return int(runner.addresses[0][1])

    async def _look(self, port: int) -> None:
        """Ask a bot whether it lives, for ever; while it does not say so, the others are asked first."""
        assert self._http is not None
        patience = aiohttp.ClientTimeout(total=HEALTH)
        while True:
            try:
                async with self._http.get(f"http://127.0.0.1:{port}/health/live", timeout=patience) as answer:
                    lives = answer.status == 200
            except (aiohttp.ClientError, TimeoutError):
                lives = False
            (self._ill.discard if lives else self._ill.add)(port)
            await asyncio.sleep(HEALTH)

    async def _pass(self, request: web.Request) -> web.Response:
        assert self._http is not None
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "connection")}
        self._turn += 1
        order = self._ports[self._turn % len(self._ports) :] + self._ports[: self._turn % len(self._ports)]
        for port in sorted(order, key=lambda one: one in self._ill or self._shunned[one] > time.monotonic()):
            url = f"http://127.0.0.1:{port}{request.path_qs}"
            try:
                async with self._http.request(request.method, url, data=body, headers=headers) as answer:
                    kept = {
                        name: answer.headers[name] for name in ("Content-Type", "Retry-After") if name in answer.headers
                    }
                    return web.Response(status=answer.status, body=await answer.read(), headers=kept)
            except (aiohttp.ClientError, TimeoutError):
                self._shunned[port] = time.monotonic() + SHUNNED
        return web.Response(status=502)


async def main(bots: list[int]) -> None:
    """Serve until killed or terminated; `bots` are the ports on which they will listen."""
    telegram, proxy = Telegram(len(bots)), Proxy(bots)
    await telegram.start()
    await telegram.open_doors()
    said = {"url": telegram.url, "doors": telegram.doors, "proxy": await proxy.start()}
    print(json.dumps(said), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main([int(one) for one in sys.argv[1:]]))
