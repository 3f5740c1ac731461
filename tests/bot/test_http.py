"""The doors to the outside: forged webhooks, the intake of leads (F-L1), health and metrics (promises 1, 7)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, NoReturn

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.database import Database
from bot.http import callers
from bot.http.health import Health
from bot.http.http_routes import WEBHOOK_PATH
from bot.http.http_server import SECRET_HEADER, HttpServer
from bot.http.lead_requests import LeadRequests, same
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates.inbox import InboxItem
from bot.updates.update_intake import UpdateIntake
from models.outbox import Planned
from models.tables.deals import DealRow
from models.tables.personal import ConsentRow
from models.tables.updates import InboxRow
from services.outbox import schedule
from services.unit_of_work import Company
from tests.conftest import MovableClock

SECRET, TOKEN = "hook-secret", "intake-token"
GOOD = {"Authorization": f"Bearer {TOKEN}"}
FORM = {"name": "Мария Иванова", "phone": "+7 912 345-67-89", "comment": "Кухня", "source": "Сайт"}


class Me:
    id = 42


class Site:
    """The running HTTP side, and what its parts see."""

    def __init__(self, http: HttpServer, session: aiohttp.ClientSession, handled: list[int]) -> None:
        self.http, self.session, self.handled = http, session, handled
        self.tick_age, self.poll_age = 1.0, 1.0

    async def post(self, path: str, **how: Any) -> tuple[int, Any]:
        async with self.session.post(path, **how) as answer:
            body = await answer.json() if answer.content_type == "application/json" else await answer.text()
            return answer.status, body

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(path) as answer:
            body = await answer.json() if answer.content_type == "application/json" else await answer.text()
            return answer.status, body


@pytest.fixture
async def site(database: Database, clock: MovableClock, company: Company) -> AsyncIterator[Site]:
    handled: list[int] = []

    async def handle(item: InboxItem) -> None:
        handled.append(item.update["update_id"])

    intake = UpdateIntake(database, Me(), clock, handle)
    await intake.start()
    made: Site
    health = Health(database, clock, lambda: made.tick_age, lambda: made.poll_age)
    http = HttpServer(
        health,
        lambda: {"letters_sent": 3.0},
        intake=intake,
        webhook_secret=SECRET,
        leads=LeadRequests(UnitOfWorkFactory(database, clock, company), TOKEN, per_minute=20),
    )
    await http.start("127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{http.port}") as session:
        made = Site(http, session, handled)
        made.settle = intake.settle  # type: ignore[attr-defined]
        yield made
    await http.stop()
    await intake.stop()


async def count(db: Database, table: Any) -> int:
    return int(await db.run(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one()))


async def test_an_update_by_webhook_is_stored_before_the_answer_and_handled(site: Site, database: Database) -> None:
    update = {"update_id": 5, "message": {"chat": {"id": 1}, "text": "привет"}}
    for _ in range(2):  # Telegram repeats what it believes lost
        status, _body = await site.post(WEBHOOK_PATH, json=update, headers={SECRET_HEADER: SECRET})
        assert status == 200
    assert await count(database, InboxRow) == 1
    await site.settle()  # type: ignore[attr-defined]
    assert site.handled == [5]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "секрет", "hook-secret\u00e9"])
async def test_a_forged_webhook_is_refused_and_stored_nowhere(
    site: Site, database: Database, secret: str | None
) -> None:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    status, _ = await site.post(WEBHOOK_PATH, json={"update_id": 5}, headers=headers)
    assert status == 401
    assert await count(database, InboxRow) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id":"x"}', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_update_is_refused_without_an_error(site: Site, body: bytes) -> None:
    status, _ = await site.post(WEBHOOK_PATH, data=body, headers={SECRET_HEADER: SECRET})
    assert status == 400


async def test_a_body_of_more_than_a_megabyte_is_refused(site: Site) -> None:
    big = b'{"update_id": 1, "x": "' + b"x" * (1024 * 1024) + b'"}'
    assert (await site.post(WEBHOOK_PATH, data=big, headers={SECRET_HEADER: SECRET}))[0] == 413
    assert (await site.post("/intake/leads", data=big, headers={**GOOD, "Content-Type": "application/json"}))[0] == 413


@pytest.mark.parametrize("how", ["json", "data"])
async def test_a_lead_comes_in_by_json_and_by_form(site: Site, database: Database, how: str) -> None:
    """F-L1: a lead from a site form enters by itself."""
    status, body = await site.post("/intake/leads", headers=GOOD, **{how: FORM})
    assert status == 201
    number = await database.run(lambda tx: tx.execute(select(DealRow.number)).scalar_one())
    assert body == {"number": number}


@pytest.mark.parametrize(
    ("said", "noted"), [("on", True), ("да", True), (True, True), ("", False), ("off", False), (False, False)]
)
async def test_a_ticked_box_of_the_sites_form_is_a_consent_with_its_day(
    site: Site, database: Database, clock: MovableClock, company: Company, said: Any, noted: bool
) -> None:
    given = {**FORM, "consent": said, "idempotency_key": "order-16"}
    for _ in range(2):
        await site.post("/intake/leads", headers=GOOD, json=given)
    rows = await database.run(lambda tx: tx.execute(select(ConsentRow.source, ConsentRow.given_on)).all())
    today = clock().astimezone(company.calendar.zone).date()
    assert [tuple(row) for row in rows] == ([("intake", today)] if noted else [])


async def test_the_same_lead_sent_again_is_one_lead(site: Site, database: Database) -> None:
    given = {**FORM, "idempotency_key": "order-17"}
    first = await site.post("/intake/leads", headers=GOOD, json=given)
    second = await site.post("/intake/leads", headers=GOOD, json=given)
    assert (first[0], second[0]) == (201, 200)
    assert first[1] == second[1]
    assert await count(database, DealRow) == 1


async def test_the_same_lead_sent_twice_at_once_is_one_lead(site: Site, database: Database) -> None:
    given = {**FORM, "idempotency_key": "order-18"}
    answers = await asyncio.gather(*(site.post("/intake/leads", headers=GOOD, json=given) for _ in range(6)))
    assert sorted(status for status, _ in answers) == [200] * 5 + [201]
    assert await count(database, DealRow) == 1


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"]
)
async def test_a_lead_without_the_right_token_is_refused(site: Site, database: Database, token: str) -> None:
    status, body = await site.post("/intake/leads", headers={"Authorization": token} if token else {}, json=FORM)
    assert status == 401
    assert body["errors"][0]["reason"]
    assert await count(database, DealRow) == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"phone": "123"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"phone": None}, "phone"),
        ({"phone": ["+79123456789"]}, "phone"),
        ({"phone": "\x00"}, "phone"),
        ({"phone": "\ud83d"}, "phone"),
        ({"name": "😀😀"}, "name"),
        ({"name": "x" * 400}, "name"),
        ({"comment": {"a": 1}}, "comment"),
    ],
)
async def test_a_wrong_lead_is_refused_with_the_field_and_the_reason(
    site: Site, database: Database, given: dict[str, Any], field: str
) -> None:
    status, body = await site.post("/intake/leads", headers=GOOD, json={**FORM, **given})
    assert status == 400
    assert [one["field"] for one in body["errors"]] == [field]
    assert body["errors"][0]["reason"]
    assert await count(database, DealRow) == 0


async def test_a_lead_that_is_no_object_is_refused(site: Site) -> None:
    for body in (b"", b"[]", b"{", b'"x"'):
        headers = {**GOOD, "Content-Type": "application/json"}
        assert (await site.post("/intake/leads", data=body, headers=headers))[0] == 400


async def test_hostile_text_in_a_lead_is_taken_as_text(site: Site) -> None:
    given = {**FORM, "name": "<b>Мария</b>\u0000", "comment": '"; DROP TABLE deal; --\ud83d'}
    status, _ = await site.post("/intake/leads", headers=GOOD, json=given)
    assert status == 201


async def test_who_asks_too_often_waits_even_with_guessed_tokens(site: Site) -> None:
    statuses = [(await site.post("/intake/leads", json=FORM))[0] for _ in range(25)]
    assert statuses == [401] * 20 + [429] * 5


async def test_an_outsiders_guesses_stop_nobodys_leads(site: Site) -> None:
    """Behind a proxy he and the site have one address."""
    guesses = [
        (await site.post("/intake/leads", json=FORM, headers={"Authorization": "Bearer x"}))[0] for _ in range(40)
    ]
    assert guesses[-1] == 429
    assert (await site.post("/intake/leads", json=FORM, headers=GOOD))[0] == 201


async def test_a_right_token_has_a_pace_too(site: Site) -> None:
    statuses = [(await site.post("/intake/leads", json={}, headers=GOOD))[0] for _ in range(22)]
    assert statuses == [400] * 20 + [429] * 2


async def test_behind_a_trusted_proxy_each_caller_has_his_own_pace(site: Site) -> None:
    site.http._proxies = callers.networks("127.0.0.1")
    for who in ("203.0.113.5", "203.0.113.6"):
        told = {"X-Forwarded-For": f"198.51.100.1, {who}"}
        statuses = [(await site.post("/intake/leads", json=FORM, headers=told))[0] for _ in range(21)]
        assert statuses == [401] * 20 + [429]


async def test_a_forwarded_address_of_a_stranger_is_not_believed(site: Site) -> None:
    statuses = [
        (await site.post("/intake/leads", json=FORM, headers={"X-Forwarded-For": f"203.0.113.{n}"}))[0]
        for n in range(21)
    ]
    assert statuses[-1] == 429


async def test_health_tells_ready_from_not(site: Site) -> None:
    assert (await site.get("/health/live"))[0] == 200
    status, facts = await site.get("/health/ready")
    assert (status, facts["ready"], facts["database"], facts["polling"]) == (200, True, True, True)
    site.tick_age = 61.0
    assert (await site.get("/health/ready"))[0] == 503
    site.tick_age, site.poll_age = 1.0, 600.0
    status, facts = await site.get("/health/ready")
    assert (status, facts["polling"]) == (503, False)
    site.tick_age = float("inf")
    assert (await site.get("/health/ready"))[1]["tick_age_seconds"] is None


async def test_the_age_of_the_oldest_row_that_is_overdue_is_told(site: Site, in_work: Any, clock: MovableClock) -> None:
    assert (await site.get("/health/ready"))[1]["overdue_seconds"] == 0.0
    at = clock()
    await in_work(lambda work: schedule.put(work, [Planned("person", "x", n, at, at) for n in ("one", "two")]))
    clock.forward(seconds=90)
    assert (await site.get("/health/ready"))[1]["overdue_seconds"] == 90.0
    assert "verstak_overdue_seconds 90.0" in (await site.get("/metrics"))[1]


async def test_metrics_are_prometheus_text(site: Site) -> None:
    status, body = await site.get("/metrics")
    assert status == 200
    assert "verstak_letters_sent_total 3.0" in body
    assert "verstak_inbox_quarantined 0.0" in body


async def metrics_for(site: Site, monkeypatch: pytest.MonkeyPatch, remote: str, token: str | None, **told: str) -> int:
    """The status of /metrics for who connects from there; `told` are his heads."""
    monkeypatch.setattr(web.BaseRequest, "remote", remote)
    site.http._metrics_token = token
    async with site.session.get("/metrics", headers={key.replace("_", "-"): said for key, said in told.items()}) as one:
        return one.status


@pytest.mark.parametrize("remote", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "172.30.57.4", "10.1.2.3", "fd00::1"])
async def test_figures_are_shown_from_within(site: Site, monkeypatch: pytest.MonkeyPatch, remote: str) -> None:
    assert await metrics_for(site, monkeypatch, remote, None) == 200


@pytest.mark.parametrize("remote", ["203.0.114.9", "2a00:1450::1", "::ffff:8.8.8.8", "100.64.0.1"])
async def test_figures_are_shown_to_no_stranger_without_the_token(
    site: Site, monkeypatch: pytest.MonkeyPatch, remote: str
) -> None:
    assert await metrics_for(site, monkeypatch, remote, None) == 404
    assert await metrics_for(site, monkeypatch, remote, None, Authorization="Bearer ") == 404
    assert await metrics_for(site, monkeypatch, remote, TOKEN) == 401
    assert await metrics_for(site, monkeypatch, remote, TOKEN, Authorization="Bearer wrong") == 401
    assert await metrics_for(site, monkeypatch, remote, TOKEN, Authorization=f"Bearer {TOKEN}") == 200
    assert await metrics_for(site, monkeypatch, remote, None, X_Forwarded_For="127.0.0.1") == 404


async def test_figures_are_not_shown_through_a_proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await metrics_for(site, monkeypatch, "127.0.0.1", None, X_Forwarded_For="203.0.114.9") == 404


# --- when the database is away --------------------------------------------------------------------------------------


def locked(*_: object) -> NoReturn:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise OperationalError("INSERT", {}, error)


class Away:
    """An intake, or a source of transactions, whose database is away."""

    state = SimpleNamespace(trouble="locked")

    async def accept(self, _: object) -> int:
        locked()

    async def run(self, _: object) -> NoReturn:
        locked()


@pytest.fixture
async def away() -> AsyncIterator[aiohttp.ClientSession]:
    """A server that can store nothing."""
    nothing: Any = Away()
    http = HttpServer(
        nothing, dict, intake=nothing, webhook_secret=SECRET, leads=LeadRequests(nothing, TOKEN, per_minute=20)
    )
    await http.start("127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{http.port}") as session:
        yield session
    await http.stop()


async def test_an_update_that_cannot_be_stored_is_not_acknowledged(away: aiohttp.ClientSession) -> None:
    """Telegram keeps it, and brings it again."""
    async with away.post(WEBHOOK_PATH, json={"update_id": 5}, headers={SECRET_HEADER: SECRET}) as answer:
        assert answer.status == 503


async def test_a_lead_that_cannot_be_stored_has_to_come_again(away: aiohttp.ClientSession) -> None:
    async with away.post("/intake/leads", json={"phone": "+7 912 345-67-89"}, headers=GOOD) as answer:
        assert (answer.status, "Retry-After" in answer.headers) == (503, True)


def test_an_empty_secret_opens_nothing() -> None:
    assert same("x", "x")
    assert not same("", "")
    assert not same("\udce9", "é")  # as a header comes that is no ASCII
