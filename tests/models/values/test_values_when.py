from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.dates import date_words
from models.values.dates.date_phrases import parse_date, parse_moment
from models.values.invalid_value import InvalidValue

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 22)  # a Sunday
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=MOSCOW)
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
GENITIVE = MONTHS.split()
WEEKDAYS = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]

DATES = {
    "сегодня": "2026-11-22",
    "завтра": "2026-11-23",
    "послезавтра": "2026-11-24",
    "вчера": "2026-11-21",
    "позавчера": "2026-11-20",
    "на завтра": "2026-11-23",
    "today": "2026-11-22",
    "Tomorrow": "2026-11-23",
    "the day after tomorrow": "2026-11-24",
    "через 2 недели": "2026-12-06",
    "через неделю": "2026-11-29",
    "через 3 дня": "2026-11-25",
    "через два дня": "2026-11-24",
    "через месяц": "2026-12-22",
    "через полгода": "2027-05-22",
    "через год": "2027-11-22",
    "in 2 weeks": "2026-12-06",
    "in a month": "2026-12-22",
    "2 дня назад": "2026-11-20",
    "неделю назад": "2026-11-15",
    "3 days ago": "2026-11-19",
    "в пятницу": "2026-11-27",
    "пт": "2026-11-27",
    "к пятнице": "2026-11-27",
    "во вторник": "2026-11-24",
    "в воскресенье": "2026-11-29",
    "в ближайшую пятницу": "2026-11-27",
    "в следующую среду": "2026-11-25",
    "во вторник на следующей неделе": "2026-11-24",
    "в это воскресенье": "2026-11-22",
    "friday": "2026-11-27",
    "on Monday": "2026-11-23",
    "next friday": "2026-11-27",
    "14.03": "2027-03-14",
    "14.03.": "2027-03-14",
    "14/03": "2027-03-14",
    "14.3": "2027-03-14",
    "22.11": "2026-11-22",
    "21.11": "2027-11-21",
    "14.03.2027": "2027-03-14",
    "14.03.27": "2027-03-14",
    "14-03-2027": "2027-03-14",
    "14.03.2027 г.": "2027-03-14",
    "01.02.2020": "2020-02-01",
    "29.02": "2028-02-29",
    "29.02.2028": "2028-02-29",
    "2027-03-14": "2027-03-14",
    "14 марта": "2027-03-14",
    "14 Март": "2027-03-14",
    "14марта": "2027-03-14",
    "до 14 марта": "2027-03-14",
    "14-го марта 2028 года": "2028-03-14",
    "1 декабря 2026": "2026-12-01",
    "10-е декабря": "2026-12-10",
    "1 сент.": "2027-09-01",
    "march 14": "2027-03-14",
    "14 march 2027": "2027-03-14",
    "December 3rd, 2026": "2026-12-03",
    "3rd of December": "2026-12-03",
    "3-го": "2026-12-03",
    "3 числа": "2026-12-03",
    "22 числа": "2026-11-22",
    "31 числа": "2026-12-31",
    "the 3rd": "2026-12-03",
    "пн, 23 ноября": "2026-11-23",
    "23.11 понедельник": "2026-11-23",
}

