"""Dates and moments as people say them in Russian and English: «завтра в 10», «через 2 недели», "next friday".

Own grammar, because the libraries tried guess silently («14.03» became three minutes past two). Nothing is
guessed here: unknown words are refused, and the caller echoes what was understood.

A date without a year is the next such date, today included. A date with a year, «вчера» or «сегодня в 9» is
given as said even if it is over: whether the past is allowed is a rule of the field, not of the language.
"""

import re
from datetime import UTC, date, datetime, timedelta

from models.values import local_time
from models.values.clean_text import squeeze
from models.values.dates import date_arithmetic, date_grammar, date_mentions
from models.values.dates.date_mentions import DateMentions
from models.values.invalid_value import N_, InvalidValue

DAY = timedelta(days=1)
LONGEST = 100
COMMA = re.compile(r",(?![0-9])|(?<![0-9]),")


def parse_date(raw: str, today: date, *, past: bool = False) -> date:
    """Read a date. With ``past`` a date without a year is the last such date, today included.

    Raises Wrong: when.empty, .unknown, .several, .bad_day, .bad_day_number, .bad_month, .bad_time, .range,
    .gone, .weekday_mismatch, .which_day, .no_day, and .extra_time if a clock time was given too.
    """
    said = _read(raw, today, past=past)
    if said.after is not None or said.clock is not None or said.part:
        raise InvalidValue("when.extra_time", N_("Здесь нужна только дата, без времени."), date_arithmetic.EXAMPLE)
    day = _day(said)
    if day is None:
        raise InvalidValue("when.no_day", N_("Не вижу здесь даты."), date_arithmetic.EXAMPLE)
    return day


def parse_moment(raw: str, now: datetime, *, past: bool = False) -> datetime:
    """Read a moment by the clocks of ``now``'s zone (aware); the answer is aware in the same zone.

    A time alone is the next such time (with ``past`` the last one). A date alone raises Wrong("when.no_time")
    with the date in ``data["day"]``, so that only the time need be asked. «утром» is 9:00 and «вечером» 19:00
    unless an hour is given. Other codes are those of ``parse_date``, and .midnight, .contradiction,
    .clock_or_range. ValueError if ``now`` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("now must know its time zone")
    said = _read(raw, now.date(), past=past)
    if said.after is not None:
        return _after(now, said.after)
    day, clock = _day(said), said.settled_clock()
    if clock is None:
        raise _no_time(day)
    if day is None:
        return _nearest(said, now)
    if said.midnight:
        raise InvalidValue(
            "when.midnight",
            N_("Полночь лежит между двумя днями. Напишите 00:00 (начало дня) или 23:59 (конец дня)."),
            N_("завтра 23:59"),
        )
    return local_time.resolve(day, clock, now.tzinfo)


def _read(raw: str, today: date, *, past: bool) -> DateMentions:
    text = squeeze(raw)
    if not text:
        raise InvalidValue("when.empty", N_("Дата не введена."), date_arithmetic.EXAMPLE)
    if len(text) > LONGEST:
        raise InvalidValue(
            "when.unknown", N_("Слишком длинно для даты: «{word}»."), date_arithmetic.EXAMPLE, word=text[:40] + "…"
        )
    return date_grammar.read(COMMA.sub(" ", text), today, past=past)


def _day(said: DateMentions) -> date | None:
    """Give the day that was said; a weekday beside a date must agree with it."""
    if said.weekday is None:
        if said.which:
            raise InvalidValue("when.which_day", N_("В какой день недели?"), N_("в следующую среду"))
        return said.day
    if said.day is None:
        return date_arithmetic.weekday(said.weekday, said.which, said.today, past=said.past)
    if said.day.weekday() != said.weekday or said.which:
        raise InvalidValue(
            "when.weekday_mismatch",
            N_("{date} — другой день недели. Проверьте дату."),
            date_arithmetic.EXAMPLE,
            date=f"{said.day:%d.%m.%Y}",
        )
    return said.day


def _nearest(said: DateMentions, now: datetime) -> datetime:
    """Give the first such clock time after ``now`` (the last one before it if the past is asked for)."""
    clock, zone = said.settled_clock(), now.tzinfo
    assert clock is not None and zone is not None
    step = -DAY if said.past else DAY
    day = now.date() - step
    while True:
        moment = local_time.resolve(day, clock, zone)
        if _is_beyond(moment, now, past=said.past):
            return moment
        day += step


def _is_beyond(moment: datetime, now: datetime, *, past: bool) -> bool:
    # Compared as UTC: two moments of one zone are compared by their wall clocks, wrong for an hour in autumn.
    one, other = moment.astimezone(UTC), now.astimezone(UTC)
    return one < other if past else one > other


def _after(now: datetime, length: timedelta) -> datetime:
    return (now.astimezone(UTC) + length).astimezone(now.tzinfo)


def _no_time(day: date | None) -> InvalidValue:
    if day is None:
        return InvalidValue("when.no_day", N_("Не вижу здесь ни даты, ни времени."), date_mentions.EXAMPLE)
    return InvalidValue(
        "when.no_time",
        N_("Дата понятна: {date}. Осталось указать время."),
        N_("14 марта в 18:30"),
        date=f"{day:%d.%m.%Y}",
        day=day,
    )
