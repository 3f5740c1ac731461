"""Lengths of time in process files: "3d", "1d 12h". A day is 24 hours, a week is 7 days."""

import re
from datetime import timedelta

from models.values.invalid_value import N_, InvalidValue

DURATION = re.compile(
    r"(?:(?P<weeks>[0-9]{1,4})w)? ?(?:(?P<days>[0-9]{1,4})d)? ?(?:(?P<hours>[0-9]{1,4})h)?"
    r" ?(?:(?P<minutes>[0-9]{1,4})m)?"
)
LONGEST = timedelta(days=3650)
MINUTE = timedelta(minutes=1)
UNITS = (("w", timedelta(weeks=1)), ("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", MINUTE))


def parse_duration(raw: str) -> timedelta:
    """Read "1w", "3d", "2h", "30m" or "1d 12h": largest unit first, more than zero, at most ten years.

    Raises Wrong (a ValueError) for anything else: a process file is checked, not guessed.
    """
    match = DURATION.fullmatch(raw.strip())
    parts = {unit: int(number) for unit, number in match.groupdict().items() if number} if match else {}
    if not parts:
        raise InvalidValue(
            "duration.format",
            N_("Длительность пишут числом и буквой: w — недели, d — дни, h — часы, m — минуты."),
            "1d 12h",
        )
    length = timedelta(**parts)
    if not MINUTE <= length <= LONGEST:
        raise InvalidValue("duration.range", N_("Длительность должна быть от одной минуты до десяти лет."), "3d")
    return length


def format_duration(length: timedelta) -> str:
    """Write a length so that ``parse_duration`` reads it back; ValueError if it is not whole minutes > 0."""
    if length < MINUTE or length % MINUTE:
        raise ValueError(f"a duration is a whole number of minutes above zero, not {length!r}")
    parts = []
    for letter, unit in UNITS:
        count, length = divmod(length, unit)
        if count:
            parts.append(f"{count}{letter}")
    return " ".join(parts)
