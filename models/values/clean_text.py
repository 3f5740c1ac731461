"""Cleaning of typed text, done once, before anything else looks at it."""

import re
import unicodedata

UNLIMITED = 1_000_000
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Bidirectional overrides and isolates can make "1000" read as "0001"; a byte order mark is never meant.
DECEIVING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
KEYCAP = re.compile("[0-9]\ufe0f?\u20e3")
# These are letters to Unicode and nothing to the eye.
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


def clean(raw: str, *, limit: int = 4000) -> str:
    """Give text that any database, message and document can hold, at most ``limit`` characters long.

    Lone surrogates become U+FFFD (both databases refuse them), NUL and other control characters go, newline
    and tab stay, all line ends become "\\n", letters are composed (NFC), spaces are trimmed at the ends of
    lines and of the text.
    """
    text = _joined_surrogates(raw)
    text = LINE_ENDS.sub("\n", text)
    text = "".join(ch for ch in text if _is_kept(ch))
    text = unicodedata.normalize("NFC", text)[:limit]
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _joined_surrogates(raw: str) -> str:
    if not LONE_SURROGATE.search(raw):
        return raw
    # A valid pair is one character written as two; only halves without a partner are lost.
    paired = raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return LONE_SURROGATE.sub(REPLACEMENT, paired)


def _is_kept(ch: str) -> bool:
    if ch in "\n\t":
        return True
    return ch not in DECEIVING and unicodedata.category(ch) != "Cc"


def is_meaningful_name(name: str) -> bool:
    """Tell whether a name has at least one letter or digit; a name of emoji alone cannot be read aloud."""
    return any(ch.isalnum() and ch not in INVISIBLE_LETTERS for ch in KEYCAP.sub("", name))


def squeeze(raw: str) -> str:
    """Give one lower-case line for a grammar: single plain spaces, one kind of dash, «ё» as «е».

    Nothing is cut off: a grammar that saw only the beginning would accept what it has not read.
    """
    text = clean(raw, limit=UNLIMITED).lower().replace("ё", "е")
    return re.sub(r"\s+", " ", re.sub("[\u2010-\u2015\u2212]", "-", text)).strip()


def one_line(raw: str, *, limit: int = 200) -> str:
    """Give a name or title fit for one line: cleaned, single spaces, cut at ``limit`` characters."""
    return re.sub(r"\s+", " ", clean(raw, limit=max(limit * 4, 1000))).strip()[:limit].rstrip()
