"""What no backup holds."""

from __future__ import annotations

TABLES: tuple[str, ...] = ()
