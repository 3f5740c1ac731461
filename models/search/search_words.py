"""Words by which something is found: how they stand in the tables of search, and what of a typed word means them.

A word is kept as its stem, a mark, and the ending that a case has changed: «Иванову» is `иванов|у`. So one range of
the index finds all that begins with what was typed, another one the same word in any case, and no word is kept twice.
The last digits of a phone begin with `+`, numbers of deals and papers with `№`, so that «42» means what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from models.values.clean_text import squeeze

LONGEST = 40  # characters of a token
LONGEST_STEM = 32
PHONE_PART = 4  # digits of a phone that are enough to look for it
NEAR_FROM, NEAR_TO = 4, 16  # letters of a stem whose misspellings are looked for
MARK, AFTER_MARK = "|", "}"
LAST = "\U0010ffff"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
LATIN = "abcdefghijklmnopqrstuvwxyz"
WORD = re.compile(r"[^\W_]+")
E164 = re.compile(r"\+[0-9]{7,15}")
ENDING = re.compile(
    r"(?<=[а-я]{3})(?:ого|его|ому|ему|ыми|ими|ами|ями|ый|ий|ой|ей|ая|яя|ое|ее|ую|юю|ою|ею|ые|ие|ым|им|ом|ем|ых|их|"
    r"ам|ям|ах|ях|[аяоеыиуюьй])$"
)
ENDING_LETTERS = 3
Span = tuple[str, str]  # of tokens: from the first one on, up to before the second one


def words(text: str) -> list[str]:
    """The words of a text as they are compared: small letters, «ё» as «е», numbers among them."""
    return WORD.findall(squeeze(text))


def token(word: str) -> str:
    """How a word is kept."""
    word = word[:LONGEST_STEM]
    ending = ENDING.search(word)
    stem = word[: ending.start()] if ending else word
    return f"{stem}{MARK}{word[len(stem) :]}"


def stem(word: str) -> str:
    """The word without the ending that a case has changed."""
    return token(word).partition(MARK)[0]


def national(phone: str) -> str:
    """The digits of a number (E.164) by which people know it: a Russian one without the country's 7."""
    digits = phone.removeprefix("+")
    return digits[1:] if len(digits) == 11 and digits.startswith("7") else digits


def phone_tokens(phone: str) -> list[str]:
    """A number by each of its ends: any four digits of it begin one of them."""
    digits = national(phone)
    return [f"+{digits[at:]}" for at in range(len(digits) - PHONE_PART + 1)]


def number_key(parts: Iterable[str]) -> str:
    """A number of a deal or a paper as it is compared: «2026-0042» and «2026 42» are one."""
    return "№" + "-".join(str(int(one)) if one.isdecimal() else one for one in parts)


def number_tokens(number: str) -> list[str]:
    """A number as a whole, and by each of its ends: «Д-2026-042», «2026-42», «42»."""
    parts = words(number)
    ends = [at for at, one in enumerate(parts) if at == 0 or one.isdecimal()]
    return [number_key(parts[at:])[:LONGEST] for at in ends]


def tokens(text: str, most: int) -> list[str]:
    """The tokens of a text, at most so many words of it; a phone (E.164) is found by its ends."""
    if E164.fullmatch(text):
        return phone_tokens(text)
    return [token(one) for one in dict.fromkeys(words(text)[:most])]


# --- what was typed ---------------------------------------------------------------------------------------------


def exactly(token_: str) -> Span:
    """This token alone."""
    return token_, token_ + "\x01"


def beginning(start: str) -> Span:
    """All tokens that begin so."""
    return start, start + LAST


def whole(word: str) -> Span:
    """The word itself, with whatever ending."""
    return f"{word}{MARK}", f"{word}{AFTER_MARK}"


def typed(word: str) -> list[Span]:
    """All words that begin with what was typed, as far as it was."""
    word = word[:LONGEST_STEM]
    splits = range(max(3, len(word) - ENDING_LETTERS), len(word))
    return [beginning(word), *(beginning(f"{word[:at]}{MARK}{word[at:]}") for at in splits)]


def near(word: str) -> list[str]:
    """Stems that differ from this word's by one letter left out, added, changed, or by two that have changed places.
    Nothing for a short one: half of all words would be near it."""
    known = stem(word)
    if not NEAR_FROM <= len(known) <= NEAR_TO or not known.isalpha():
        return []
    letters = LATIN if known.isascii() else CYRILLIC
    cuts = [(known[:at], known[at:]) for at in range(len(known) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    found |= {head + letter + tail for head, tail in cuts for letter in letters}
    return sorted(found - {known})
