"""Every call of the Bot API, for tests and the curious."""

import json
import time
from collections import deque
from itertools import count
from typing import Any

from sandbox.bot_api.polling import Raw

KEPT = 20_000


class Journal:
    """The last calls, numbered from 1."""

    def __init__(self) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._numbers = count(1)

    def add(self, bot: int, method: str, params: dict[str, Any], outcome: dict[str, Any]) -> None:
        """Note one call; `outcome` holds `ok` and `result` or `error`."""
        call = {"n": next(self._numbers), "at": time.time(), "bot": bot, "method": method}
        self._calls.append({**call, "params": params, **outcome})

    def since(self, after: int = 0) -> list[dict[str, Any]]:
        """The calls numbered above `after`, in order. `at` is real time in Unix seconds."""
        return [_readable(call) for call in self._calls if call["n"] > after]

    def clear(self) -> None:
        """Forget the calls; the numbering goes on."""
        self._calls.clear()


def _readable(call: dict[str, Any]) -> dict[str, Any]:
    result = call.get("result")
    return {**call, "result": json.loads(result)} if isinstance(result, Raw) else call
