"""The body of a request: read within a deadline, and refused with a reason (4xx, never 500) if it can be nothing."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.http.lead_requests import RequestRefused

PATIENCE = 10.0  # seconds for a body to come whole
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# What aiohttp raises for a form or an encoding that is broken: an unknown charset, a boundary that never comes, gzip
# that is none. It tells the caller's faults by no type of their own.
BROKEN = (ValueError, LookupError, RuntimeError, EOFError, zlib.error, HttpProcessingError, web.RequestPayloadError)
T = TypeVar("T")


async def fields(request: web.Request) -> Mapping[str, Any]:
    """The fields of a JSON object or of a form. RequestRefused: 400 for anything else, 408 if it does not come."""
    if request.content_type in FORMS:
        form = await _whole(request.post())
        return {key: value for key, value in form.items() if isinstance(value, str)}
    found = await value(request)
    if not isinstance(found, dict):
        raise RequestRefused(400, None, "the body must be a JSON object or a form")
    return found


async def value(request: web.Request) -> Any:
    """The JSON of a body; None for a body that is none. RequestRefused as above."""
    body = await _whole(request.read())
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


async def _whole(reading: Awaitable[T]) -> T:
    """Who begins a body and never ends it would keep his connection for ever."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await reading
    except TimeoutError:
        raise RequestRefused(408, None, f"the body must come within {PATIENCE:g} seconds") from None
    except web.HTTPException:
        raise
    except BROKEN:
        raise RequestRefused(400, None, "the body cannot be read: look at its charset, encoding and length") from None
