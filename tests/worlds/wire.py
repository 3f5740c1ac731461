"""Callback data as a button carries it, or as somebody forges it: any action with any arguments."""

from __future__ import annotations

from keyboards.base36 import to36


def data(action: str, *args: int | str) -> str:
    """`data("move", 5, "~", "paid")` is «v1:move:5:~:paid»; `data("form:month", 5, 7)` is «v1:form:5:month:7»."""
    word, _, verb = action.partition(":")
    said = [to36(arg) if isinstance(arg, int) else arg for arg in args]
    return ":".join(("v1", word, *said[:1], *([verb] if verb else []), *said[1:]))
