"""Arithmetic of dates for what people say: shifts, next occurrences, and refusal of days that do not exist."""

from calendar import monthrange
from datetime import date, timedelta

from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText

EXAMPLE = N_("завтра, 14 марта или 14.03.2027")
LAST_DAY = N_("Даты {date} не бывает: последний день этого месяца — {last}-е число.")
FIRST_YEAR, LAST_YEAR = 1900, 2199
LEAP_YEAR = 2000


def exact(year: int, month: int, day: int) -> date:
    """Give a date, or say what is wrong with it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise out_of_range()
    _check_day(month, day, year)
    return date(year, month, day)


def _check_day(month: int, day: int, year: int) -> None:
    """Refuse a day that the month does not have."""
    _check_month(month)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise InvalidValue(
            "when.bad_day",
            LAST_DAY,
            EXAMPLE,
            date=f"{day:02d}.{month:02d}.{year}",
            last=last,
        )


def _check_month(month: int) -> None:
    if not 1 <= month <= 12:
        raise InvalidValue("when.bad_month", N_("Месяца с номером {month} не бывает."), EXAMPLE, month=month)


def _check_in_some_year(month: int, day: int, today: date, *, past: bool) -> None:
    """Refuse a day that the month has in no year; the last day that is told is that of the month that is meant."""
    _check_month(month)
    if not 1 <= day <= monthrange(LEAP_YEAR, month)[1]:
        year = today.year
        if past and month > today.month:
            year -= 1
        elif not past and month < today.month:
            year += 1
        last = date(year, month, monthrange(year, month)[1])
        said = N_("Даты {date} не бывает: последний день февраля {year} — {last}-е число.") if month == 2 else LAST_DAY
        shown = f"{day:02d}.{month:02d}"
        raise InvalidValue("when.bad_day", said, example(last), date=shown, last=last.day, year=year)


def example(day: date) -> ProductText:
    """A day as it may be typed."""
    return ProductText(f"{day:%d.%m.%Y}")  # figures and points


def short_year(two_digits: int, month: int, day: int, today: date, *, past: bool) -> date:
    """Give 01.02.85: this century, or the last one if the date must be in the past."""
    if past and (two_digits, month, day) > (today.year - 2000, today.month, today.day):
        return exact(1900 + two_digits, month, day)
    return exact(2000 + two_digits, month, day)


def yearless(month: int, day: int, today: date, *, past: bool) -> date:
    """Give the next such day of the year, today included (the last one if ``past``)."""
    _check_in_some_year(month, day, today, past=past)
    step = -1 if past else 1
    for year in range(today.year, today.year + 9 * step, step):
        if day > monthrange(year, month)[1]:
            continue  # 29 February waits for its leap year
        candidate = date(year, month, day)
        if candidate <= today if past else candidate >= today:
            return exact(year, month, day)
    raise out_of_range()


def day_of_month(day: int, today: date, *, past: bool) -> date:
    """Give the next date with this number, today included (the last one if ``past``)."""
    if not 1 <= day <= 31:
        raise InvalidValue("when.bad_day_number", N_("Числа {day} в месяце не бывает."), EXAMPLE, day=day)
    first = today.replace(day=1)
    while True:
        if day <= monthrange(first.year, first.month)[1]:
            candidate = first.replace(day=day)
            if candidate <= today if past else candidate >= today:
                return candidate
        first = add_months(first, -1 if past else 1)


def weekday(number: int, which: str, today: date, *, past: bool) -> date:
    """Give a day of the week.

    Without a word before it: the first one after today, for nobody says «в пятницу» of the very same Friday
    (the last one before today if ``past``). "next" is the week after the current one, "this" the current.
    """
    monday = today - timedelta(days=today.weekday())
    if which == "next":
        return monday + timedelta(days=7 + number)
    if which == "this":
        day = monday + timedelta(days=number)
        if day < today and not past:
            raise InvalidValue("when.gone", N_("На этой неделе этот день уже прошёл."), EXAMPLE)
        return day
    if past:
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def shifted(today: date, unit: str, count: int) -> date:
    """Give the date ``count`` days, weeks, months or years away; a month's end stays within the month."""
    try:
        if unit == "month":
            day = add_months(today, count)
        elif unit == "year":
            day = add_months(today, 12 * count)
        else:
            day = today + timedelta(days=count * (7 if unit == "week" else 1))
    except (OverflowError, ValueError) as error:
        raise out_of_range() from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise out_of_range()
    return day


def add_months(day: date, months: int) -> date:
    """Give the same day ``months`` later, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def out_of_range() -> InvalidValue:
    return InvalidValue(
        "when.range",
        N_("Год должен быть от {first} до {last}."),
        EXAMPLE,
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )
