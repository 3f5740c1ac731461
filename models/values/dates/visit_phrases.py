"""When people come, as it is said on the phone: «24 и 25 ноября в 9», «завтра с 9 до 19» (K-19)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from models.values.clean_text import squeeze
from models.values.dates import date_doubts, date_phrases, date_spans
from models.values.invalid_value import InvalidValue

HOURS = re.compile(
    r"\b(?:с|со|from)\s+(\d{1,2})(?:[:.](\d{2}))?\s*(?:до|to|till|until|-)\s*(\d{1,2})(?:[:.](\d{2}))?\b"
)
AND = re.compile(r"\s+(?:и|and)\s+|\s*,\s*")
SPAN = re.compile(r"\b(\d{1,2})\s*[-–]\s*(\d{1,2})(?=\s+[а-яёa-z]{3})")
NUMBER = re.compile(r"\d{1,2}(?:-?(?:го|ого|е))?")
MOST_DAYS = 5


@dataclass(frozen=True, slots=True)
class SaidVisit:
    """Days in the order in which they were said, an hour to begin at, and perhaps one to end at, in local time."""

    days: tuple[date, ...]
    begins: time
    ends: time | None = None


def find_visit(raw: str, now: datetime) -> SaidVisit | None:
    """What is said of several days, or of a beginning and an end; None if it is neither: a plain moment, or no moment.

    `now` is local.
    """
    text, until = squeeze(raw), None
    hours = HOURS.search(text)
    if hours is not None:
        begins, until = _clock(hours[1], hours[2]), _clock(hours[3], hours[4])
        if begins is None or until is None or begins >= until:
            return None
        text = f"{text[: hours.start()]}{text[hours.end() :]} {begins:%H:%M}"
    parts = [part for part in AND.split(SPAN.sub(_listed, text)) if part]
    if len(parts) > MOST_DAYS or (until is None and len(parts) < 2):
        return None
    return _read(parts, until, now)


def _listed(found: re.Match[str]) -> str:
    """«24-26 ноября» as «24 и 25 и 26 ноября»."""
    return " и ".join(str(day) for day in range(int(found[1]), int(found[2]) + 1)) or found[0]


def _clock(hour: str, minute: str | None) -> time | None:
    return time(int(hour), int(minute or 0)) if int(hour) < 24 and int(minute or 0) < 60 else None


def _read(parts: list[str], until: time | None, now: datetime) -> SaidVisit | None:
    """The last part has the hour, and the month of bare numbers before it."""
    try:
        last = date_phrases.parse_moment(parts[-1], now)
        days = [_day(part, parts[-1], now) for part in parts[:-1]]
    except InvalidValue:
        return None
    every = (*(day for day in days if day is not None), last.date())
    if None in days or len(set(every)) != len(every) or list(every) != sorted(every):
        return None
    return SaidVisit(every, last.timetz().replace(tzinfo=None), until)


def _day(part: str, last: str, now: datetime) -> date | None:
    said = date_spans.with_month(part, last) if NUMBER.fullmatch(part) else part
    try:
        return date_phrases.parse_date(said, now.date())
    except InvalidValue as wrong:
        named = date_doubts.day_named(wrong)
        if named is not None:
            return named
    try:  # «24 ноября в 9» with the hour of the last part
        return date_phrases.parse_moment(said, now).date()
    except InvalidValue as wrong:
        return date_doubts.day_named(wrong)
