"""Compiled statements, found by which statement it is.

The statements of this program stand in its modules and are the same objects at every use. To find the compiled one by
what a statement says, all of that would be hashed anew at each use: by measure a twentieth of what a press costs.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine.interfaces import Compiled

MOST = 4_000  # kept at once; statements that are made for one use fill it, and then all begin anew


class StatementCache(dict[Any, Compiled]):
    """A `compiled_cache` for an engine, for one thread at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[int, bool], tuple[Any, Compiled]] = {}

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled for this key: (dialect, statement's own key, columns, schema, for many)."""
        at = id(key[1]), bool(key[4])
        known = self._known.get(at)
        # the key is kept, so nothing else can come to stand at its address
        if known is not None and known[0][1] is key[1] and known[0][2] == key[2] and known[0][0] is key[0]:
            return known[1]
        found = super().get(key, default)
        if found is not None:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[at] = key, found
        return found

    def __setitem__(self, key: Any, value: Compiled) -> None:
        if len(self) >= MOST:
            self.clear()
        super().__setitem__(key, value)
