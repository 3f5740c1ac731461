"""Dates that a person should confirm, because they can be understood otherwise than they were meant."""

from __future__ import annotations

import re
from datetime import date, datetime

from models.values.clean_text import squeeze
from models.values.invalid_value import InvalidValue

HALF_A_YEAR = 183  # days
EXPLICIT_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}|\d{4}-\d|"
    r"\d{1,2}(?:-?(?:го|е|st|nd|rd|th))?\s+(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}"
)
NO_TIME = "when.no_time"  # the code of a moment of which only the day was said


def is_relative(raw: str) -> bool:
    """Whether a date was said by words («завтра», «через 2 недели»), so that the person should confirm it."""
    return EXPLICIT_DATE.search(squeeze(raw)) is None


def is_next_year(raw: str, day: date, today: date) -> bool:
    """Whether a day said without its year is understood as far ahead: «24.11» on the 25th of November is more often
    a slip than the next year, so the person should confirm it."""
    said = re.findall(r"\d+", squeeze(raw))
    named = {str(day.year), f"{day.year % 100:02d}"} & {*said[2:3], *(one for one in said if len(one) == 4)}
    return (day - today).days > HALF_A_YEAR and not named


def day_named(wrong: InvalidValue) -> date | None:
    """The day of a moment of which only the time is missing."""
    day = wrong.data.get("day") if wrong.code == NO_TIME else None
    return day if isinstance(day, date) and not isinstance(day, datetime) else None
