"""Whole numbers in base 36: the shortest way to write an id into a button or a link."""

from __future__ import annotations

import re

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
INT64 = 2**63 - 1
NUMBER = re.compile(r"-?[0-9a-z]{1,13}")
# of one and two digits: most numbers
SHORT: tuple[str, ...] = (*DIGITS, *(tens + ones for tens in DIGITS[1:] for ones in DIGITS))


def to36(number: int) -> str:
    """A whole number in base 36; negative ones carry a minus."""
    if 0 <= number < len(SHORT):
        return SHORT[number]
    if number < 0:
        return "-" + to36(-number)
    rest, digit = divmod(number, 36)
    return to36(rest) + DIGITS[digit]


def from36(text: str) -> int | None:
    """The number, or None if it is none or would not fit into a database's integer."""
    if not NUMBER.fullmatch(text):
        return None
    number = int(text, 36)
    return number if abs(number) <= INT64 else None
