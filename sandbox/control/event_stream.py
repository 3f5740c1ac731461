"""Server-sent events: what changes in the sandbox, as it happens."""

import asyncio

from aiohttp import web

from sandbox.bot_api.update_queue import encode
from sandbox.world.world import Json, World

HEARTBEAT = 15.0
_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Stream:
    """Passes the world's events on to every open page."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: set[asyncio.Queue[Json | None]] = set()

    def _pass_on(self, event: Json) -> None:
        for queue in self._open:
            queue.put_nowait(event)

    def open(self) -> None:
        """Begin to listen to the world."""
        self._world.watchers.append(self._pass_on)

    def close(self) -> None:
        """End all open streams."""
        if self._pass_on in self._world.watchers:
            self._world.watchers.remove(self._pass_on)
        for queue in tuple(self._open):
            queue.put_nowait(None)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One stream; `after` replays what is still remembered since that revision."""
        after = request.query.get("after") or request.headers.get("Last-Event-ID") or ""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        if after.isdecimal():
            for event in self._world.events:
                if event["rev"] > int(after):
                    queue.put_nowait(event)
        self._open.add(queue)
        try:
            response = web.StreamResponse(headers=_HEADERS)
            await response.prepare(request)
            await response.write(b": open\n\n")
            await self._write(response, queue)
        except ConnectionResetError:
            pass  # the page was closed, which is how every stream ends
        finally:
            self._open.discard(queue)
        return response

    async def _write(self, response: web.StreamResponse, queue: asyncio.Queue[Json | None]) -> None:
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if event is None:
                return
            await response.write(f"id: {event['rev']}\ndata: {encode(event)}\n\n".encode())