MOMENTS = {
    "завтра в 10": "2026-11-23T10:00",
    "завтра, в 10.": "2026-11-23T10:00",
    "завтра 10": "2026-11-23T10:00",
    "завтра 10 часов": "2026-11-23T10:00",
    "завтра в 10-45": "2026-11-23T10:45",
    "завтра в 10.45": "2026-11-23T10:45",
    "завтра 10:45": "2026-11-23T10:45",
    "завтра в 10 ч 30 мин": "2026-11-23T10:30",
    "завтра в 7 вечера": "2026-11-23T19:00",
    "завтра вечером в 7": "2026-11-23T19:00",
    "завтра вечером": "2026-11-23T19:00",
    "завтра утром": "2026-11-23T09:00",
    "завтра утром в 10": "2026-11-23T10:00",
    "завтра днём в 3": "2026-11-23T15:00",
    "завтра в 3 дня": "2026-11-23T15:00",
    "завтра в час дня": "2026-11-23T13:00",
    "завтра в 2 ночи": "2026-11-23T02:00",
    "завтра в полдень": "2026-11-23T12:00",
    "10 утра завтра": "2026-11-23T10:00",
    "сегодня 18:30": "2026-11-22T18:30",
    "сегодня в 9": "2026-11-22T09:00",
    "через 3 дня в 9": "2026-11-25T09:00",
    "через час": "2026-11-22T13:00",
    "через полчаса": "2026-11-22T12:30",
    "через полтора часа": "2026-11-22T13:30",
    "через 1,5 часа": "2026-11-22T13:30",
    "через 2 часа 30 минут": "2026-11-22T14:30",
    "через 15 минут": "2026-11-22T12:15",
    "in an hour": "2026-11-22T13:00",
    "in half an hour": "2026-11-22T12:30",
    "2 hours ago": "2026-11-22T10:00",
    "пт 14:00": "2026-11-27T14:00",
    "в следующую среду в 15.30": "2026-11-25T15:30",
    "суббота 15.00": "2026-11-28T15:00",
    "14 марта в 10": "2027-03-14T10:00",
    "14 мар 10:30": "2027-03-14T10:30",
    "14 марта утром": "2027-03-14T09:00",
    "14.03 в 10.30": "2027-03-14T10:30",
    "14.03 10.11": "2027-03-14T10:11",
    "в 10.45 14.03": "2027-03-14T10:45",
    "1.12.2026, 9:00": "2026-12-01T09:00",
    "3-го в 18": "2026-12-03T18:00",
    "пн, 23 ноября, 10:00": "2026-11-23T10:00",
    "2027-03-14 10:30": "2027-03-14T10:30",
    "2027-03-14T10:30": "2027-03-14T10:30",
    "14 march 2027 10:30": "2027-03-14T10:30",
    "tomorrow at 10": "2026-11-23T10:00",
    "tomorrow morning": "2026-11-23T09:00",
    "12am tomorrow": "2026-11-23T00:00",
    "today 6pm": "2026-11-22T18:00",
    "friday at 6:30 p.m.": "2026-11-27T18:30",
    "tonight": "2026-11-22T19:00",
    "в 7 вечера": "2026-11-22T19:00",
    "вечером": "2026-11-22T19:00",
    "к 18": "2026-11-22T18:00",
    "18:30": "2026-11-22T18:30",
    "в 10 утра": "2026-11-23T10:00",
    "на 10 утра": "2026-11-23T10:00",
    "в 9": "2026-11-23T09:00",
    "12:00": "2026-11-23T12:00",
    "в полдень": "2026-11-23T12:00",
    "в полночь": "2026-11-23T00:00",
    "в 12 ночи": "2026-11-23T00:00",
}

NEITHER = {
    "": "empty",
    "  ": "empty",
    "как-нибудь": "unknown",
    "завтра или послезавтра": "unknown",
    "завтра с 10 до 12": "unknown",
    "через пару дней": "unknown",
    "до конца месяца": "unknown",
    "3": "unknown",
    "3 дня": "unknown",
    "14-03": "unknown",
    "14 марта 10": "unknown",
    "пятница 13": "unknown",
    "завтра" + " " * 200 + "или нет": "unknown",
    "завтра " * 40: "unknown",
    "завтрак": "unknown",
    "завтра ١٠": "unknown",
    "31.02": "bad_day",
    "32.01": "bad_day",
    "00.01": "bad_day",
    "31.04.2027": "bad_day",
    "29.02.2027": "bad_day",
    "30 февраля": "bad_day",
    "32 числа": "bad_day_number",
    "03/14": "bad_month",
    "10.45": "bad_month",
    "2027-13-01": "bad_month",
    "01.01.0999": "range",
    "через 9999 лет": "range",
    "завтра послезавтра": "several",
    "14.03 15.03.2027": "several",
    "пт, 23 ноября": "weekday_mismatch",
    "через неделю в пятницу": "weekday_mismatch",
    "в эту пятницу": "gone",
    "на следующей неделе": "which_day",
    "next week": "which_day",
}

NOT_A_MOMENT = {
    "завтра": "no_time",
    "14 марта": "no_time",
    "завтра днём": "no_time",
    "в пятницу": "no_time",
    "днём": "no_day",
    "25:00": "bad_time",
    "завтра в 25": "bad_time",
    "завтра в 10:60": "bad_time",
    "завтра в 10-12": "clock_or_range",
    "завтра в 12 ночи": "midnight",
    "завтра в полночь": "midnight",
    "в 13 вечера": "contradiction",
    "14pm": "contradiction",
    "завтра в 10 в 11": "several",
    "через час в 10": "several",
    "завтра через час": "several",
    "завтра утром вечером": "several",
}


