"""How a text travels as SMS: in which alphabet, in how many paid parts (GSM 03.38, GSM 03.40).

A text of the GSM alphabet has 160 characters alone and 153 in each of several parts; one Cyrillic letter anywhere makes
it 70 and 67. «€» and brackets count twice in the GSM alphabet, an emoji counts twice in the other; neither is torn.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from models.values.clean_text import clean

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")  # an escape and a character: two places
ROOM = {"gsm": (160, 153), "ucs": (70, 67)}  # alone, and in each of several
MOST_PARTS = 8  # providers refuse longer ones, and no client reads them
SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060]")


@dataclass(frozen=True, slots=True)
class Parts:
    """`alphabet` is gsm or ucs, `length` in places of that alphabet, `left` are the places free in the last part."""

    alphabet: Literal["gsm", "ucs"]
    length: int
    parts: int
    left: int


def count(text: str) -> Parts:
    """What a text costs; an empty one has no parts."""
    alphabet: Literal["gsm", "ucs"] = "gsm" if all(ch in ALPHABET or ch in EXTENDED for ch in text) else "ucs"
    places = [_places(ch, alphabet) for ch in text]
    alone, each = ROOM[alphabet]
    length = sum(places)
    if length <= alone:
        return Parts(alphabet, length, 1 if text else 0, alone - length)
    parts, used = 1, 0
    for size in places:
        if used + size > each:  # a character of two places moves to the next part as a whole
            parts, used = parts + 1, 0
        used += size
    return Parts(alphabet, length, parts, each - used)


def _places(ch: str, alphabet: str) -> int:
    if alphabet == "gsm":
        return 2 if ch in EXTENDED else 1
    return 2 if ord(ch) > 0xFFFF else 1


def plain(text: str) -> str:
    """The text as it is sent: ordinary spaces instead of no-break ones, nothing invisible; «№» and quotes stay."""
    return clean(INVISIBLE.sub("", SPACES.sub(" ", text)))


def fit(text: str, most: int = MOST_PARTS) -> str:
    """The text, cut to so many parts; «…» says that it was."""
    if count(text).parts <= most:
        return text
    # the longer the beginning, the more parts: halved instead of shortened letter by letter
    lengths = range(min(len(text), ROOM["gsm"][1] * most))
    fitting = bisect_right(lengths, most, key=lambda length: count(text[:length] + "…").parts) - 1
    return text[:fitting].rstrip() + "…"
