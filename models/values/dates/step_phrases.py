"""What to do and when, said in one phrase: «перезвонить в пятницу в 15 про столешницу», «remind me tomorrow to call».

The words of time are found wherever they stand and read by `date_phrases`; what is left is what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from models.states import StepEvery
from models.values.dates import date_doubts, date_phrases
from models.values.dates.date_words import DAY_WORDS, MONTHS, PARTS, UNIT_OF, WEEKDAYS
from models.values.invalid_value import InvalidValue

LONGEST = 400  # characters that are read
MOST_READ = 50  # words among which a time is looked for
MOST_WORDS = 7  # of one mention of time: «в пятницу 4 декабря 2026 года в 15:00» without the «в»s
ASKED = re.compile(
    r"\s*(?:пожалуйста[,\s]+)?(?:напомни(?:те|ть)?(?:\s+мне)?|напоминание|remind(?:\s+me)?(?:\s+to)?|reminder)(?![\w])[\s,:—-]*",
    re.IGNORECASE,
)
EVERY = re.compile(
    r"(?<!\w)(?:(?P<workday>(?:по\s+)?(?:каждый\s+)?рабочи[йм]\s+дн?[её]?[йнь]?[мь]?|по\s+будням|every\s+(?:work(?:ing)?\s*day|weekday))"
    r"|(?P<day>каждый\s+день|ежедневно|every\s+day|daily)"
    r"|(?P<week>каждую\s+неделю|раз\s+в\s+неделю|еженедельно|every\s+week|weekly)"
    r"|(?P<month>каждый\s+месяц|раз\s+в\s+месяц|ежемесячно|every\s+month|monthly)"
    rf"|(?P<on>кажд(?:ый|ую|ое)|every)(?=\s+(?:{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})(?!\w)))(?!\w)",
    re.IGNORECASE,
)
PREPOSITIONS = "в во на к ко через до с спустя at on in by until"
BEGINS = frozenset(
    f"{PREPOSITIONS} next this the час часа полчаса полдень noon утром днем днём вечером следующий следующую".split()
) | {word.split()[0] for word in (*DAY_WORDS, *WEEKDAYS, *MONTHS)}
AFTER_NUMBER = {*MONTHS, *UNIT_OF, *PARTS, "час", "часа", "часов"}
TO = re.compile(r"^to\s+", re.IGNORECASE)
LOST_HOUR = re.compile(r"(?:^|\s)(?:в|at)\s+\d{1,2}(?:[:.]\d{2})?(?!\w)", re.IGNORECASE)
JOINTS = " ,;:.—–-"


@dataclass(frozen=True, slots=True)
class StepPhrase:
    """What was understood: the `words` without those of time; `at` a moment, or a `day` of which no time was said, or
    neither; how often it comes again."""

    words: str
    at: datetime | None = None
    day: date | None = None
    every: StepEvery | None = None


def is_asked(raw: str) -> bool:
    """Whether a text begins by asking for a reminder."""
    return ASKED.match(raw) is not None


def read(raw: str, now: datetime) -> StepPhrase:
    """Read a phrase by the clocks of `now`'s zone; never raises: what is no time stays among the words."""
    text = ASKED.sub("", raw[:LONGEST], count=1) if is_asked(raw) else raw[:LONGEST]
    text, every = _every(text)
    words = text.split()
    first = _longest(words, now)
    if first is None:
        return StepPhrase(_joined(words), every=every)
    start, end, at, day = first
    said, rest = words[start:end], [*words[:start], *words[end:]]
    other = _completing(said, rest, now) if day is not None or _is_hour(said, now) else None
    if other is not None:
        start, end, at = other
        day, rest = None, [*rest[:start], *rest[end:]]
    if day is not None and LOST_HOUR.search(" ".join(rest)):  # «завтра в 25»: no guess at what was meant
        return StepPhrase(_joined(rest), every=every)
    return StepPhrase(_joined(rest), at, day, every)


def _every(text: str) -> tuple[str, StepEvery | None]:
    found = EVERY.search(text)
    if found is None:
        return text, None
    often: StepEvery = next((one for one in ("workday", "day", "week", "month") if found[one]), "week")
    return f"{text[: found.start()]} {text[found.end() :]}", often


def _windows(words: list[str]) -> Iterator[tuple[int, int, str]]:
    """Runs of words that may speak of a time, the longest first."""
    found = min(len(words), MOST_READ)
    begins = [_begins(words, at) for at in range(found)]
    for length in range(min(MOST_WORDS, found), 0, -1):
        for start in range(found - length + 1):
            if begins[start]:
                yield start, start + length, " ".join(words[start : start + length]).strip(JOINTS)


def _begins(words: list[str], at: int) -> bool:
    """A bare number is an hour only where it is said to be one: «подъезд 2 завтра» is no two o'clock."""
    bare = words[at].strip(JOINTS).casefold()
    if not bare.isdigit():
        return bool(bare) and (bare[0].isdigit() or bare in BEGINS)
    return at + 1 < len(words) and words[at + 1].strip(JOINTS).casefold() in AFTER_NUMBER


def _longest(words: list[str], now: datetime) -> tuple[int, int, datetime | None, date | None] | None:
    for start, end, said in _windows(words):
        at, day = _time(said, now)
        if at is not None or day is not None:
            return start, end, at, day
    return None


def _completing(said: list[str], rest: list[str], now: datetime) -> tuple[int, int, datetime] | None:
    """The words elsewhere that say the hour to a day, or the day to an hour."""
    for start, end, more in _windows(rest):
        at, _ = _time(f"{' '.join(said).strip(JOINTS)} {more}", now)
        if at is not None:
            return start, end, at
    return None


def _time(said: str, now: datetime) -> tuple[datetime | None, date | None]:
    try:
        return date_phrases.parse_moment(said, now), None
    except InvalidValue as wrong:
        return None, date_doubts.day_named(wrong)


def _is_hour(said: list[str], now: datetime) -> bool:
    """Whether a moment was said without its day."""
    try:
        date_phrases.parse_moment(f"{' '.join(said).strip(JOINTS)} завтра", now)
    except InvalidValue:
        return False
    return True


def _joined(words: list[str]) -> str:
    return TO.sub("", " ".join(words).strip(JOINTS))
