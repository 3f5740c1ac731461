"""The link to a calendar (K-21, promise 7): for whoever knows its secret, and for nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.database import Database
from bot.http.health import Health
from bot.http.http_server import HttpServer
from bot.unit_of_work_factory import UnitOfWorkFactory
from services.unit_of_work import Company
from services.visits import calendar_feed
from tests.conftest import MovableClock


@pytest.fixture
async def site(database: Database, clock: MovableClock, company: Company) -> AsyncIterator[aiohttp.ClientSession]:
    units = UnitOfWorkFactory(database, clock, company)

    async def calendars(secret: str) -> bytes | None:
        if secret.startswith("broken"):
            raise RuntimeError("the disk is full")
        return await units.run(lambda work: calendar_feed.by_secret(work, secret))

    http = HttpServer(Health(database, clock, lambda: 1.0, lambda: 1.0), dict, calendars=calendars)
    await http.start("127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{http.port}") as session:
        yield session
    await http.stop()


async def test_the_secret_opens_the_calendar_and_nothing_else_does_K21(
    site: aiohttp.ClientSession, hire: Callable[..., Any], in_work: Callable[..., Any]
) -> None:
    igor = await hire("Игорь", "installer")
    secret = await in_work(lambda work: calendar_feed.renew_secret(work, igor.id))
    async with site.get(calendar_feed.path_of(secret)) as answer:
        assert (answer.status, answer.content_type) == (200, "text/calendar")
        assert answer.headers["Cache-Control"] == "no-store"
        assert (await answer.text()).startswith("BEGIN:VCALENDAR")
    for other in (secret[:-1] + ("A" if secret[-1] != "A" else "B"), "x" * 43, "short", "..%2f..%2fetc"):
        async with site.get(f"/calendar/{other}.ics") as answer:
            assert answer.status == 404


async def test_the_secret_of_a_failed_request_stays_out_of_the_log_promise_8(site: aiohttp.ClientSession) -> None:
    secret = "broken" + "s" * 37
    with capture_logs() as logged:
        async with site.get(f"/calendar/{secret}.ics") as answer:
            assert answer.status == 500 and secret not in await answer.text()
    [line] = [one for one in logged if one["event"] == "a request failed"]
    assert str(line["path"]).startswith("/calendar/{secret}") and secret not in str(line)
