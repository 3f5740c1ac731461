"""Between what and what: sums («от 100 000 до 200 000», «> 100 тыс») and days past («с 1 по 15 ноября», «за октябрь»,
«вчера»), as people type them, and as the word of a filter, which a button carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from models.values import money
from models.values.clean_text import squeeze
from models.values.dates import date_arithmetic, date_phrases, date_spans, date_words
from models.values.invalid_value import N_, InvalidValue

LONGEST = 80
EXAMPLE = N_("от 100 000 до 200 000, с 1 по 15 ноября или за октябрь")
FIRST = date(2000, 1, 1)  # earlier than any deal
MOST = Decimal(10) ** 12 - 1
ABOVE = re.compile(r"(?:>=?|(?:от|с|со|больше|более|дороже|свыше|не меньше|не менее|from|over|above)\b)\s*(.+)")
BELOW = re.compile(r"(?:<=?|(?:до|по|меньше|менее|дешевле|не больше|не более|to|under|below|up to)\b)\s*(.+)")
BETWEEN = re.compile(r"(?:(?:от|с|со|from|between)\s+)?(.+?)(?:\s+(?:до|по|to|and)\s+|\s*-\s*)(.+)")
MEANS_SUM = re.compile(r"от\b|>|<|больше|более|дороже|свыше|не |меньше|менее|дешевле|over|above|under|below")
UNIT = re.compile(r"[^\W\d_][\w. ₽]*$|₽$")
MONTH = re.compile(rf"(?:за |в |in |for )?({date_words.MONTH})(?: (20[0-9]{{2}}))?(?: г(?:ода|\.)?)?")
YEAR = re.compile(r"(?:за |в |in |for )?(20[0-9]{2})(?: (?:год|года|году|г\.?))")
SPAN = re.compile(r"за (?:последн(?:ий|юю|ие) )?(неделю|месяц|год)|(?:for |in )?the last (week|month|year)")
DAYS = {"неделю": 7, "week": 7, "месяц": 30, "month": 30, "год": 365, "year": 365}
SUM, DAY = "c", "d"
TELLING = frozenset({"money.ambiguous", "when.bad_day", "when.bad_day_number", "when.bad_month"})  # why it is no answer
WORD = re.compile(r"([cd])([0-9]{0,12})-([0-9]{0,12})")


@dataclass(frozen=True, slots=True)
class SumRange:
    """Sums in whole roubles, both ends included; None: no end."""

    low: int | None
    high: int | None

    @property
    def word(self) -> str:
        return f"{SUM}{'' if self.low is None else self.low}-{'' if self.high is None else self.high}"


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days, both included."""

    first: date
    last: date

    @property
    def word(self) -> str:
        return f"{DAY}{self.first.toordinal()}-{self.last.toordinal()}"


def of_word(word: str) -> SumRange | DayRange | None:
    """What a filter's word says; None where it is no range."""
    found = WORD.fullmatch(word)
    if found is None or not word.isascii():
        return None
    low, high = found[2], found[3]
    if found[1] == SUM:
        return SumRange(int(low) if low else None, int(high) if high else None) if low or high else None
    first, last = int(low or 0), int(high or 0)
    if not 0 < first <= last <= date.max.toordinal():
        return None
    return DayRange(date.fromordinal(first), date.fromordinal(last))


def read(raw: str, today: date) -> SumRange | DayRange:
    """What was typed; InvalidValue for what is neither sums nor days."""
    text = squeeze(raw).strip(" .!?")
    if len(text) > LONGEST:
        raise _unclear()
    readers = (_sums, _days) if MEANS_SUM.match(text) else (_days, _sums)
    for reader in readers:
        try:
            return reader(text, today)
        except InvalidValue as wrong:
            if wrong.code in TELLING:
                raise
    raise _unclear()


def _unclear() -> InvalidValue:
    return InvalidValue("range.unclear", N_("Не вижу здесь ни сумм, ни дат: от какой и до какой."), EXAMPLE)


# --- sums -----------------------------------------------------------------------------------------------------------


def _sums(text: str, today: date) -> SumRange:
    both = BETWEEN.fullmatch(text)
    if both is not None:
        high = _roubles(both[2])
        unit = UNIT.search(both[2])
        bare = both[1].isdecimal() and len(both[1]) < 4 and unit is not None  # «от 100 до 200 тысяч»
        low = _roubles(f"{both[1]} {unit[0]}" if bare and unit is not None else both[1])
        return SumRange(min(low, high), max(low, high))
    if (above := ABOVE.fullmatch(text)) is not None:
        return SumRange(_roubles(above[1]), None)
    if (below := BELOW.fullmatch(text)) is not None:
        return SumRange(None, _roubles(below[1]))
    raise _unclear()


def _roubles(text: str) -> int:
    """A sum without kopecks: «1.11» is a day."""
    found = money.parse_money(text, at_least=Decimal(0), at_most=MOST)
    if found != found.to_integral_value():
        raise _unclear()
    return int(found)


# --- days -----------------------------------------------------------------------------------------------------------


def _days(text: str, today: date) -> DayRange:
    if (month := MONTH.fullmatch(text)) is not None:
        return _month(date_words.MONTHS[month[1]], int(month[2]) if month[2] else None, today)
    if (year := YEAR.fullmatch(text)) is not None:
        return DayRange(date(int(year[1]), 1, 1), date(int(year[1]), 12, 31))
    if (span := SPAN.fullmatch(text)) is not None:
        return DayRange(today - timedelta(days=DAYS[span[1] or span[2]]), today)
    both = BETWEEN.fullmatch(text)
    if both is not None:
        return _between(both[1], both[2], today)
    if (above := ABOVE.fullmatch(text)) is not None:
        return DayRange(*sorted((_day(above[1], today), today)))
    if (below := BELOW.fullmatch(text)) is not None:
        return DayRange(FIRST, max(FIRST, _day(below[1], today)))
    day = _day(text.removeprefix("за "), today)
    return DayRange(day, day)


def _month(number: int, year: int | None, today: date) -> DayRange:
    """The last one of that name, the present one included."""
    first = date(year or today.year - (number > today.month), number, 1)
    return DayRange(first, date_arithmetic.add_months(first, 1) - timedelta(days=1))


def _between(left: str, right: str, today: date) -> DayRange:
    if date_spans.NUMBER.fullmatch(left) and date_spans.NUMBER.fullmatch(right):  # «с 1 по 15»: of this month
        right = date_arithmetic.exact(today.year, today.month, int(date_spans.DAY_NUMBER.findall(right)[0])).isoformat()
        left = f"{right[:8]}{int(date_spans.DAY_NUMBER.findall(left)[0]):02d}"
    elif date_spans.NUMBER.fullmatch(left):  # «с 1 по 15 ноября»: the month of the other one
        left = date_spans.with_month(left, right)
    elif date_spans.NUMBER.fullmatch(right):
        right = date_spans.with_month(right, left)
    first, last = _day(left, today), _day(right, today)
    if first > last:  # «с 20 октября по 25 ноября», said on the 23rd: it goes on beyond today
        last = date_arithmetic.add_months(last, 12)
    return DayRange(*sorted((first, last)))


def _day(text: str, today: date) -> date:
    return date_phrases.parse_date(text, today, past=True)