@pytest.mark.parametrize(("raw", "expected"), DATES.items())
def test_dates_as_people_say_them(raw: str, expected: str) -> None:
    assert parse_date(raw, TODAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(("raw", "expected"), MOMENTS.items())
def test_moments_as_people_say_them(raw: str, expected: str) -> None:
    moment = parse_moment(raw, NOW)
    assert moment.replace(tzinfo=None) == datetime.fromisoformat(expected)
    assert moment.tzinfo is MOSCOW


@pytest.mark.parametrize(("raw", "code"), NEITHER.items())
def test_what_is_no_date_is_refused_with_its_reason_and_never_guessed(raw: str, code: str) -> None:
    for parse in (lambda: parse_date(raw, TODAY), lambda: parse_moment(raw, NOW)):
        with pytest.raises(InvalidValue) as caught:
            parse()
        assert caught.value.code == f"when.{code}"
        assert "{" not in str(caught.value)
        assert caught.value.example


@pytest.mark.parametrize(("raw", "code"), NOT_A_MOMENT.items())
def test_what_is_no_moment_is_refused_with_its_reason(raw: str, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_moment(raw, NOW)
    assert caught.value.code == f"when.{code}"
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("raw", ["завтра в 10", "завтра вечером", "через час", "18:30", "14.03 10:00"])
def test_a_date_field_takes_no_time_along_in_silence(raw: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_date(raw, TODAY)
    assert caught.value.code == "when.extra_time"


def test_a_date_without_a_time_hands_the_date_over_so_that_only_the_time_is_asked() -> None:
    with pytest.raises(InvalidValue, match=r"14\.03\.2027") as caught:
        parse_moment("14 марта", NOW)
    assert caught.value.data["day"] == date(2027, 3, 14)


def test_an_impossible_date_is_named_with_the_last_day_of_its_month() -> None:
    with pytest.raises(InvalidValue, match=r"29\.02\.2027 не бывает: последний день этого месяца — 28-е"):
        parse_date("29.02.2027", TODAY)
    with pytest.raises(InvalidValue, match=r"Даты 31\.02 не бывает"):
        parse_date("31.02", TODAY)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("14.03", "2026-03-14"),
        ("22.11", "2026-11-22"),
        ("23.11", "2025-11-23"),
        ("29 февраля", "2024-02-29"),
        ("1 декабря", "2025-12-01"),
        ("23 числа", "2026-10-23"),
        ("в пятницу", "2026-11-20"),
        ("в воскресенье", "2026-11-15"),
        ("в эту пятницу", "2026-11-20"),
        ("01.02.85", "1985-02-01"),
        ("01.02.26", "2026-02-01"),
        ("23.11.26", "1926-11-23"),
    ],
)
def test_a_date_in_the_past_is_the_last_such_date(raw: str, expected: str) -> None:
    assert parse_date(raw, TODAY, past=True) == date.fromisoformat(expected)


@pytest.mark.parametrize(("raw", "expected"), [("в 11", "2026-11-22T11:00"), ("в 18", "2026-11-21T18:00")])
def test_a_time_in_the_past_is_the_last_such_time(raw: str, expected: str) -> None:
    assert parse_moment(raw, NOW, past=True).replace(tzinfo=None) == datetime.fromisoformat(expected)


def test_the_end_of_a_month_stays_within_the_shorter_month() -> None:
    assert parse_date("через месяц", date(2027, 1, 31)) == date(2027, 2, 28)
    assert parse_date("через год", date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_weekday_said_on_the_same_weekday_is_a_week_away() -> None:
    friday = date(2026, 11, 27)
    assert parse_date("в пятницу", friday) == date(2026, 12, 4)
    assert parse_date("в эту пятницу", friday) == friday
    assert parse_date("next friday", date(2026, 11, 23)) == date(2026, 12, 4)


def test_a_time_that_spring_skips_becomes_the_next_minute_there_is() -> None:
    moment = parse_moment("28.03.2027 02:30", NOW.astimezone(BERLIN))
    assert moment.isoformat() == "2027-03-28T03:00:00+02:00"


def test_a_time_that_autumn_shows_twice_is_taken_the_first_time() -> None:
    moment = parse_moment("31.10.2027 02:30", NOW.astimezone(BERLIN))
    assert moment.isoformat() == "2027-10-31T02:30:00+02:00"


def test_an_hour_is_an_hour_even_when_clocks_change() -> None:
    before = datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN)
    assert parse_moment("через час", before) == datetime(2027, 3, 28, 3, 30, tzinfo=BERLIN)
    assert parse_moment("через 2 часа", before).astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=2)


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        parse_moment("в 10", datetime(2026, 11, 22))  # noqa: DTZ001


