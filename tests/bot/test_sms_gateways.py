"""The gateways against stand-ins that answer as the providers do, errors included (K-21)."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sms import gateway_address
from bot.sms.gateway import SmsAccepted, SmsGateway, SmsNotSent, SmsRefused, SmsStatus, SmsUnsure

PHONE, TEXT = "+79123456789", "Кухня готова & {id} «№ 5»"
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Provider:
    """Answers from a list, the last one again and again; remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.asked: list[tuple[str, str, dict[str, Any], str | None]] = []
        self.port = 0

    def says(self, *answers: Any) -> None:
        self.answers = list(answers)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any] = dict(request.query)
        if request.method == "POST":
            body = await request.json() if "json" in request.content_type else dict(await request.post())
        self.asked.append((request.method, request.path, body, request.headers.get("Authorization")))
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if said == "cut":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(said, tuple):
            return web.json_response(said[1], status=said[0])
        return web.Response(text=said) if isinstance(said, str) else web.json_response(said)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    found = Provider()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.port = runner.addresses[0][1]
    yield found
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def open_(http: aiohttp.ClientSession, url: str) -> SmsGateway:
    return gateway_address.open_gateway(url, lambda: http)


# --- the generic template -------------------------------------------------------------------------------------------


async def test_a_template_is_filled_in_once_and_what_stands_in_it_goes_along(provider: Provider, http: Any) -> None:
    gate = open_(
        http, f"http://me:pass%40word@127.0.0.1:{provider.port}/send?to=%2B{{phone}}&text={{text}}&key=k1&n={{id}}"
    )
    provider.says({"id": 77})
    assert await gate.send("v5-1", PHONE, TEXT) == SmsAccepted("77")
    method, path, given, login = provider.asked[0]
    assert (method, path) == ("GET", "/send")
    assert given == {"to": PHONE, "text": TEXT, "key": "k1", "n": "v5-1"}
    assert login == "Basic " + base64.b64encode(b"me:pass@word").decode()
    assert gate.repeats
    assert await gate.state("77") is None


async def test_the_same_by_post_is_json(provider: Provider, http: Any) -> None:
    gate = open_(http, f"post+http://127.0.0.1:{provider.port}/api/{{phone}}?msg={{text}}&from=Shop")
    provider.says("accepted")
    assert await gate.send("v5-1", PHONE, TEXT) == SmsAccepted(None)
    assert provider.asked[0][:3] == ("POST", "/api/79123456789", {"msg": TEXT, "from": "Shop"})
    assert not gate.repeats


async def test_the_state_is_asked_where_the_template_says(provider: Provider, http: Any) -> None:
    url = f"post+http://127.0.0.1:{provider.port}/sms?to={{phone}}&text={{text}}&id={{id}}#state=/sms/{{id}}"
    gate = open_(http, url)
    provider.says({"ok": True}, {"state": "queued"}, {"state": "delivered"}, {"status": "REJECTED", "reason": "нет"})
    assert await gate.send("v5-1", PHONE, TEXT) == SmsAccepted("v5-1")
    assert await gate.state("v5-1") == SmsStatus("waiting")
    assert await gate.state("v5-1") == SmsStatus("delivered")
    assert await gate.state("v5-1") == SmsStatus("failed", "нет")
    assert provider.asked[-1][:2] == ("GET", "/sms/v5-1")
    provider.says((404, {"error": "no such message"}))
    assert await gate.find("v5-2", PHONE, TEXT, NOON) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((429, {}), SmsNotSent), ((503, {}), SmsNotSent), ((500, {}), SmsUnsure), ((502, {}), SmsUnsure),
        ("cut", SmsUnsure),
        ((400, {"error": "bad number"}), SmsRefused), ((302, {}), SmsRefused), ({"ok": False}, SmsRefused),
        ({"error": "no money"}, SmsRefused),
    ],
)  # fmt: skip
async def test_what_a_failure_means(provider: Provider, http: Any, said: Any, expected: type[Exception]) -> None:
    gate = open_(http, f"http://127.0.0.1:{provider.port}/send?to={{phone}}&text={{text}}")
    provider.says(said)
    with pytest.raises(expected) as raised:
        await gate.send("v5-1", PHONE, TEXT)
    assert type(raised.value) is expected
    assert len(provider.asked) == 1  # aiohttp would ask a second time by itself where the line was cut


