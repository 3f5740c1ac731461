"""HTTP: the webhook, the intake of leads, health and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot import database_faults, log
from bot.http import callers, metrics, request_bodies
from bot.http import http_routes as routes
from bot.http.health import Health
from bot.http.http_routes import HttpRoute
from bot.http.lead_requests import LeadRequests, RequestRefused, same
from bot.updates.inbox import INT64
from bot.updates.unstored import UnstoredUpdates
from bot.updates.update_intake import UpdateIntake

LARGEST = 1024 * 1024  # bytes of a body
IDLE = 15.0  # seconds in which a request's head must have come, and for which a connection is kept without one
LINGER = 3.0  # seconds for a body that nobody reads any more to end, so that its sender still reads the refusal
COME_AGAIN = "30"  # seconds, told to whoever could not be served because the database is away
LOOK = 0.5  # seconds between two looks whether the database takes an update
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
logger = log.get("bot.http.http_server")


class HttpServer:
    """What the bot answers to the outside; `port` is known after `start`."""

    def __init__(
        self,
        health: Health,
        numbers: Callable[[], Mapping[str, float]],
        *,
        intake: UpdateIntake | None = None,
        webhook_secret: str | None = None,
        leads: LeadRequests | None = None,
        calendars: Callable[[str], Awaitable[bytes | None]] | None = None,
        unstored: UnstoredUpdates | None = None,
        proxies: Sequence[callers.Network] = (),
        metrics_token: str | None = None,
    ) -> None:
        self._metrics_token = metrics_token
        self._unstored, self._proxies = unstored, proxies
        self._health, self._numbers, self._calendars = health, numbers, calendars
        self._intake, self._secret, self._leads = intake, webhook_secret, leads
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one. OSError if the port is taken."""
        # for aiohttp a connection whose request has not begun is an idle one, so this ends half-sent heads too
        self._runner = web.AppRunner(
            self.application(), access_log=None, shutdown_timeout=5.0, keepalive_timeout=IDLE, lingering_time=LINGER
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Finish the requests that run and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=LARGEST, middlewares=[_last_resort])
        for route, served in self._served().items():
            app.router.add_route(route.method, route.path, served)
        return app

    def _served(self) -> dict[HttpRoute, Handler]:
        """Those of the listed routes that are set up here."""
        every: dict[HttpRoute, Handler] = {
            routes.PAGE: self._page,
            routes.LIVE: self._live,
            routes.READY: self._ready,
            routes.METRICS: self._metrics,
            routes.WEBHOOK: self._webhook,
            routes.INTAKE: self._lead,
            routes.CALENDAR: self._calendar,
        }
        lacking = {routes.WEBHOOK: self._secret, routes.INTAKE: self._leads, routes.CALENDAR: self._calendars}
        return {one: served for one, served in every.items() if lacking.get(one, one) is not None}

    async def _live(self, _: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def _ready(self, _: web.Request) -> web.Response:
        report = await self._health.report()
        return web.json_response({"ready": report.ready, **report.facts}, status=200 if report.ready else 503)

    async def _page(self, _: web.Request) -> web.Response:
        """The same for a person, in words."""
        report = await self._health.report()
        return web.Response(text=self._health.page(report), status=200 if report.ready else 503)

    async def _metrics(self, request: web.Request) -> web.Response:
        """The figures, for whoever asks from this machine or a private network, or knows the token.

        What a proxy has forwarded comes from outside, whatever the proxy's own address is.
        """
        is_inside = callers.is_inside(request.remote) and callers.FORWARDED not in request.headers
        if not is_inside and not same(_bearer(request), self._metrics_token or ""):
            return web.Response(status=401 if self._metrics_token else 404)
        vital = await self._health.vital()
        more: dict[str, float] = {}
        if vital is not None:
            lasting = len(vital.troubles) + len(self._health.unwritten())
            more = {"inbox_quarantined": vital.quarantined, "overdue_seconds": vital.overdue, "troubles": lasting}
        return web.Response(
            body=metrics.text({**self._numbers(), **more}), headers={"Content-Type": metrics.CONTENT_TYPE}
        )

    async def _webhook(self, request: web.Request) -> web.Response:
        """Store, commit, and only then 200: Telegram repeats whatever is not answered so."""
        given = request.headers.get(SECRET_HEADER, "")
        if not same(given, self._secret or ""):
            return web.Response(status=401)
        try:
            update = await request_bodies.value(request)
        except RequestRefused as refused:
            return web.Response(status=refused.status)
        if not isinstance(update, dict) or not _is_number(update.get("update_id")) or self._intake is None:
            return web.Response(status=400)
        return web.Response(status=200 if await self._stored(self._intake, update) else 503)

    async def _stored(self, intake: UpdateIntake, update: dict[str, Any]) -> bool:
        """Whether Telegram may forget it: it is stored; or, while that cannot be, it was shown what it asked for."""
        if self._unstored is not None and self._unstored.shown(update):
            return True
        storing = asyncio.ensure_future(intake.accept([update]))
        try:
            while not storing.done() and intake.state.trouble is None:
                await asyncio.wait({storing}, timeout=LOOK)
            if storing.done():
                await storing
                if self._unstored is not None:
                    self._unstored.over()
                return True
        except Exception as error:
            if self._unstored is None or intake.state.trouble is None:
                raise
            logger.error("an update cannot be stored", failure=log.describe(error))
        finally:
            storing.cancel()
        if self._unstored is None:
            return False
        await self._unstored.answer([update])
        return self._unstored.shown(update)

    async def _lead(self, request: web.Request) -> web.Response:
        assert self._leads is not None
        try:
            self._leads.check(_bearer(request), self._caller(request))
            answer, is_new = await self._leads.take(await request_bodies.fields(request))
        except RequestRefused as refused:
            return web.json_response({"errors": refused.errors}, status=refused.status, headers=refused.headers)
        return web.json_response(answer, status=201 if is_new else 200)

    def _caller(self, request: web.Request) -> str:
        return callers.caller(request.remote, request.headers.getall(callers.FORWARDED, ()), self._proxies)

    async def _calendar(self, request: web.Request) -> web.Response:
        """A person's visits for whoever knows the secret of his link (K-21); 404 for any other."""
        assert self._calendars is not None
        found = await self._calendars(request.match_info["secret"])
        if found is None:
            return web.Response(status=404)
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return web.Response(body=found, content_type="text/calendar", charset="utf-8", headers=headers)


@web.middleware
async def _last_resort(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        if database_faults.kind_of(error) is not None:
            logger.error("a request has to come again", path=_route(request), failure=log.describe(error))
            said = {"errors": [{"field": None, "reason": "the database is away for a moment, try again"}]}
            return web.json_response(said, status=503, headers={"Retry-After": COME_AGAIN})
        logger.error("a request failed", path=_route(request), exc_info=error)
        return web.json_response({"errors": [{"field": None, "reason": "internal error"}]}, status=500)


def _route(request: web.Request) -> str:
    """The path as it is in the table of routes: the secret of a calendar's link stays out of the log."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else request.path


def _is_number(update_id: object) -> bool:
    return isinstance(update_id, int) and not isinstance(update_id, bool) and 0 <= update_id < INT64


def _bearer(request: web.Request) -> str:
    """The token of `Authorization: Bearer …`; empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