near_days = st.dates(TODAY, TODAY + timedelta(days=364))
zones = st.sampled_from(["Europe/Moscow", "Europe/Berlin", "Asia/Kamchatka", "America/New_York"]).map(ZoneInfo)
nows = st.builds(
    lambda naive, zone: naive.replace(tzinfo=UTC).astimezone(zone),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
    zones,
)
SMALL_WORDS = "в во на к до через назад ago in at on the next следующую эту неделе week числа го - . : , / ч"
NUMBERS = "0 1 2 3 9 10 12 14 24 28 29 30 31 32 45 60 99 2026 2027 0000 9999 14.03 10:45 10-45 6pm"
vocabulary = st.sampled_from(
    [
        *date_words.MONTHS, *date_words.WEEKDAYS, *date_words.DAY_WORDS, *date_words.UNIT_OF, *date_words.PARTS,
        *SMALL_WORDS.split(), *NUMBERS.split(),
    ]
)  # fmt: skip


@given(near_days)
@settings(max_examples=150, deadline=None)
def test_every_way_of_writing_a_near_date_means_that_date(day: date) -> None:
    month = GENITIVE[day.month - 1]
    for raw in (
        f"{day:%d.%m}", f"{day:%d.%m.%Y}", f"{day:%d/%m/%y}", day.isoformat(), f"{day.day} {month}",
        f"{day.day} {month} {day.year} г.", f"{WEEKDAYS[day.weekday()]}, {day.day} {month}", f"{day:%B %d, %Y}",
        f"через {(day - TODAY).days} дн",
    ):  # fmt: skip
        assert parse_date(raw, TODAY) == day, raw


@given(nows, st.times())
@settings(max_examples=150, deadline=None)
def test_a_time_alone_is_ahead_and_no_more_than_a_day_and_an_hour_away(now: datetime, clock: object) -> None:
    moment = parse_moment(f"{clock:%H:%M}", now)
    ahead = moment.astimezone(UTC) - now.astimezone(UTC)
    assert timedelta(0) < ahead <= timedelta(hours=25)


@given(st.one_of(st.text(st.characters(), max_size=40), st.lists(vocabulary, max_size=7).map(" ".join)), nows)
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_moment_or_a_refusal(raw: str, now: datetime) -> None:
    for past in (False, True):
        for parse in (lambda past=past: parse_moment(raw, now, past=past),
                      lambda past=past: parse_date(raw, now.date(), past=past)):  # fmt: skip
            try:
                value = parse()
            except InvalidValue as wrong:
                assert str(wrong)
                assert wrong.code.startswith("when.")
            else:
                assert 1899 <= value.year <= 2200


@pytest.mark.parametrize(
    ("raw", "today", "last", "past"),
    [
        ("31.02", date(2026, 11, 23), date(2027, 2, 28), False),
        ("30 февраля", date(2027, 11, 23), date(2028, 2, 29), False),
        ("31.11", date(2026, 11, 23), date(2026, 11, 30), False),
        ("31.02", date(2026, 11, 23), date(2026, 2, 28), True),
        ("31.04", date(2026, 2, 23), date(2025, 4, 30), True),
    ],
)
def test_a_day_that_no_month_has_is_answered_with_the_last_day_of_the_month_meant(
    raw: str, today: date, last: date, past: bool
) -> None:
    """truth 34: «31.02» in November 2026 is told of February 2027, whose last day is the 28th."""
    with pytest.raises(InvalidValue) as wrong:
        parse_date(raw, today, past=past)
    assert wrong.value.data["last"] == last.day
    assert wrong.value.example == f"{last:%d.%m.%Y}"
