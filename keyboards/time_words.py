"""Words of time, computed when they are said: «завтра в 9:00», «через час», «уже три дня», «второй день».

Nothing that the bot says carries such a word as a fixed text: it may be read on another day than it was thought of.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel import dates

from keyboards.near_time import clock
from keyboards.translator import Translator
from models.values.invalid_value import N_

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = timedelta(minutes=5)  # so long before and after its moment something is now
SOON = timedelta(minutes=65)
WEEK = 7  # days ahead of which the weekday is enough
PATTERNS = {"ru": ("d MMMM", "d MMMM y"), "en": ("MMMM d", "MMMM d, y")}
DAYS = {-1: N_("вчера"), 0: N_("сегодня"), 1: N_("завтра")}
DAYS_AT = {-1: N_("вчера в {time}"), 0: N_("сегодня в {time}"), 1: N_("завтра в {time}")}
ON_WEEKDAY = (
    N_("в понедельник"), N_("во вторник"), N_("в среду"), N_("в четверг"), N_("в пятницу"), N_("в субботу"),
    N_("в воскресенье"),
)  # fmt: skip
NUMBERS = (
    N_("один"), N_("два"), N_("три"), N_("четыре"), N_("пять"), N_("шесть"), N_("семь"), N_("восемь"), N_("девять"),
    N_("десять"),
)  # fmt: skip
NTH = (
    N_("первый день"), N_("второй день"), N_("третий день"), N_("четвёртый день"), N_("пятый день"), N_("шестой день"),
    N_("седьмой день"), N_("восьмой день"), N_("девятый день"), N_("десятый день"),
)  # fmt: skip
NTH_WORKING = (
    N_("первый рабочий день"), N_("второй рабочий день"), N_("третий рабочий день"), N_("четвёртый рабочий день"),
    N_("пятый рабочий день"), N_("шестой рабочий день"), N_("седьмой рабочий день"), N_("восьмой рабочий день"),
    N_("девятый рабочий день"), N_("десятый рабочий день"),
)  # fmt: skip


def day(value: date | datetime, now: datetime, t: Translator) -> str:
    """On which day: «завтра», «в понедельник», «14 января»; with the year if it is another one."""
    on, today = _day_of(value, t), _day_of(now, t)
    days = (on - today).days
    if days in DAYS:
        return t(DAYS[days])
    return t(ON_WEEKDAY[on.weekday()]) if 0 < days < WEEK else t("{date}", date=_date(on, today, t))


def when(value: date | datetime, now: datetime, t: Translator) -> str:
    """When: «через час», «завтра в 9:00», «в понедельник, 30 ноября, в 9:00»; a day alone «через два дня, 30 ноября».

    A sentence that goes on after a day alone puts a comma behind it.
    """
    on, today = _day_of(value, t), _day_of(now, t)
    days = (on - today).days
    if not isinstance(value, datetime):
        return _day_alone(on, today, t)
    if abs(value - now) <= NOW:
        return t("сейчас")
    if timedelta(0) < value - now <= SOON:
        return _soon(value - now, t)
    time = clock(value, t)
    if days in DAYS_AT:
        return t(DAYS_AT[days], time=time)
    if 0 < days < WEEK:
        return t(
            "{weekday}, {date}, в {time}", weekday=t(ON_WEEKDAY[on.weekday()]), date=_date(on, today, t), time=time
        )
    return t("{date} в {time}", date=_date(on, today, t), time=time)


def _soon(left: timedelta, t: Translator) -> str:
    minutes = round(left / MINUTE / 5) * 5
    if minutes >= HOUR / MINUTE:
        return t("через час")
    return t.plural("через {n} минуту", "через {n} минут", minutes)


def _day_alone(on: date, today: date, t: Translator) -> str:
    days = (on - today).days
    if days in DAYS:
        return t(DAYS[days])
    if 0 < days < WEEK:
        left = t.plural("через {n} день", "через {n} дней", days, n=t(NUMBERS[days - 1]))
        return t("{left}, {date}", left=left, date=_date(on, today, t))
    return t("{date}", date=_date(on, today, t))


def stood(days: int, t: Translator, *, working: bool) -> str:
    """How long: «день», «три дня», «неделю», «11 дней»; «три рабочих дня» where days off lay between."""
    if days < 1:
        return t("меньше дня")
    if not working and days % WEEK == 0:
        weeks = days // WEEK
        return t("неделю") if weeks == 1 else t.plural("{n} неделю", "{n} недель", weeks)
    n = t(NUMBERS[days - 1]) if days <= len(NUMBERS) else str(days)
    if working:
        return t("рабочий день") if days == 1 else t.plural("{n} рабочий день", "{n} рабочих дней", days, n=n)
    return t("день") if days == 1 else t.plural("{n} день", "{n} дней", days, n=n)


def nth(number: int, t: Translator, *, working: bool) -> str:
    """Which day it is, the first counted as one: «второй день», «12-й день»; of working days where some were off."""
    words = NTH_WORKING if working else NTH
    if number <= len(words):
        return t(words[number - 1])
    return t("{n}-й рабочий день", n=number) if working else t("{n}-й день", n=number)


def _day_of(value: date | datetime, t: Translator) -> date:
    return value.astimezone(t.zone).date() if isinstance(value, datetime) else value


def _date(value: date, today: date, t: Translator) -> str:
    short, long = PATTERNS[t.locale]
    return dates.format_date(value, short if value.year == today.year else long, locale=t.locale)
