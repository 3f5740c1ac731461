"""The alphabet of callback data: `v1:action:arg:arg…`, ids in base 36, at most 64 bytes.

A button carries all it needs, so that it works after a restart and on a month-old message. It carries no rights: those
are read from the database at the press.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from keyboards.screen import Button, Colour
from keyboards.translator import Translator

VERSION = "v1"
MOST_BYTES = 64
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
INT64 = 2**63 - 1
SHAPE = re.compile(r"v1:[a-z_]{1,12}(:[A-Za-z0-9_.~-]*)*")


@dataclass(frozen=True, slots=True)
class Callback:
    """A decoded press."""

    action: str
    args: tuple[str, ...]


def data(action: str, *args: int | str) -> str:
    """Callback data; ValueError if it does not fit into 64 bytes (a process file's names are kept short for that)."""
    parts = [to36(arg) if isinstance(arg, int) else arg for arg in args]
    made = ":".join((VERSION, action, *parts))
    if len(made.encode()) > MOST_BYTES:
        raise ValueError(f"callback data of {len(made.encode())} bytes: {made}")
    return made


def decode(raw: str | None) -> Callback | None:
    """The press, or None for what is not of this alphabet (another version, forged, cut off)."""
    if not raw or len(raw.encode(errors="replace")) > MOST_BYTES or not SHAPE.fullmatch(raw):
        return None
    _, action, *args = raw.split(":")
    return Callback(action, tuple(args))


def to36(number: int) -> str:
    """A whole number in base 36; negative ones carry a minus."""
    if number < 0:
        return "-" + to36(-number)
    out = ""
    while True:
        number, digit = divmod(number, 36)
        out = DIGITS[digit] + out
        if number == 0:
            return out


def from36(text: str) -> int | None:
    """The number, or None if it is none or would not fit into a database's integer."""
    if not re.fullmatch(r"-?[0-9a-z]{1,13}", text):
        return None
    number = int(text, 36)
    return number if abs(number) <= INT64 else None


def button(text: str, action: str, *args: int | str, colour: Colour | None = None) -> Button:
    """A button that presses an action."""
    return Button(text, data(action, *args), colour)


def home(t: Translator) -> Button:
    """The way out of everywhere."""
    return button(t("🏠 Меню"), "home")


def back(t: Translator, action: str, *args: int | str) -> Button:
    return button(t("‹ Назад"), action, *args)


def cancel(t: Translator) -> Button:
    return button(t("Отмена"), "cancel")
