"""Deals as values, for tests of screens: say only what matters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from models.entities import Deal

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def a_deal(**columns: Any) -> Deal:
    """An open furniture order of nobody, just begun."""
    plain: dict[str, Any] = {
        "id": 1, "number": "2026-0001", "process": "furniture", "pipeline": "order", "kind": "deal",
        "stage": "contract", "status": "open", "title": "Шкаф · Мария",
        "client_id": None, "responsible_id": None, "source": None,
        "fields": {}, "version": 0, "entered_at": NOW, "came_from": None, "origin_id": None, "created_at": NOW,
        "closed_at": None, "deleted_at": None,
    }  # fmt: skip
    return Deal(**{**plain, **columns})
