"""What a person has typed, as spans of the tables of words: every term must be found, by any of its spans.

Readings are tried one after another until one finds something: a whole phone; a number of a deal or a paper, or a part
of a phone; all words as far as they were typed; the same words in any case; the same words misspelt by a letter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from models.search import search_words
from models.search.search_words import Span
from models.values import phone as phones
from models.values.clean_text import one_line
from models.values.invalid_value import InvalidValue

MOST_WORDS = 8
LONGEST = 150  # characters of what is looked for; a phone is found in a longer text too
LONGEST_READ = 4000
NUMBER_WORDS = frozenset(
    ["номер", "номера", "сделка", "сделки", "сделку", "лид", "лида", "deal", "lead", "number", "no"]
)
PLACE_WORDS = frozenset(["ул", "улица", "улице", "улицы", "д", "дом", "доме", "г", "город", "пр", "просп", "пер"])
LITTLE_WORDS = frozenset(["в", "во", "и", "к", "ко", "на", "о", "об", "от", "по", "с", "со", "у", "для", "из", "за"])
FLAT_WORDS = frozenset(["кв", "квартира", "квартире"])
Term = tuple[Span, ...]
Fault = Literal["nothing", "letter", "long"]
How = Literal["phone", "number", "words", "near"]


@dataclass(frozen=True, slots=True)
class SearchReading:
    """One way to understand what was typed."""

    how: How
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: one line, its words, and the phone in it (E.164). `fault`: why nothing can be looked for."""

    text: str
    words: tuple[str, ...]
    phone: str | None = None
    fault: Fault | None = None

    @property
    def digits(self) -> int:
        """How many digits there are where nothing but digits was typed; 0 otherwise."""
        return sum(map(len, self.words)) if all(one.isdecimal() for one in self.words) else 0


def read(text: str, papers: Iterable[str] = ()) -> Asked:
    """Take what was typed apart. `papers` are titles of papers: «счёт 42» is asked by its number."""
    line = one_line(text, limit=LONGEST_READ)
    phone = find_phone(line)
    every = search_words.words(line)
    if phone is not None:
        return Asked(line, tuple(every[:MOST_WORDS]), phone)
    words = tuple(_meant(every, papers))
    fault: Fault | None = None
    if not words:
        fault = "nothing"
    elif len(words) > MOST_WORDS or len(line) > LONGEST:
        fault = "long"
    elif max(map(len, words)) == 1 and not any(one.isdecimal() for one in words):
        fault = "letter"
    return Asked(line, words, None, fault)


def find_phone(text: str) -> str | None:
    """The first phone number in a text as E.164, None if there is none."""
    found = phones.find_phones(text)
    if found:
        return found[0]
    try:
        return phones.parse_phone(text)
    except InvalidValue:
        return None


def _meant(words: list[str], papers: Iterable[str]) -> list[str]:
    """Without what only says what follows, and without the flat: nobody is found by that."""
    found, skip = list[str](), False
    for word in words:
        if skip and word.isdecimal():
            skip = False
            continue
        skip = word in FLAT_WORDS
        found.append(word)
    found = [one for one in found if one not in FLAT_WORDS] or words
    if any(one.isdecimal() for one in found):
        stems = {search_words.stem(word) for title in papers for word in search_words.words(title)}
        asks = NUMBER_WORDS | PLACE_WORDS
        rest = [one for one in found if one not in asks and search_words.stem(one) not in stems]
        found = rest or found
    return [one for one in found if one not in LITTLE_WORDS and one not in PLACE_WORDS] or found


# --- the readings -----------------------------------------------------------------------------------------------


def readings(asked: Asked, known: Callable[[Collection[str]], Collection[str]]) -> Iterator[SearchReading]:
    """The readings in their order. `known` gives those of some stems that are words of somebody: it is asked last."""
    if asked.phone is not None:
        digits = search_words.national(asked.phone)
        yield SearchReading("phone", ((search_words.exactly(f"+{digits}"),),))
        return
    if asked.digits:
        yield SearchReading("number", (_number(asked.words),))
    elif any(ch.isdecimal() for one in asked.words for ch in one):
        yield SearchReading("number", ((search_words.exactly(search_words.number_key(asked.words)),),))
    if not asked.digits or len(asked.words) > 1:
        yield SearchReading("words", tuple(_typed(one) for one in asked.words))
        yield SearchReading("words", tuple(_declined(one) for one in asked.words))
        near = tuple(_near(one, known) for one in asked.words)
        if all(near):
            yield SearchReading("near", near)


def in_names(word: str) -> Iterator[SearchReading]:
    """How one word of a sentence may name somebody: nothing is guessed."""
    yield SearchReading("words", (_typed(word),))
    yield SearchReading("words", (_declined(word),))


def _number(words: tuple[str, ...]) -> Term:
    """A number of a deal or a paper, a part of a phone, or a figure that somewhere stands alone."""
    joined = "".join(words)
    spans = [search_words.exactly(search_words.number_key(words))]
    if len(joined) >= search_words.PHONE_PART:
        starts = {joined, joined[1:] if joined[0] in "78" and len(joined) > search_words.PHONE_PART else joined}
        spans += [search_words.beginning(f"+{one}") for one in sorted(starts)]
    if len(words) == 1 and len(joined) >= search_words.PHONE_PART:
        spans.append(search_words.beginning(joined))
    return tuple(spans)


def _typed(word: str) -> Term:
    """A short number stands for itself: «7» is no «78»; four digits may be of a phone."""
    if _is_exact(word):
        return (search_words.whole(word),)
    phone = [search_words.beginning(f"+{word}")] if word.isdecimal() else []
    return (*search_words.typed(word), *phone)


def _declined(word: str) -> Term:
    return (search_words.whole(word if _is_exact(word) else search_words.stem(word)),)


def _near(word: str, known: Callable[[Collection[str]], Collection[str]]) -> Term:
    if _is_exact(word):
        return (search_words.whole(word),)
    stem = search_words.stem(word)
    return tuple(search_words.whole(one) for one in sorted({*known(search_words.near(word)), stem}))


def _is_exact(word: str) -> bool:
    return any(ch.isdecimal() for ch in word) and len(word) < search_words.PHONE_PART
