"""The log: one JSON object a line, Cyrillic readable, without tokens, phone numbers and local variables.

aiogram, aiohttp and alembic speak through the same road, so nothing of theirs escapes the cutter either.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from functools import partial
from json import dumps
from types import TracebackType
from typing import IO, Any

import structlog
from sqlalchemy.exc import DBAPIError

TOKEN = re.compile(r"bot\d+:[\w-]+|\b\d{6,}:[\w-]{30,}|AGE-SECRET-KEY-\w+")  # of bots, of backups
# +7 912 345-67-89, 8(912)3456789, 79123456789, +375 29 123-45-67, with what people put between the digits
PHONE = re.compile(
    r"\+\d(?:[\s().-]{0,2}\d){8,14}|(?<![\w.:-])[78][\s(.-]{0,3}\d{3}[\s).-]{0,3}\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!\w)"
)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|\([^)]*=\([^)]*\)")
LONGEST_FAILURE = 300
MOST_LINES = 200
QUIET = ("aiogram", "aiohttp.access", "alembic", "asyncio", "sqlalchemy")

get = structlog.get_logger


def cut(text: str) -> str:
    """The text without bot tokens and phone numbers (promise 8)."""
    return PHONE.sub("<phone>", TOKEN.sub("<token>", text))


def describe(error: BaseException) -> str:
    """What went wrong, for a row of the database: type, place and message without anything quoted.

    A quotation in an exception is as a rule what a person typed, and an SQL error repeats the parameters.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    message = (str(cause).splitlines() or [""])[0]
    place = _place(error.__traceback__)
    return f"{type(error).__name__}{place}: {QUOTED.sub('…', cut(message))}"[:LONGEST_FAILURE]


def render(exc_info: Any, tell: Callable[[BaseException], str] = describe) -> str:
    """An exception and what led to it: where and what, but neither values nor source lines."""
    error: BaseException | None = exc_info[1]
    lines: list[str] = []
    while error is not None and len(lines) < MOST_LINES:
        lines.append(tell(error))
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


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
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_tells_no_texts)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long tick makes it warn every second


def _tells_no_texts(record: logging.LogRecord) -> bool:
    """A library writes an exception into its line as it is («Failed to make answer: %s»), and with it what a person
    typed: only its type and place stay, and nothing quoted. Our own lines come as a mapping, and call `describe`."""
    if isinstance(record.msg, str):
        if isinstance(record.args, tuple):
            record.args = tuple(_named(one) if isinstance(one, BaseException) else one for one in record.args)
        record.msg, record.args = QUOTED.sub("…", record.getMessage()), None
        if record.exc_info:
            record.msg, record.exc_info = f"{record.msg}\n{render(record.exc_info, _named)}", None
    return True


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}{_place(error.__traceback__)}"


def _cutter(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return cut(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_clean(one) for one in value]
    return value if isinstance(value, (int, float, bool, type(None))) else cut(str(value))
