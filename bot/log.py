"""The log: one JSON object a line, Cyrillic readable, without tokens, phone numbers and local variables.

aiogram, aiohttp and alembic speak through the same road, so nothing of theirs escapes the cutter either.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, MutableMapping
from functools import partial
from json import dumps
from types import TracebackType
from typing import IO, Any

import structlog
from sqlalchemy.exc import DBAPIError

from bot import library_lines

TOKEN = re.compile(r"bot\d+:[\w-]+|\b\d{6,}:[\w-]{30,}|AGE-SECRET-KEY-\w+")  # of bots, of backups
# +7 912 345-67-89, 8(912)3456789, 79123456789, +375 29 123-45-67, with what people put between the digits
PHONE = re.compile(
    r"\+\d(?:[\s().-]{0,2}\d){8,14}|(?<![\w.:-])[78][\s(.-]{0,3}\d{3}[\s).-]{0,3}\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!\w)"
)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|\([^)]*=\([^)]*\)")
CODES = ("sqlite_errorname", "sqlstate", "status")
CODE = re.compile(r"[A-Z0-9_]{1,40}")
# Of what Telegram says of a call: the phrases that tell what ails it. The rest may repeat what was sent.
TELEGRAM_SAYS = (
    "bot was blocked by the user", "user is deactivated", "chat not found", "user not found", "peer_id_invalid",
    "can't initiate conversation", "message is not modified", "message to edit not found", "message can't be edited",
    "message to delete not found", "message can't be deleted", "can't parse entities", "message is too long",
    "message text is empty", "button_data_invalid", "query is too old", "file is too big", "wrong file identifier",
    "wrong remote file id", "image_process_failed", "photo_invalid_dimensions", "not enough rights", "bot was kicked",
    "bot is not a member", "terminated by other getupdates", "webhook", "unauthorized", "bad gateway",
)  # fmt: skip
LONGEST_FAILURE = 300
MOST_LINES = 200
QUIET = ("aiogram", "aiohttp.access", "alembic", "asyncio", "sqlalchemy")

get = structlog.get_logger


def cut(text: str) -> str:
    """The text without bot tokens and phone numbers (promise 8)."""
    return PHONE.sub("<phone>", TOKEN.sub("<token>", text))


def describe(error: BaseException) -> str:
    """What went wrong, for the log and the terminal: type, code and place, and nothing of its text.

    The text of an exception is as a rule what a person typed, or repeats a statement's parameters (promise 8).
    """
    code = next(filter(None, map(_code, _causes(error))), "")
    return f"{type(error).__name__}{code and f'({code})'}{_place(error.__traceback__)}"


def reason(error: BaseException) -> str:
    """The same with the message, nothing quoted in it: for a row of the database, never for the log."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    message = (str(cause).splitlines() or [""])[0]
    place = _place(error.__traceback__)
    return f"{type(error).__name__}{place}: {QUOTED.sub('…', cut(message))}"[:LONGEST_FAILURE]


def render(exc_info: Any) -> str:
    """An exception, what led to it and what it holds together: where and what, but neither values nor source lines."""
    lines: list[str] = []
    waiting: list[tuple[str, BaseException | None]] = [("", exc_info[1])]
    while waiting and len(lines) < MOST_LINES:
        indent, error = waiting.pop()
        if error is None:
            continue
        lines.append(indent + describe(error))
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"{indent}  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        waiting.append((indent, error.__cause__ or (None if error.__suppress_context__ else error.__context__)))
        if isinstance(error, BaseExceptionGroup):
            waiting += [(f"{indent}  ", one) for one in reversed(error.exceptions)]
    return "\n".join(lines)


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    if isinstance(error, DBAPIError) and error.orig is not None:
        yield error.orig


def _code(error: BaseException) -> str:
    """A number or a word that some closed list gave: of SQLite, PostgreSQL, the system, HTTP, Telegram."""
    if library_lines.is_from("aiogram.exceptions", error):
        said = str(getattr(error, "message", "")).lower()
        return next((phrase for phrase in TELEGRAM_SAYS if phrase in said), "")
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, "")
    found = next((code for name in CODES if (code := getattr(error, name, None)) is not None), "")
    return str(found) if CODE.fullmatch(str(found)) else ""


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return f" at {frames[-1].name}:{frames[-1].lineno}" if frames else ""


def configure(stream: IO[str] | None = None, *, level: int = logging.INFO) -> None:
    """Send everything, ours and the libraries', to `stream` (default: stderr)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=()),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(render),
            _cutter,
            structlog.processors.JSONRenderer(partial(dumps, ensure_ascii=False, default=str)),
        ],
    )
    handler = LogHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(library_lines.LibraryLines(describe, render))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long tick makes it warn every second


class LogHandler(logging.StreamHandler[Any]):
    """Writes lines; one that cannot be written is told of by its logger alone, where Python would print all of it."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Say so, in a line that surely can be written."""
        with contextlib.suppress(Exception):
            self.stream.write(dumps({"event": "a line of the log cannot be written", "logger": record.name}) + "\n")


def hush_python() -> None:
    """What Python itself prints on stderr (of a thread, of a `__del__`, at the end, warnings) goes the log's road.

    For a process of its own only: whoever runs us in his process has his own hooks.
    """
    told = get("python")

    def unheard(error: BaseException | None) -> None:
        told.error("unhandled", exc_info=error)

    sys.excepthook = lambda _, error, __: unheard(error)
    threading.excepthook = lambda args: unheard(args.exc_value)
    sys.unraisablehook = lambda args: unheard(args.exc_value)
    warnings.showwarning = lambda _, kind, file, line, *__: told.warning(kind.__name__, place=f"{file}:{line}")


def _cutter(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, BaseException):
        return describe(value)
    if isinstance(value, str):
        return cut(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_clean(one) for one in value]
    return value if isinstance(value, (int, float, bool, type(None))) else cut(str(value))
