"""Nobody's exception text, and nothing that a person typed, reaches the log, by whatever road (proof 36, safety 21)."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.types import Message
from aiohttp import web
from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import create_engine, text

from bot import library_lines, log

PLANTED = {
    "token": "123456789:AAF-abcdefghijklmnopqrstuvwxyz_12345",
    "phone": "+7 912 345-67-89",
    "name": 'O\'Neil "Мария" Иванова',
    "address": "Lesnaya ulitsa 5, kv. 12",
    "contract": "ДОГОВОР № 17\nстороны договорились, the parties have agreed",
}
SAID = "; ".join(PLANTED.values())
# what would show that a part of it came through
SEEN = (
    "AAF-abc",
    "345-67-89",
    "O'Neil",
    "Neil",
    "Мария",
    "Иванова",
    "Lesnaya",
    "kv. 12",
    "ДОГОВОР",
    "договорились",
    "agreed",
)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, configured as the bot does it; as it was before, afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure(stream)
    yield stream
    root.handlers[:], root.level = before, level


def hits(said: str) -> list[str]:
    return [one for one in SEEN if one in said or one in said.encode().decode("unicode_escape", "ignore")]


class OddError(Exception):
    """Its repr has no quotes at all."""

    def __repr__(self) -> str:
        return f"OddError {SAID}"


class MuteError(Exception):
    """Whoever asks for its text gets another error."""

    def __str__(self) -> str:
        raise ValueError(SAID)


def nested() -> Exception:
    try:
        try:
            raise KeyError(SAID)
        except KeyError as cause:
            raise OddError(SAID) from cause
    except OddError as cause:
        try:
            raise ValueError(SAID)
        except ValueError as error:
            error.__context__ = cause
            error.add_note(SAID)
            return error


def grouped() -> ExceptionGroup:
    return ExceptionGroup(SAID, [nested(), ExceptionGroup(SAID, [TypeError(SAID)])])


def failed_statement() -> Exception:
    with pytest.raises(Exception) as failed, create_engine("sqlite://").begin() as tx:
        tx.execute(text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": SAID})
    return failed.value


ERRORS: dict[str, Callable[[], Exception]] = {
    "nested": nested,
    "a group": grouped,
    "a statement": failed_statement,
    "an odd one": lambda: OddError(SAID),
}
UPDATE = {"update_id": 1, "message": {"text": SAID, "from": {"first_name": SAID}}}
theirs = logging.getLogger("some.library")


def raised(error: Exception) -> None:
    try:
        raise error
    except Exception:  # noqa: BLE001 — as a library does it
        theirs.exception("it failed")


ROADS: dict[str, Callable[[Exception], Any]] = {
    "our line, exc_info": lambda error: log.get("ours").error("failed", exc_info=error),
    "our line, described": lambda error: log.get("ours").error("failed", failure=log.describe(error)),
    "our line, as a value": lambda error: log.get("ours").error(
        "failed", failure=error, more=[error], held={"one": error}
    ),
    "their line, exc_info": lambda error: theirs.error("failed", exc_info=error),
    "their line, raised": raised,
    "their line, filled in": lambda error: theirs.error("failed: %s %r", error, error),
    "their line, its text filled in": lambda error: theirs.error("failed: %s, %s", str(error), repr(error)),
    "their line, filled in by name": lambda error: theirs.error("failed: %(what)s", {"what": str(error)}),
    "their line, put together": lambda error: theirs.error(f"failed: {error}", exc_info=error),
    "their line, the error itself": lambda error: theirs.error(error),
    "their line, and the stack": lambda error: theirs.error("failed: %s", error, stack_info=True),
    "their line, which cannot be filled in": lambda error: theirs.error("failed: %d %d", error),
    "their line, and more beside": lambda error: theirs.error("failed", extra={"update": UPDATE, "error": error}),
    "their line, an update": lambda error: theirs.error("failed at %s", UPDATE, exc_info=error),
    "a warning of theirs": lambda error: theirs.warning("it is said: %s", str(error)),
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_by_no_road_does_the_log_tell_what_was_typed(
    lines: io.StringIO, road: Callable[[Exception], Any], error: Callable[[], Exception]
) -> None:
    road(error())
    assert lines.getvalue() and hits(lines.getvalue()) == []


def test_an_error_that_cannot_be_shown_breaks_no_line(lines: io.StringIO) -> None:
    theirs.error("failed: %s", MuteError(), exc_info=MuteError())
    log.get("ours").error("failed", exc_info=MuteError(), held=MuteError())
    assert lines.getvalue().count("MuteError") >= 2 and hits(lines.getvalue()) == []


def test_of_a_group_the_types_of_all_that_it_holds_are_told(lines: io.StringIO) -> None:
    log.get("ours").error("failed", exc_info=grouped())
    said = json.loads(lines.getvalue())["exception"]
    for name in ("ExceptionGroup", "ValueError", "OddError", "KeyError", "TypeError"):
        assert name in said
    assert "test_log_roads.py" in said and "nested" in said


def test_a_line_that_cannot_be_written_is_told_of_by_its_logger_alone(lines: io.StringIO, capsys: Any) -> None:
    class Odd:
        def __str__(self) -> str:
            raise ValueError(SAID)

    log.get("ours").error("failed", what=Odd())
    assert json.loads(lines.getvalue())["logger"] == "ours"
    assert hits(lines.getvalue() + "".join(capsys.readouterr())) == []


async def test_a_task_that_nobody_awaited(lines: io.StringIO) -> None:
    async def fails() -> None:
        raise OddError(SAID)

    task = asyncio.create_task(fails(), name=SAID)  # noqa: TID251 — nobody is to keep it
    await asyncio.wait([task])
    del task
    gc.collect()
    assert "Task exception was never retrieved" in lines.getvalue() and "OddError" in lines.getvalue()
    assert hits(lines.getvalue()) == []


async def test_a_job_of_the_scheduler(lines: io.StringIO) -> None:
    done = asyncio.Event()

    async def fails() -> None:
        raise OddError(SAID)

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.start()
    scheduler.add_job(fails, name=SAID, next_run_time=datetime.now(UTC))
    scheduler.add_listener(lambda _: done.set(), EVENT_JOB_ERROR)
    await asyncio.wait_for(done.wait(), 5)
    scheduler.shutdown(wait=False)
    assert "OddError" in lines.getvalue() and hits(lines.getvalue()) == []


async def test_a_handler_of_aiogram(lines: io.StringIO) -> None:
    router = Router()

    @router.message()
    async def fails(message: Message) -> None:
        raise OddError(message.text)

    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    bot = Bot(PLANTED["token"])
    chat = {"id": 5, "type": "private", "first_name": SAID}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": {"id": 5, "is_bot": False, "first_name": SAID}}
    await dispatcher._process_update(bot, await _read(bot, {**message, "text": SAID}))
    assert "OddError" in lines.getvalue() and hits(lines.getvalue()) == []


async def _read(bot: Bot, message: dict[str, Any]) -> Any:
    from aiogram.types import Update

    return Update.model_validate({"update_id": 1, "message": message}, context={"bot": bot})


@pytest.fixture
async def server() -> Any:
    async def fails(request: web.Request) -> web.Response:
        raise OddError(await request.text())

    app = web.Application()
    app.router.add_post("/{rest:.*}", fails)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def test_a_handler_of_aiohttp(lines: io.StringIO, server: int) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"http://127.0.0.1:{server}/x?{SAID}", data=SAID.encode()) as answer,
    ):
        assert answer.status == 500
    assert "OddError" in lines.getvalue() and hits(lines.getvalue()) == []


async def test_of_requests_that_cannot_be_read_one_a_minute_is_told_without_what_they_say(
    lines: io.StringIO, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(library_lines.time, "monotonic", lambda: now[0])
    for _ in range(5):
        await _send(server, f"POST /{SAID} HTTP/1.1\r\nHost : x\r\n{SAID}\r\n\r\n".encode())
    assert len(lines.getvalue().splitlines()) == 1
    now[0] += 61
    await _send(server, b"GET / HTTP/9.9.9\r\n\r\n")
    first, second = (json.loads(one)["event"] for one in lines.getvalue().splitlines())
    assert first.startswith("requests that cannot be read: 1, the last one Bad")
    assert second.startswith("requests that cannot be read: 5, ")
    assert hits(lines.getvalue()) == []


async def _send(port: int, said: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    await asyncio.wait_for(reader.read(), 5)
    writer.close()


# --- what Python prints by itself -----------------------------------------------------------------------------------

PROCESS = """
import asyncio, faulthandler, logging, sys, threading, warnings
from bot import log

SAID = sys.stdin.read()

class Dies:
    def __del__(self):
        raise KeyError(SAID)

def fails():
    raise RuntimeError(SAID)

async def never_awaited():
    pass

log.configure()
log.hush_python()
thread = threading.Thread(target=fails, name=SAID); thread.start(); thread.join()
Dies()
warnings.warn(SAID, UserWarning)
never_awaited()
logging.getLogger("x").error("%d", SAID)
held = SAID; faulthandler.dump_traceback()
asyncio.new_event_loop().call_exception_handler({"message": "it failed", "exception": ValueError(SAID), "more": SAID})
raise LookupError(SAID)
"""


def test_python_itself_prints_nothing_of_it_on_stderr() -> None:
    done = subprocess.run([sys.executable, "-c", PROCESS], input=SAID, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and hits(done.stderr + done.stdout) == []
    for kind in ("RuntimeError", "KeyError", "UserWarning", "RuntimeWarning", "ValueError", "LookupError"):
        assert kind in done.stderr, kind
    rest = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert all(line.startswith(("Current thread", "  File")) for line in rest), rest
