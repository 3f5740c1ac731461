"""What a client's or a manager's own words say about a lead: «Пётр 8 903 111-22-33 шкаф купе»."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.values import phone as phones
from models.values.clean_text import one_line

LONGEST = 1000  # characters in which a number is looked for
MOST_NAME = 3  # words: surname, name, patronymic
NAME = re.compile(r"[A-ZА-ЯЁ][a-zа-яё]+(?:-[A-ZА-ЯЁ][a-zа-яё]+)*")
# words that begin a sentence with a capital letter and are no names
HELLO = frozenset(
    "добрый доброе здравствуйте привет алло спасибо нужна нужен нужны нужно хочу можно прошу кухня шкаф стол".split()  # noqa: SIM905 — words read better than a list
)
JOINTS = " \t\n,;:.—–-"


@dataclass(frozen=True, slots=True)
class LeadWords:
    """A name that stands right beside the number, empty if none does; the number as E.164, empty without one; the rest
    of the words."""

    name: str
    phone: str
    wish: str

    @property
    def is_more(self) -> bool:
        """Whether there is more than a number."""
        return bool(self.name or self.wish)


def read(text: str) -> LeadWords:
    """Read a lead out of words. Without a number, or with several, nothing but the words is sure."""
    said = text.strip()
    found = phones.find_places(phones.PLUS_EIGHT.sub("8", said[:LONGEST]))
    numbers = list(dict.fromkeys(number for number, _, _ in found))
    if len(numbers) != 1:
        return LeadWords("", "", said)
    said = phones.PLUS_EIGHT.sub("8", said)
    before, after = said[: found[0][1]], said[found[-1][2] :]
    name, before = _name_at_end(before)
    if not name:
        name, after = _name_at_beginning(after)
    rest = [part.strip(JOINTS) for part in (before, after)]
    return LeadWords(one_line(name, limit=120), numbers[0], "\n".join(part for part in rest if part))


def _name_at_end(text: str) -> tuple[str, str]:
    """«…, Иванова Мария» before the number, and what stands before it."""
    words = text.rstrip(JOINTS).split()
    taken = _names(list(reversed(words)))
    return " ".join(reversed(taken)), " ".join(words[: len(words) - len(taken)])


def _name_at_beginning(text: str) -> tuple[str, str]:
    words = text.lstrip(JOINTS).split()
    taken = _names(words)
    return " ".join(one.strip(JOINTS) for one in taken), " ".join(words[len(taken) :])


def _names(words: list[str]) -> list[str]:
    taken: list[str] = []
    for word in words[:MOST_NAME]:
        bare = word.strip(JOINTS)
        if not NAME.fullmatch(bare) or bare.casefold() in HELLO:
            break
        taken.append(bare)
        if word != bare and taken[1:]:
            break
    return taken
