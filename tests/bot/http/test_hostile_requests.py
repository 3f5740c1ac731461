"""What comes over HTTP is not what it should be: 4xx with a reason, never 500, and never a connection for ever."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from typing import Any, NoReturn

import pytest

from bot.http import http_server, request_bodies
from bot.http.http_routes import WEBHOOK_PATH
from bot.http.http_server import SECRET_HEADER, HttpServer
from bot.http.lead_requests import LeadRequests
from models.values.invalid_value import InvalidValue

TOKEN, SECRET = "intake-token", "hook-secret"
GOOD = f"Authorization: Bearer {TOKEN}"
JSON, FORM = "Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded"
PARTS = "Content-Type: multipart/form-data; boundary=x"
MEGABYTE = 1024 * 1024
REFUSED = ("HTTP/1.1 4", "HTTP/1.0 4")  # the second one is aiohttp's own, before it knows which version is spoken


class Untouched:
    """An intake that nothing hostile may reach, and units of work that find no phone in it."""

    state: Any = None

    async def accept(self, updates: object) -> NoReturn:
        raise AssertionError(f"taken in: {updates!r:.100}")

    async def run(self, _: object) -> NoReturn:
        raise InvalidValue("phone.none", "no phone")  # as whatever is sent here has none


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where a server listens that knows the token and the secret, and stores nothing."""
    nothing: Any = Untouched()
    http = HttpServer(
        nothing, dict, intake=nothing, webhook_secret=SECRET, leads=LeadRequests(nothing, TOKEN, per_minute=1000)
    )
    await http.start("127.0.0.1", 0)
    yield http.port
    await http.stop()