async def test_a_gateway_that_is_not_there_has_surely_not_sent(http: Any, unused_tcp_port_factory: Any) -> None:
    gate = open_(http, f"http://127.0.0.1:{unused_tcp_port_factory()}/send?to={{phone}}&text={{text}}")
    with pytest.raises(SmsNotSent):
        await gate.send("v5-1", PHONE, TEXT)


async def test_a_repeat_that_the_gateway_knows_has_been_sent(provider: Provider, http: Any) -> None:
    gate = open_(http, f"http://127.0.0.1:{provider.port}/send?to={{phone}}&text={{text}}&id={{id}}")
    provider.says((409, {"error": "duplicate"}))
    assert await gate.send("v5-1", PHONE, TEXT) == SmsAccepted(None)


async def test_trouble_with_the_account_is_told_apart_and_a_key_is_never_repeated(
    provider: Provider, http: Any
) -> None:
    gate = open_(http, f"http://127.0.0.1:{provider.port}/send?to={{phone}}&text={{text}}&key=topsecret")
    provider.says((403, {"error": "key topsecret is unknown"}))
    with pytest.raises(SmsRefused) as refused:
        await gate.send("v5-1", PHONE, TEXT)
    assert refused.value.account
    assert str(refused.value) == "key … is unknown (HTTP 403)"
    assert "topsecret" not in repr(gate)


# --- sms.ru ---------------------------------------------------------------------------------------------------------


def ru(code: int, words: str = "", **more: Any) -> dict[str, Any]:
    """sms.ru about one message."""
    one = {"status": "OK" if code == 100 else "ERROR", "status_code": code, **more}
    if words:
        one["status_text"] = words
    return {"status": "OK", "status_code": 100, "sms": {"79123456789": one}, "balance": 4122.56}


async def test_sms_ru_sends_and_tells(provider: Provider, http: Any) -> None:
    gate = open_(http, f"smsru+http://KEY-123456@127.0.0.1:{provider.port}?from=KUHNI")
    provider.says(ru(100, sms_id="000000-10000000"))
    assert await gate.send("v5-1", PHONE, TEXT) == SmsAccepted("000000-10000000")
    expected = {"api_id": "KEY-123456", "json": "1", "to": "79123456789", "msg": TEXT, "from": "KUHNI"}
    assert provider.asked[0][:3] == ("POST", "/sms/send", expected)
    provider.says(ru(102), ru(103), ru(104, "Не может быть доставлено: время жизни истекло"))
    assert await gate.state("000000-10000000") == SmsStatus("waiting")
    assert await gate.state("000000-10000000") == SmsStatus("delivered")
    failed = await gate.state("000000-10000000")
    assert failed == SmsStatus("failed", "Не может быть доставлено: время жизни истекло (код 104)")
    assert provider.asked[-1][1] == "/sms/status"
    assert (gate.repeats, gate.finds, gate.name) == (False, False, "sms.ru")
    assert "KEY-123456" not in repr(gate)


@pytest.mark.parametrize(
    ("said", "expected", "account"),
    [
        (ru(202), SmsRefused, False),
        (ru(201, "Не хватает средств на лицевом счету"), SmsRefused, True),
        ({"status": "ERROR", "status_code": 301, "status_text": "Неправильный пароль"}, SmsRefused, True),
        ({"status": "ERROR", "status_code": 220}, SmsNotSent, None),
        (ru(500), SmsNotSent, None),
        ("<html>502 Bad Gateway</html>", SmsUnsure, None),
        ({"status": "OK", "status_code": 100}, SmsUnsure, None),
        ("cut", SmsUnsure, None),
    ],
)
async def test_what_sms_ru_refuses(
    provider: Provider, http: Any, said: Any, expected: type[Exception], account: bool | None
) -> None:
    gate = open_(http, f"smsru+http://KEY-123456@127.0.0.1:{provider.port}")
    provider.says(said)
    with pytest.raises(expected) as raised:
        await gate.send("v5-1", PHONE, TEXT)
    if isinstance(raised.value, SmsRefused):
        assert raised.value.account is account
        assert "код" in str(raised.value)
    assert len(provider.asked) == 1


# --- SMS Aero -------------------------------------------------------------------------------------------------------


def aero(status: int, **more: Any) -> dict[str, Any]:
    """SMS Aero about one message."""
    one = {
        "id": 12345, "from": "KUHNI", "number": "79123456789", "text": TEXT, "status": status,
        "extendStatus": "queue", "channel": "DIRECT", "cost": 5.49, "dateCreate": NOON.timestamp(),
    }  # fmt: skip
    return {"success": True, "data": {**one, **more}, "message": None}


