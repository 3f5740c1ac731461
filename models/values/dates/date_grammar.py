"""The grammar of dates and times: a phrase is read from left to right, every word must mean something.

What is not known is refused, never skipped: «завтра в 10 или в 11» must not become ten o'clock.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from models.values.dates import date_arithmetic as days
from models.values.dates import date_words as words
from models.values.dates.date_mentions import EXAMPLE, DateMentions, several
from models.values.invalid_value import N_, InvalidValue

Match = re.Match[str]
Handler = Callable[[Match, DateMentions], None]

END = r"(?!\w)"
BEFORE_DAY = r"(?:(?:во?|на|ко?|до|on|by|until)\s+(?:the\s+)?)?"
BEFORE_NUMERIC = r"(?:(?:на|к|до|on|by|until)\s+)?"
ORDINAL = r"-?(?:го|ого|е|ое|st|nd|rd|th)"
AMOUNT = rf"(?:(?P<n>[0-9]{{1,4}})\s*|(?P<word>{'|'.join(words.NUMBERS)})\s+)?(?P<unit>{words.UNIT})"
SUFFIX = rf"(?:\s*(?P<part>{words.PART}))?{END}"
YEAR = r"(?:,?\s+(?P<year>[0-9]{4})(?!\d|[:.]\d)(?:\s*(?:года|год|г)(?!\w)\.?)?)?"
HOURS = r"(?:часов|часа|час|ч|h|o'?clock)(?!\w)\.?"
MINUTES = r"(?:минуты|минут|мин|minutes|min)"


def _iso(m: Match, said: DateMentions) -> None:
    said.set_day(days.exact(int(m[1]), int(m[2]), int(m[3])))


def _numeric(m: Match, said: DateMentions) -> None:
    day, month, year = int(m[1]), int(m[3]), int(m[4])
    if len(m[4]) == 2:
        said.set_day(days.short_year(year, month, day, said.today, past=said.past))
    else:
        said.set_day(days.exact(year, month, day))


def _yearless(m: Match, said: DateMentions) -> None:
    said.set_day(days.yearless(int(m[2]), int(m[1]), said.today, past=said.past))


def _month_name(m: Match, said: DateMentions) -> None:
    month, day = words.MONTHS[m["month"]], int(m["day"])
    if m["year"]:
        said.set_day(days.exact(int(m["year"]), month, day))
    else:
        said.set_day(days.yearless(month, day, said.today, past=said.past))


def _month_day(m: Match, said: DateMentions) -> None:
    said.set_day(days.day_of_month(int(m[1]), said.today, past=said.past))


def _count(m: Match) -> int:
    return int(m["n"]) if m["n"] else words.NUMBERS.get(m["word"] or "", 1)


def _relative(m: Match, said: DateMentions, sign: int = 1) -> None:
    unit, count = words.UNIT_OF[m["unit"]], sign * _count(m)
    if unit == "hour":
        said.set_after(timedelta(hours=count))
    elif unit == "minute":
        said.set_after(timedelta(minutes=count))
    else:
        said.set_day(days.shifted(said.today, unit, count))


def _ago(m: Match, said: DateMentions) -> None:
    _relative(m, said, sign=-1)


def _hours_and_minutes(m: Match, said: DateMentions) -> None:
    said.set_after(timedelta(hours=int(m[1] or 1), minutes=int(m[2])))


def _hours_and_half(m: Match, said: DateMentions) -> None:
    said.set_after(timedelta(hours=int(m[1] or 1), minutes=30))


def _half_hour(m: Match, said: DateMentions) -> None:
    said.set_after(timedelta(minutes=30))


def _half_year(m: Match, said: DateMentions) -> None:
    said.set_day(days.shifted(said.today, "month", 6))


def _day_word(m: Match, said: DateMentions) -> None:
    said.set_day(days.shifted(said.today, "day", words.DAY_WORDS[m[1]]))
    said.by_word = True


def _tonight(m: Match, said: DateMentions) -> None:
    said.set_day(said.today)
    said.apply_part("evening")


def _weekday(m: Match, said: DateMentions) -> None:
    if said.weekday is not None or said.after is not None:
        raise several()
    said.weekday = words.WEEKDAYS[m["weekday"]]
    if m["which"]:
        _set_week(said, m["which"])


def _week(m: Match, said: DateMentions) -> None:
    _set_week(said, m["which"])


def _set_week(said: DateMentions, word: str) -> None:
    if said.which:
        raise several()
    said.which = "next" if word.startswith(("след", "next")) else "this"


def _clock(m: Match, said: DateMentions) -> None:
    said.set_clock(int(m[1]), int(m[2]), part=_part(m))


def _clock_seconds(m: Match, said: DateMentions) -> None:
    said.set_clock(int(m[1]), int(m[2]), int(m[3]))


def _dashed(m: Match, said: DateMentions) -> None:
    hour, minute = int(m[1]), int(m[2])
    if hour < minute <= 24:
        between = N_("Непонятно: время {first}:{last} или промежуток с {first} до {last} часов?")
        raise InvalidValue("when.clock_or_range", between, EXAMPLE, first=m[1], last=m[2])
    said.set_clock(hour, minute, part=_part(m))


def _hour(m: Match, said: DateMentions) -> None:
    said.set_clock(int(m["hour"]), int(m.groupdict().get("minute") or 0), part=_part(m))


def _one_o_clock(m: Match, said: DateMentions) -> None:
    said.set_clock(1, 0, part=_part(m))


def _noon(m: Match, said: DateMentions) -> None:
    said.set_clock(12, 0)


def _midnight(m: Match, said: DateMentions) -> None:
    said.set_clock(0, 0)
    said.midnight = True


def _part_alone(m: Match, said: DateMentions) -> None:
    said.apply_part(_part(m))


def _part(m: Match) -> str:
    return words.PARTS[m["part"]] if m["part"] else ""


def _always(said: DateMentions) -> bool:
    return True


def _after_day(said: DateMentions) -> bool:
    return said.has_day()


def _after_day_word(said: DateMentions) -> bool:
    return said.by_word


Rule = tuple[re.Pattern[str], Handler, Callable[[DateMentions], bool]]


def _rule(pattern: str, handler: Handler, allowed: Callable[[DateMentions], bool] = _always) -> Rule:
    return re.compile(pattern), handler, allowed


D2 = "([0-9]{1,2})"
NAMED = rf"(?P<month>{words.MONTH})(?!\w)\.?"
WHICH = r"(?P<which>следующ(?:ую|ий|ее|ей|его|ая)|next|эт(?:у|от|о|ой|а|им)|this)"

# The order matters: the more exact reading stands first.
RULES: tuple[Rule, ...] = (
    _rule(rf"{BEFORE_DAY}([0-9]{{4}})-{D2}-{D2}(?:t(?=\d\d:)|{END})", _iso),
    _rule(rf"{BEFORE_DAY}{D2}([./-]){D2}\2([0-9]{{4}}|[0-9]{{2}})(?:\s*г(?:ода|\.)?)?{END}", _numeric),
    _rule(rf"(?:(?:в|at)\s*)?{D2}:([0-9]{{2}}):([0-9]{{2}}){END}", _clock_seconds),
    _rule(rf"(?:(?:в|на|ко?|до|at|by|@)\s*)?{D2}:([0-9]{{2}})(?!:){SUFFIX}", _clock),
    _rule(rf"(?:в|at|@)\s*{D2}\.([0-9]{{2}})(?![./-]?\d){SUFFIX}", _clock),
    _rule(rf"(?:в|at|@)\s*{D2}-([0-9]{{2}})(?![./-]?\d){SUFFIX}", _dashed),
    _rule(rf"{D2}\.([0-9]{{2}})(?![./-]?\d){SUFFIX}", _clock, _after_day),
    _rule(rf"{D2}-([0-9]{{2}})(?![./-]?\d){SUFFIX}", _dashed, _after_day),
    _rule(rf"{BEFORE_NUMERIC}{D2}[./]{D2}(?![./:-]?\d){END}", _yearless),
    _rule(rf"{BEFORE_DAY}(?P<day>[0-9]{{1,2}})(?:{ORDINAL})?\s*(?:of\s+)?{NAMED}{YEAR}", _month_name),
    _rule(rf"{BEFORE_DAY}{NAMED}\s+(?:the\s+)?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?!\w|[:.]\d){YEAR}", _month_name),
    _rule(rf"{BEFORE_DAY}(?:the\s+)?{D2}(?:{ORDINAL}(?:\s+числа)?|\s+числ[ао]){END}", _month_day),
    _rule(rf"(?:через|in)\s+(?:([0-9]{{1,3}})\s*)?(?:часов|часа|час|hours|hour|an\s+hour)\s+(?:(?:и|and)\s+)?"
          rf"{D2}\s*{MINUTES}{END}", _hours_and_minutes),
    _rule(rf"(?:через|in)\s+(?:полтора|([0-9]{{1,2}})[.,]5)\s*(?:часа|часов|ч|hours){END}", _hours_and_half),
    _rule(rf"in\s+an\s+()hour\s+and\s+a\s+half{END}", _hours_and_half),
    _rule(rf"(?:через\s+пол\s?часа|in\s+half\s+an\s+hour){END}", _half_hour),
    _rule(rf"(?:через\s+полгода|in\s+half\s+a\s+year){END}", _half_year),
    _rule(rf"(?:через|спустя|in)\s+{AMOUNT}{END}", _relative),
    _rule(rf"{AMOUNT}\s+(?:тому\s+)?(?:назад|ago){END}", _ago),
    _rule(rf"(?:(?:на|до|к|by|until)\s+)?({words.DAY_WORD}){END}", _day_word),
    _rule(rf"(?:tonight|this\s+evening){END}", _tonight),
    _rule(rf"(?:на\s+)?{WHICH}\s+(?:неделе|week){END}", _week),
    _rule(rf"{BEFORE_DAY}(?:(?:ближайш(?:ую|ий|ее)|coming)\s+)?(?:{WHICH}\s+)?(?P<weekday>{words.WEEKDAY}){END}",
          _weekday),
    _rule(rf"(?:в|к|at|@)\s*(?P<hour>[0-9]{{1,2}})(?:\s*{HOURS})?(?:\s*(?P<minute>[0-9]{{1,2}})\s*{MINUTES})?"
          rf"(?![.:/-]\d){SUFFIX}", _hour),
    _rule(rf"(?:на|до|by)\s+(?P<hour>[0-9]{{1,2}})(?=\s*[^\W\d])(?:\s*{HOURS})?{SUFFIX}", _hour),
    _rule(rf"(?P<hour>[0-9]{{1,2}})\s*(?:{HOURS}\s*)?(?!дня)(?P<part>{words.PART}){END}", _hour),
    _rule(rf"(?P<hour>[0-9]{{1,2}})\s*{HOURS}(?P<part>){END}", _hour, _after_day),
    _rule(rf"(?P<hour>[0-9]{{1,2}})(?P<part>)(?![.:/-]\d|\s*\w){END}", _hour, _after_day_word),
    _rule(rf"(?:в|к)\s+час\s+(?P<part>дня|ночи){END}", _one_o_clock),
    _rule(rf"(?:(?:в|к|до|at|by)\s+)?(?:полдень|полудню|полудня|noon|midday){END}", _noon),
    _rule(rf"(?:(?:в|к|до|at|by)\s+)?(?:полночь|полуночи|midnight){END}", _midnight),
    _rule(rf"(?P<part>{words.PART}){END}", _part_alone),
)  # fmt: skip
BETWEEN = " ,;."


def read(text: str, today: date, *, past: bool) -> DateMentions:
    """Read a squeezed phrase to its end; raises Wrong at the first thing that means nothing here."""
    said = DateMentions(today, past)
    position = _skipped(text, 0)
    while position < len(text):
        position = _skipped(text, _step(text, position, said))
    return said


def _skipped(text: str, position: int) -> int:
    while position < len(text) and text[position] in BETWEEN:
        position += 1
    return position


def _step(text: str, position: int, said: DateMentions) -> int:
    for pattern, handler, allowed in RULES:
        match = pattern.match(text, position) if allowed(said) else None
        if match is not None:
            said.by_word = False
            handler(match, said)
            return match.end()
    word = text[position:].split(" ", 2)
    raise InvalidValue(
        "when.unknown", N_("Не получилось понять «{word}»."), EXAMPLE, word=" ".join(word[:2]).rstrip(" .,;")[:40]
    )