async def sent(port: int, raw: bytes) -> str:
    """The first line of the answer to raw bytes; «closed» if the connection was closed without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    try:
        async with asyncio.timeout(10):
            line = (await reader.readline()).decode("latin-1").strip()
            while await reader.read(65536):  # until it is closed from the other side
                pass
    finally:
        writer.close()
    return line or "closed"


def request(path: str, body: bytes, *headers: str) -> bytes:
    length = (
        [] if any("length" in one.lower() or "chunked" in one for one in headers) else [f"Content-Length: {len(body)}"]
    )
    head = [f"POST {path} HTTP/1.1", "Host: x", "Connection: close", *length, *headers]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def part(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def one(*lines: str) -> bytes:
    """A form of one part."""
    return part("--x", *lines, "--x--", "")


NESTED = b'{"phone": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
FILE = 'Content-Disposition: form-data; name="phone"; filename="a.txt"'
FIELD = 'Content-Disposition: form-data; name="phone"'
HOSTILE: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "charset of a form": (b"phone=%2B79123456789", (f"{FORM}; charset=bogus",)),
    "charset of a form that is no text": (b"phone=1", (f"{FORM}; charset=base64",)),
    "charset of a form with a NUL": (b"phone=1", (f'{FORM}; charset="a\\0b"',)),
    "charset of JSON": (b'{"phone": 1}x', (f"{JSON}; charset=bogus",)),
    "letters that are no UTF-8": (b"phone=\xff\xfe", (f"{FORM}; charset=utf-8",)),
    "a form of UTF-16": (b"p\x00h", (f"{FORM}; charset=utf-16",)),
    "parts without a boundary": (b"x", ("Content-Type: multipart/form-data",)),
    "parts with an empty boundary": (b"x", ("Content-Type: multipart/form-data; boundary=",)),
    "parts with a long boundary": (b"x", (f"Content-Type: multipart/form-data; boundary={'x' * 200}",)),
    "parts that never begin": (b"nothing of the kind", (PARTS,)),
    "parts that never end": (part("--x", FIELD, "", "1"), (PARTS,)),
    "a part without a name": (one("Content-Disposition: form-data", "", "1"), (PARTS,)),
    "a part without a head": (one("", "1"), (PARTS,)),
    "a part of a bogus charset": (one(FIELD, "Content-Type: text/plain; charset=bogus", "", "1"), (PARTS,)),
    "a part of a bogus encoding": (one(FIELD, "Content-Transfer-Encoding: bogus", "", "1"), (PARTS,)),
    "a part that is no base64": (one(FIELD, "Content-Transfer-Encoding: base64", "", "%"), (PARTS,)),
    "a part that is no gzip": (one(FIELD, "Content-Encoding: gzip", "", "1"), (PARTS,)),
    "a file for a phone": (one(FILE, "Content-Type: text/plain", "", "79123456789"), (PARTS,)),
    "parts within parts": (
        one(FIELD, "Content-Type: multipart/mixed; boundary=y", "", "--y", "", "1", "--y--"), (PARTS,),
    ),
    "a charset told by a part": (
        one('Content-Disposition: form-data; name="_charset_"', "", "bogus", "--x", FIELD, "", "1"), (PARTS,),
    ),
    "very many fields": (b"a=1&" * 100_000, (FORM,)),
    "nesting": (NESTED, (JSON,)),
    "a number of many digits": (b'{"phone": ' + b"9" * 10_000 + b"}", (JSON,)),
    "an endless number": (b'{"phone": 1e999}', (JSON,)),
    "a list for a phone": (b'{"phone": ["+79123456789"]}', (JSON,)),
    "yes for a phone": (b'{"phone": true}', (JSON,)),
    "NUL for a phone": (b'{"phone": "\\u0000"}', (JSON,)),
    "raw NUL": (b'{"phone": "\x00"}', (JSON,)),
    "half a letter": (b'{"phone": "\\ud83d"}', (JSON,)),
    "a form of NUL": (b"phone=%00", (FORM,)),
    "nothing": (b"", (JSON,)),
    "no JSON": (b"{", (JSON,)),
    "UTF-16 without an end": (b"\xff\xfe{", (JSON,)),
    "no gzip": (b"nothing of the kind", (JSON, "Content-Encoding: gzip")),
    "half a gzip": (gzip.compress(b'{"phone": 1}')[:-9], (JSON, "Content-Encoding: gzip")),
    "no deflate": (b"nothing", (JSON, "Content-Encoding: deflate")),
    "no brotli": (b"nothing", (JSON, "Content-Encoding: br")),
    "an unknown encoding": (b"nothing", (JSON, "Content-Encoding: bogus")),
    "too much, packed": (gzip.compress(b" " * 5 * MEGABYTE), (JSON, "Content-Encoding: gzip")),
    "too much": (b" " * (MEGABYTE + 1), (JSON,)),
    "too much of a form": (b"a" * (MEGABYTE + 1), (FORM,)),
    "too much of a part": (one(FIELD, "", "1" * (MEGABYTE + 1)), (PARTS,)),
    "too large a file": (one(FILE, "Content-Type: text/plain", "", "1" * (MEGABYTE + 1)), (PARTS,)),
    "a length that is none": (b"{}", (JSON, "Content-Length: two")),
    "a length below nought": (b"{}", (JSON, "Content-Length: -2")),
    "two lengths": (b"{}", (JSON, "Content-Length: 2", "Content-Length: 3")),
    "a length and chunks": (b"0\r\n\r\n", (JSON, "Content-Length: 2", "Transfer-Encoding: chunked")),
    "no chunks": (b"nothing of the kind", (JSON, "Transfer-Encoding: chunked")),
    "a chunk of a bogus size": (b"-1\r\n{}\r\n0\r\n\r\n", (JSON, "Transfer-Encoding: chunked")),
    "a head that is too long": (b"{}", (JSON, f"X-Long: {'x' * 20_000}")),
    "very many heads": (b"{}", (JSON, *(f"X-{n}: 1" for n in range(500)))),
    "a head with a NUL": (b"{}", (JSON, "X-Nul: a\x00b")),
    "an expectation": (b"{}", (JSON, "Expect: the unexpected")),
    "a type that is none": (b"\x00", ("Content-Type: /;;=",)),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize(
    ("path", "key"), [("/intake/leads", GOOD), (WEBHOOK_PATH, f"{SECRET_HEADER}: {SECRET}")], ids=["lead", "update"]
)
async def test_wrong_input_is_refused_and_never_breaks_anything(port: int, path: str, key: str, what: str) -> None:
    body, headers = HOSTILE[what]
    answer = await sent(port, request(path, body, key, *headers))
    assert answer.startswith(REFUSED), answer


@pytest.mark.parametrize(
    "raw",
    [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\x00" * 100 + b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
     b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", b"GET /%00%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
)  # fmt: skip
async def test_what_is_no_request_is_refused_or_closed(port: int, raw: bytes) -> None:
    answer = await sent(port, raw)
    assert answer == "closed" or answer.startswith(REFUSED), answer


@pytest.mark.parametrize("number", ["-1", "true", "1e3", "99999999999999999999999999", '"5"', "null", "[5]"])
async def test_an_update_whose_number_is_none_is_refused(port: int, number: str) -> None:
    body = f'{{"update_id": {number}}}'.encode()
    answer = await sent(port, request(WEBHOOK_PATH, body, f"{SECRET_HEADER}: {SECRET}", JSON))
    assert answer.startswith("HTTP/1.1 400"), answer


# --- what never ends -------------------------------------------------------------------------------------------------


@pytest.fixture
async def hasty(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """As `port`, with deadlines of moments."""
    monkeypatch.setattr(http_server, "IDLE", 0.3)
    monkeypatch.setattr(http_server, "LINGER", 0.2)
    monkeypatch.setattr(request_bodies, "PATIENCE", 0.3)
    nothing: Any = Untouched()
    http = HttpServer(nothing, dict, intake=nothing, webhook_secret=SECRET, leads=LeadRequests(nothing, TOKEN))
    await http.start("127.0.0.1", 0)
    yield http.port
    await http.stop()


def half(path: str, *headers: str) -> bytes:
    head = "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", "Content-Length: 100", *headers])
    return f"{head}\r\n\r\n{{".encode()


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (b"", "closed"),
        (b"POST /intake/leads HTT", "closed"),
        (b"POST /intake/leads HTTP/1.1\r\nHost: x\r\nX-Slow: ", "closed"),
        (half("/intake/leads", GOOD, JSON), "HTTP/1.1 408 Request Timeout"),
        (half("/intake/leads", GOOD, FORM), "HTTP/1.1 408 Request Timeout"),
        (half("/intake/leads", GOOD, PARTS), "HTTP/1.1 408 Request Timeout"),
        (half("/intake/leads", JSON), "HTTP/1.1 401 Unauthorized"),
        (half(WEBHOOK_PATH, f"{SECRET_HEADER}: {SECRET}"), "HTTP/1.1 408 Request Timeout"),
        (half(WEBHOOK_PATH), "HTTP/1.1 401 Unauthorized"),
        (half("/health/live"), "HTTP/1.1 405 Method Not Allowed"),
        (half("/nowhere"), "HTTP/1.1 404 Not Found"),
        (b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /hea", "HTTP/1.1 200 OK"),
    ],
    ids=[
        "nothing",
        "half a line",
        "half a head",
        "JSON",
        "form",
        "parts",
        "outsider",
        "update",
        "forged update",
        "get",
        "nowhere",
        "second",
    ],
)
async def test_a_request_that_never_ends_is_closed(hasty: int, raw: bytes, answer: str) -> None:
    assert await sent(hasty, raw) == answer


async def test_who_sends_a_letter_now_and_then_gains_nothing_by_it(hasty: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hasty)
    writer.write(b"GET /health/live HTTP/1.1\r\nX-Slow: ")
    begun = time.monotonic()
    ended = asyncio.ensure_future(reader.read())
    while not ended.done() and time.monotonic() - begun < 10:
        writer.write(b"x")
        await asyncio.wait({ended}, timeout=0.05)
    writer.close()
    assert ended.done() and ended.result() == b""