async def test_sms_aero_sends_and_tells(provider: Provider, http: Any) -> None:
    gate = open_(http, f"smsaero+http://shop%40mail.ru:key123456@127.0.0.1:{provider.port}?sign=KUHNI")
    provider.says(aero(0))
    assert await gate.send("v5-1", PHONE, TEXT) == SmsAccepted("12345")
    login = "Basic " + base64.b64encode(b"shop@mail.ru:key123456").decode()
    assert provider.asked[0] == (
        "POST",
        "/v2/sms/send",
        {"number": "79123456789", "text": TEXT, "sign": "KUHNI"},
        login,
    )
    for status, expected in ((0, "waiting"), (1, "delivered"), (2, "failed"), (3, "waiting"), (4, "waiting"),
                             (6, "failed"), (8, "waiting")):  # fmt: skip
        provider.says(aero(status))
        found = await gate.state("12345")
        assert found is not None
        assert found.state == expected
    assert "key123456" not in repr(gate)


async def test_sms_aero_is_asked_after_a_doubt_by_number_text_and_time(provider: Provider, http: Any) -> None:
    gate = open_(http, f"smsaero+http://shop%40mail.ru:key123456@127.0.0.1:{provider.port}")
    old = {**aero(1)["data"], "id": 11, "dateCreate": NOON.timestamp() - 86400}
    listed = {"0": aero(0)["data"], "1": old, "links": {"self": "/v2/sms/list?page=1"}, "totalCount": "2"}
    provider.says({"success": True, "data": listed, "message": None})
    assert await gate.find("v5-1", PHONE, TEXT, NOON) == SmsAccepted("12345")
    assert await gate.find("v5-1", PHONE, "другой текст", NOON) is None
    provider.says({"success": True, "data": {"0": old, "totalCount": "1"}, "message": None})
    assert await gate.find("v5-1", PHONE, TEXT, NOON) is None


@pytest.mark.parametrize(
    ("said", "expected", "account", "words"),
    [
        ((400, {"success": False, "data": {"number": ["Wrong number."]}, "message": "Validation error."}),
         SmsRefused, False, "Validation error: Wrong number."),
        ((402, {"success": False, "data": None, "message": "Payment required"}), SmsRefused, True, "Payment required"),
        ({"result": "no credits"}, SmsRefused, True, "no credits"),
        ((401, {"success": False, "data": None, "message": "Your request was made with invalid credentials."}),
         SmsRefused, True, "Your request was made with invalid credentials"),
        (aero(6), SmsRefused, False, "отклонено оператором"),
        ((429, {}), SmsNotSent, None, "HTTP 429"),
        ((500, {}), SmsUnsure, None, "HTTP 500"),
        ("oops", SmsUnsure, None, "no JSON in the answer"),
    ],
)  # fmt: skip
async def test_what_sms_aero_refuses(
    provider: Provider, http: Any, said: Any, expected: type[Exception], account: bool | None, words: str
) -> None:
    gate = open_(http, f"smsaero+http://shop%40mail.ru:key123456@127.0.0.1:{provider.port}")
    provider.says(said)
    with pytest.raises(expected) as raised:
        await gate.send("v5-1", PHONE, TEXT)
    assert str(raised.value) == words
    if isinstance(raised.value, SmsRefused):
        assert raised.value.account is account


# --- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://host/send", "https://host/send?to={phone}", "https://host?to={phone}&text={text}&x={name}",
        "https://?to={phone}&text={text}", "ftp://host?to={phone}&text={text}", "smsru://sms.ru", "sms.example",
        "smsaero://mail.ru:secretkey@gate.smsaero.ru", "smsaero://a%40b.ru@gate.smsaero.ru",
        "smsru://secretkey@sms.ru?sender=X", "https://host:port?to={phone}&text={text}",
        "https://host?to={phone}&text={text}#state=/s", "https://host?to={phone}&text={text}#state=https://other/{id}",
        "https://host?to={phone}&text={text}#else",
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError) as refused:
        gateway_address.check(url)
    assert "secretkey" not in str(refused.value)


def test_gateways_have_names() -> None:
    assert gateway_address.name_of("smsru://KEY@sms.ru") == "sms.ru"
    assert gateway_address.name_of("smsaero://a%40b.ru:k@gate.smsaero.ru") == "SMS Aero"
    assert gateway_address.name_of("https://u:p@sms.example/send?to={phone}&text={text}") == "sms.example"
