"""What a library writes into the log by itself: of its line only what its authors wrote stays, not what was filled in.

A library's words are a constant with places («Failed to make answer: %s»); what a person typed comes in by the places,
by an exception, or by a line that was put together before (asyncio's «future: <Task exception=…>»).
"""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|<[^>]*>|\([^)]*=\([^)]*\)")
FOREIGN = re.compile(r"[^\x00-\x7f…]+")  # libraries speak English: another script is somebody's words
LONGEST = 300
SHORTEST_TEXT = 3  # a shorter text of an exception would tear words of the line apart
EVERY = 60.0  # seconds between two lines about requests that cannot be read
UNREADABLE = "requests that cannot be read"


def is_from(module: str, error: BaseException) -> bool:
    """Whether an exception is of a class of that module or descends from one: asked without importing a library."""
    return any(one.__module__ == module for one in type(error).__mro__)


class LibraryLines(logging.Filter):
    """Makes the lines of libraries tellable. Our own come as a mapping and are left as they are."""

    def __init__(self, describe: Callable[[BaseException], str], render: Callable[[Any], str]) -> None:
        super().__init__()
        self._describe, self._render = describe, render
        self._unreadable, self._told_at = 0, -EVERY

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line in its place; False for one of many about what strangers send."""
        if "_logger" in record.__dict__:  # structlog's mark
            return True
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and is_from("aiohttp.http_exceptions", error):
            return self._is_told(record, error)
        line = self._line(record, [one for one in (error, sys.exc_info()[1]) if one is not None])
        record.msg = line if error is None else f"{line}\n{self._render(record.exc_info)}"
        record.args, record.exc_info, record.exc_text, record.stack_info = None, None, None, None
        return True

    def _is_told(self, record: logging.LogRecord, error: BaseException) -> bool:
        """Anybody can send nonsense, as often as he likes: one line a minute, without where in the library it broke."""
        self._unreadable += 1
        if time.monotonic() - self._told_at < EVERY:
            return False
        record.msg = f"{UNREADABLE}: {self._unreadable}, the last one {type(error).__name__}"
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.args, record.exc_info, record.exc_text, record.stack_info = None, None, None, None
        self._unreadable, self._told_at = 0, time.monotonic()
        return True

    def _line(self, record: logging.LogRecord, errors: list[BaseException]) -> str:
        if isinstance(record.msg, BaseException):
            return self._describe(record.msg)
        line = (record.msg.splitlines() or [""])[0] if isinstance(record.msg, str) else "…"
        for text in _texts(errors):
            line = line.replace(text, "…")
        line = FOREIGN.sub("…", QUOTED.sub("…", line))
        with contextlib.suppress(TypeError, ValueError, KeyError):  # «%d» of what is left out
            line = line % self._filled_in(record.args) if record.args else line
        return line[:LONGEST]

    def _filled_in(self, args: Any) -> Any:
        if isinstance(args, Mapping):
            return {key: self._told(value) for key, value in args.items()}
        return tuple(map(self._told, args))

    def _told(self, value: object) -> object:
        if isinstance(value, BaseException):
            return self._describe(value)
        return value if isinstance(value, int | float | None) else "…"


def _texts(errors: list[BaseException]) -> Iterator[str]:
    """What the exceptions at hand say, and what led to them: a library may have put it into its line already."""
    seen: set[int] = set()
    while errors:
        error = errors.pop()
        if id(error) in seen:
            continue
        seen.add(id(error))
        for said in (error, *error.args):
            with contextlib.suppress(Exception):  # an exception that cannot be shown has told nothing
                texts = {str(said), repr(said), *str(said).splitlines()[:1]}
                yield from sorted((one for one in texts if len(one) >= SHORTEST_TEXT), key=len, reverse=True)
        errors += [one for one in (error.__cause__, error.__context__) if one is not None]
