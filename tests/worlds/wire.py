"""Callback data as a button carries it, or as somebody forges it: any action with any arguments."""

from __future__ import annotations

from keyboards.base36 import to36


def data(action: str, *args: int | str) -> str:
    """`data("move", 5, "~", "paid")` is «v1:move:5:~:paid»."""
    return ":".join(("v1", action, *(to36(arg) if isinstance(arg, int) else arg for arg in args)))
