"""One day or several in a row as people say them: «завтра», «1.12–7.12», «с 1 по 7 декабря», "from 1 to 7 december"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from models.values.clean_text import squeeze
from models.values.dates import date_phrases
from models.values.invalid_value import N_, InvalidValue

EXAMPLE = N_("с 1 по 7 декабря")
BEGIN = re.compile(r"^(?:с|со|от|from)\s+")
BETWEEN = re.compile(r"\s+(?:по|до|to|till|until)\s+|\s*-\s*")
NUMBER = re.compile(r"[0-9]{1,2}(?:-?(?:го|ого|е))?")
DAY_NUMBER = re.compile(r"^[0-9]{1,2}")
NEAR = timedelta(days=60)
LONGEST = 2 * date_phrases.LONGEST


def parse_days(raw: str, today: date) -> tuple[date, date]:
    """Read (the first day, the last day), both included; one day is both. Raises Wrong as `when.parse_date` does.

    «с 1 по 7 декабря» takes the month of the second date; a first day that has just passed («с 20.11» on the 22nd) is
    that one, not next year's.
    """
    text = squeeze(raw)
    try:
        day = date_phrases.parse_date(text, today)
        return day, day
    except InvalidValue as wrong:
        alone = wrong
    if len(text) > LONGEST:  # each place that may part the days is tried: twice as long a text takes four times as long
        raise InvalidValue(alone.code, alone.message, EXAMPLE, **alone.data)
    bare = BEGIN.sub("", text)
    for left, right in _halves(bare):
        try:
            return _both(left, right, today)
        except InvalidValue as wrong:
            if wrong.code == "days.order":
                raise
    if bare != text and _is_day(bare, today):
        raise InvalidValue("days.end", N_("Понятно, с какого дня. Напишите и последний."), EXAMPLE)
    raise InvalidValue(alone.code, alone.message, EXAMPLE, **alone.data)


def _is_day(text: str, today: date) -> bool:
    try:
        date_phrases.parse_date(text, today)
    except InvalidValue:
        return False
    return True


def _halves(text: str) -> Iterator[tuple[str, str]]:
    for match in BETWEEN.finditer(text):
        left, right = text[: match.start()].strip(), text[match.end() :].strip()
        if left and right:
            yield left, right


def _both(left: str, right: str, today: date) -> tuple[date, date]:
    # a bare number takes the month of the other date: «с 1 по 7 декабря», «с 1 декабря по 7»
    if NUMBER.fullmatch(left):
        left = with_month(left, right)
    elif NUMBER.fullmatch(right):
        right = with_month(right, left)
    first, last = date_phrases.parse_date(left, today), date_phrases.parse_date(right, today)
    if first <= last:
        return first, last
    if first - today <= NEAR:  # «с понедельника по пятницу», said on a Wednesday
        last = date_phrases.parse_date(right, first)
    else:  # «с 20.11 по 25.11», said on the 22nd
        first = date_phrases.parse_date(left, today, past=True)
    if first > last or last - first > NEAR or today - first > NEAR:
        raise InvalidValue("days.order", N_("Последний день раньше первого."), EXAMPLE)
    return first, last


def with_month(number: str, other: str) -> str:
    """A bare number of a day with the month of another date: «24», «25 ноября» → «24 ноября»."""
    return DAY_NUMBER.sub(DAY_NUMBER.findall(number)[0], other, count=1)
