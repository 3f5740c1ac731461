"""The words of dates and times in Russian and English (lower case, «ё» as «е»), as patterns for the grammar."""

from datetime import time


def _alternatives(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _numbered(*groups: str, start: int = 0) -> dict[str, int]:
    return {word: number for number, group in enumerate(groups, start) for word in group.split()}


MONTHS = _numbered(
    "январь января январе янв january jan",
    "февраль февраля феврале фев февр february feb",
    "март марта марте мар march mar",
    "апрель апреля апреле апр april apr",
    "май мая мае may",
    "июнь июня июне июн june jun",
    "июль июля июле июл july jul",
    "август августа августе авг august aug",
    "сентябрь сентября сентябре сен сент september sep sept",
    "октябрь октября октябре окт october oct",
    "ноябрь ноября ноябре ноя нояб november nov",
    "декабрь декабря декабре дек december dec",
    start=1,
)
WEEKDAYS = _numbered(
    "понедельник понедельника понедельнику понед пн monday mon",
    "вторник вторника вторнику вт tuesday tues tue",
    "среда среду среды среде ср wednesday wed",
    "четверг четверга четвергу чт thursday thurs thur thu",
    "пятница пятницу пятницы пятнице пт friday fri",
    "суббота субботу субботы субботе сб saturday sat",
    "воскресенье воскресенья воскресенью вс sunday sun",
)
DAY_WORDS = {
    "позавчера": -2, "вчера": -1, "сегодня": 0, "завтра": 1, "послезавтра": 2, "после завтра": 2,
    "yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2, "the day after tomorrow": 2,
}  # fmt: skip
NUMBERS = _numbered(
    "", "один одну одна one a an", "два две two", "три three", "четыре four", "пять five", "шесть six",
    "семь seven", "восемь eight", "девять nine", "десять ten",
)  # fmt: skip
# What one unit is, for "через 3 …" and "in 3 …".
UNITS = {
    "minute": "минут|минуты|минуту|мин|minutes|minute|min",
    "hour": "часов|часа|час|ч|hours|hour|h",
    "day": "дней|дня|день|дн|сутки|суток|days|day",
    "week": "недель|недели|неделю|нед|weeks|week",
    "month": "месяцев|месяца|месяц|мес|months|month",
    "year": "лет|года|год|years|year",
}
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words.split("|")}
PARTS = {
    **dict.fromkeys(("утра", "утром", "с утра", "in the morning", "morning"), "morning"),
    **dict.fromkeys(("дня", "днем", "in the afternoon", "afternoon"), "day"),
    **dict.fromkeys(("вечера", "вечером", "in the evening", "evening"), "evening"),
    **dict.fromkeys(("ночи", "ночью", "at night", "night"), "night"),
    **dict.fromkeys(("am", "a.m.", "a.m"), "am"),
    **dict.fromkeys(("pm", "p.m.", "p.m"), "pm"),
}
# Only these two parts of a day name a time by themselves.
DEFAULTS = {"morning": time(9), "evening": time(19)}

MONTH = _alternatives(MONTHS)
WEEKDAY = _alternatives(WEEKDAYS)
DAY_WORD = _alternatives(DAY_WORDS)
NUMBER = "[0-9]{1,4}|" + _alternatives(NUMBERS)
UNIT = _alternatives(dict.fromkeys(UNIT_OF, 0))
PART = "|".join(sorted((word.replace(".", r"\.") for word in PARTS), key=len, reverse=True))


def hour_of(part: str, hour: int) -> int | None:
    """Give the 24-hour hour of "7 вечера" or "2 pm"; None where the two contradict each other.

    "12 ночи" is 0, which day it belongs to is for the caller to decide.
    """
    afternoon = hour + 12
    if part in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        return hour % 12 + (12 if part == "pm" else 0)
    if part == "morning":
        return hour if 1 <= hour <= 11 else None
    if part == "day":
        return afternoon if 1 <= hour <= 5 else hour if 11 <= hour <= 17 else None
    if part == "evening":
        return afternoon if 4 <= hour <= 11 else 0 if hour == 12 else hour if 16 <= hour <= 23 else None
    if hour == 12:
        return 0
    return hour if hour <= 5 or hour >= 22 else afternoon if hour in (10, 11) else None
