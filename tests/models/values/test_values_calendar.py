import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.clock_time import parse_clock
from models.values.duration import format_duration, parse_duration
from models.values.invalid_value import InvalidValue
from models.values.local_time import resolve
from models.values.public_holidays import CountryHolidays
from models.values.work_calendar import QuietHours, WorkCalendar, half_month

MOSCOW, BERLIN, SAMOA = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
OFFICE_DAYS = frozenset(range(5))
SHOWROOM = WorkCalendar(MOSCOW)
OFFICE = WorkCalendar(MOSCOW, time(9), time(18), OFFICE_DAYS)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
zones = st.sampled_from(["Europe/Moscow", "Europe/Berlin", "Asia/Kamchatka", "America/New_York", "Asia/Beirut"])
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    opens, closes = draw(st.tuples(clocks, clocks).filter(lambda pair: pair[0] < pair[1] or pair[1] == time(0)))
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return WorkCalendar(ZoneInfo(draw(zones)), opens, closes, weekdays)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_a_showroom_works_every_day_even_on_new_year() -> None:
    assert all(map(SHOWROOM.is_working, days(date(2026, 12, 28), date(2027, 1, 10))))


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_russian_production_calendar_has_its_247_days(year: int) -> None:
    official = WorkCalendar(MOSCOW, weekdays=OFFICE_DAYS, holidays=CountryHolidays("RU"))
    assert sum(map(official.is_working, days(date(year, 1, 1), date(year, 12, 31)))) == 247


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 11, 1), True),  # a Saturday that works for a moved Monday
        (date(2025, 11, 3), False),
        (date(2026, 1, 9), False),  # moved from 3 January
        (date(2026, 12, 31), False),
        (date(2026, 5, 8), True),
        (date(2026, 5, 9), False),
    ],
)
def test_days_moved_by_decree_are_known(day: date, works: bool) -> None:
    assert WorkCalendar(MOSCOW, weekdays=OFFICE_DAYS, holidays=CountryHolidays("RU")).is_working(day) is works


def test_a_showroom_with_public_holidays_rests_on_them_and_works_at_weekends() -> None:
    showroom = WorkCalendar(MOSCOW, holidays=CountryHolidays("RU"))
    assert showroom.is_working(date(2026, 11, 22))
    assert not showroom.is_working(date(2026, 1, 1))


def test_the_owner_has_the_last_word_on_any_day() -> None:
    calendar = WorkCalendar(
        MOSCOW,
        weekdays=OFFICE_DAYS,
        holidays=CountryHolidays("RU"),
        overrides={date(2026, 1, 1): True, date(2026, 11, 23): False},
    )
    assert calendar.is_working(date(2026, 1, 1))
    assert not calendar.is_working(date(2026, 11, 23))


def test_an_unknown_country_is_named() -> None:
    with pytest.raises(ValueError, match="'XX'"):
        WorkCalendar(MOSCOW, holidays=CountryHolidays("XX")).is_working(date(2026, 1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": time(18), "closes": time(9)},
        {"opens": time(9), "closes": time(9)},
        {"weekdays": frozenset()},
        {"weekdays": frozenset({7})},
    ],
)
def test_a_calendar_that_never_opens_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="day"):
        WorkCalendar(MOSCOW, **wrong)  # type: ignore[arg-type]


def test_a_calendar_whose_every_day_is_overridden_says_so_instead_of_looking_for_ever() -> None:
    never = dict.fromkeys(days(date(2026, 1, 1), date(2037, 1, 1)), False)
    calendar = WorkCalendar(MOSCOW, overrides=never)
    with pytest.raises(ValueError, match="no working day"):
        calendar.next_working(date(2026, 1, 1))
    with pytest.raises(ValueError, match="no working day"):
        calendar.next_open(datetime(2026, 1, 1, tzinfo=UTC))


def test_a_working_day_is_its_own_next_and_previous_and_a_weekend_is_not() -> None:
    friday, saturday, monday = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
    assert OFFICE.next_working(friday) == OFFICE.previous_working(friday) == friday
    assert OFFICE.next_working(saturday) == monday
    assert OFFICE.previous_working(saturday) == friday


def test_working_days_are_counted_over_weekends_both_ways() -> None:
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert OFFICE.add_working_days(friday, 1) == monday
    assert OFFICE.add_working_days(friday, 5) == date(2026, 11, 27)
    assert OFFICE.add_working_days(monday, -1) == friday
    assert OFFICE.add_working_days(date(2026, 11, 21), 0) == monday
    assert OFFICE.add_working_days(date(2026, 11, 21), 1) == monday
    assert OFFICE.add_working_days(friday, 0) == friday


def test_the_opening_minute_is_open_and_the_closing_minute_is_not() -> None:
    day = date(2026, 11, 23)
    assert OFFICE.is_open(OFFICE.at(day, time(9)))
    assert OFFICE.is_open(OFFICE.at(day, time(17, 59)))
    assert not OFFICE.is_open(OFFICE.at(day, time(18)))
    assert not OFFICE.is_open(OFFICE.at(day, time(8, 59)))


def test_after_hours_on_friday_the_next_opening_is_on_monday_morning() -> None:
    evening = datetime(2026, 11, 20, 18, 30, tzinfo=MOSCOW)
    assert OFFICE.next_open(evening) == datetime(2026, 11, 23, 9, tzinfo=MOSCOW)
    assert OFFICE.next_open(evening).tzinfo is UTC


def test_before_hours_the_next_opening_is_the_same_morning() -> None:
    assert OFFICE.next_open(datetime(2026, 11, 20, 3, tzinfo=MOSCOW)) == datetime(2026, 11, 20, 9, tzinfo=MOSCOW)


def test_a_day_may_last_until_midnight() -> None:
    calendar = WorkCalendar(MOSCOW, time(9), time(0))
    assert calendar.is_open(datetime(2026, 11, 20, 23, 59, tzinfo=MOSCOW))
    assert not calendar.is_open(datetime(2026, 11, 21, 0, 0, tzinfo=MOSCOW))


def test_on_the_autumn_night_the_second_showing_of_the_hour_still_opens_and_still_ends_the_quiet() -> None:
    at = datetime(2027, 10, 31, 1, 10, tzinfo=UTC)  # 02:10 in Berlin for the second time
    half_past_two_again = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert WorkCalendar(BERLIN, time(2, 30), time(5)).next_open(at) == half_past_two_again
    assert QuietHours(time(2), time(2, 30)).end_after(at, BERLIN) == half_past_two_again


def test_today_is_the_company_s_day_and_not_that_of_utc() -> None:
    at = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    assert SHOWROOM.today(at) == date(2026, 11, 23)
    assert SHOWROOM.local(at).isoformat() == "2026-11-23T01:30:00+03:00"
    with pytest.raises(ValueError, match="time zone"):
        SHOWROOM.today(datetime(2026, 11, 22))  # noqa: DTZ001


def test_a_skipped_time_becomes_the_next_minute_and_a_doubled_one_its_first_time() -> None:
    calendar = WorkCalendar(BERLIN)
    assert calendar.at(date(2027, 3, 28), time(2, 30)) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert calendar.at(date(2027, 10, 31), time(2, 30)) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert calendar.at(date(2027, 7, 1), time(9)) == datetime(2027, 7, 1, 7, tzinfo=UTC)


def test_a_whole_skipped_day_becomes_the_next_one() -> None:
    assert resolve(date(2011, 12, 30), time(12), SAMOA).isoformat() == "2011-12-31T00:00:00+14:00"


@given(calendars(), moments)
@settings(max_examples=200, deadline=None)
def test_the_next_opening_is_open_and_never_before(calendar: WorkCalendar, at: datetime) -> None:
    opening = calendar.next_open(at)
    assert calendar.is_open(opening)
    assert opening >= at
    assert opening - at <= timedelta(days=9)
    if opening > at:
        assert not calendar.is_open(opening - timedelta(minutes=1))


@given(calendars(), st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(-30, 30).filter(bool))
@settings(max_examples=150, deadline=None)
def test_counting_working_days_lands_on_a_working_day_that_many_steps_away(
    calendar: WorkCalendar, day: date, n: int
) -> None:
    landed = calendar.add_working_days(day, n)
    span = days(day, landed)[1:] if n > 0 else days(landed, day)[:-1]
    assert calendar.is_working(landed)
    assert sum(map(calendar.is_working, span)) == abs(n)


NIGHT = QuietHours(time(22), time(8))


@pytest.mark.parametrize(
    ("quiet", "clock", "expected"),
    [
        (NIGHT, "22:00", True),
        (NIGHT, "00:00", True),
        (NIGHT, "07:59", True),
        (NIGHT, "08:00", False),
        (NIGHT, "21:59", False),
        (QuietHours(time(13), time(14)), "13:30", True),
        (QuietHours(time(13), time(14)), "14:00", False),
        (QuietHours(time(9), time(9)), "09:00", False),
        (QuietHours(time(22), time(0)), "23:00", True),
        (QuietHours(time(22), time(0)), "00:00", False),
    ],
)
def test_quiet_hours_go_over_midnight(quiet: QuietHours, clock: str, expected: bool) -> None:
    assert quiet.contains(parse_clock(clock)) is expected


def test_quiet_hours_end_the_same_or_the_next_morning() -> None:
    morning = datetime(2026, 11, 23, 8, tzinfo=MOSCOW)
    assert NIGHT.end_after(datetime(2026, 11, 22, 23, tzinfo=MOSCOW), MOSCOW) == morning
    assert NIGHT.end_after(datetime(2026, 11, 23, 1, tzinfo=MOSCOW), MOSCOW) == morning
    noon = datetime(2026, 11, 23, 12, tzinfo=MOSCOW)
    assert NIGHT.end_after(noon, MOSCOW) == noon


@given(st.builds(QuietHours, clocks, clocks), moments, zones.map(ZoneInfo))
@settings(max_examples=150, deadline=None)
def test_the_end_of_quiet_hours_is_not_quiet_and_within_a_day(quiet: QuietHours, at: datetime, zone: ZoneInfo) -> None:
    end = quiet.end_after(at, zone)
    assert timedelta(0) <= end - at <= timedelta(hours=25)
    assert not quiet.contains(end.astimezone(zone).time())


@pytest.mark.parametrize(
    ("failed", "call"),
    [
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 11, 15), date(2026, 12, 1)),
        (date(2026, 11, 16), date(2026, 12, 15)),
        (date(2026, 11, 30), date(2026, 12, 15)),
        (date(2026, 12, 15), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2027, 1, 15)),
        (date(2027, 1, 31), date(2027, 2, 15)),
    ],
)
def test_deals_of_a_half_month_are_called_in_the_next_month(failed: date, call: date) -> None:
    assert half_month(failed) == call


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
@settings(max_examples=150, deadline=None)
def test_the_call_back_day_is_the_first_or_the_fifteenth_of_the_very_next_month(day: date) -> None:
    call = half_month(day)
    assert call.year * 12 + call.month == day.year * 12 + day.month + 1
    assert call.day == (1 if day.day <= 15 else 15)
    assert half_month(day, first=3, second=20).day == (3 if day.day <= 15 else 20)


@pytest.mark.parametrize(
    ("raw", "length"),
    [
        ("1d", timedelta(days=1)),
        ("3d", timedelta(days=3)),
        ("2h", timedelta(hours=2)),
        ("30m", timedelta(minutes=30)),
        ("1w", timedelta(weeks=1)),
        ("1d 12h", timedelta(hours=36)),
        ("1d12h", timedelta(hours=36)),
    ],
)
def test_durations_of_a_process_file(raw: str, length: timedelta) -> None:
    assert parse_duration(raw) == length
    assert parse_duration(format_duration(length)) == length


@pytest.mark.parametrize(
    "raw", ["", "0d", "5", "d", "-1d", "1.5d", "1 d", "12h 1d", "1d 1d", "1y", "4000d", "١d", "1d, 2h"]
)
def test_a_duration_is_never_guessed(raw: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_duration(raw)
    assert caught.value.code in ("duration.format", "duration.range")


@given(st.integers(1, 3650 * 24 * 60))
@settings(max_examples=150, deadline=None)
def test_a_duration_survives_being_written(minutes: int) -> None:
    length = timedelta(minutes=minutes)
    assert parse_duration(format_duration(length)) == length


@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=90), timedelta(days=-1)])
def test_a_length_that_has_no_spelling_is_refused(length: timedelta) -> None:
    with pytest.raises(ValueError, match="whole number of minutes"):
        format_duration(length)


@pytest.mark.parametrize("raw", ["", "24:00", "10:60", "10.45", "1045", "10:4", "١٠:٠٠", "10:45:00", "-1:00"])
def test_a_clock_time_is_never_guessed(raw: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_clock(raw)
    assert caught.value.code == "clock.format"


def test_clock_times_are_read_with_one_or_two_digits_of_hours() -> None:
    assert [parse_clock(raw) for raw in ("9:05", "09:05", "23:59")] == [time(9, 5), time(9, 5), time(23, 59)]


@given(st.text(st.characters(), max_size=20))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_clock_time_or_a_duration_or_a_refusal(raw: str) -> None:
    for parse in (parse_clock, parse_duration):
        try:
            assert parse(raw) is not None
        except InvalidValue as wrong:
            assert wrong.example


def test_calendars_can_be_compared_and_kept_in_sets() -> None:
    same = [WorkCalendar(MOSCOW, overrides={date(2026, 1, 1): True}) for _ in range(2)]
    assert len(set(itertools.chain(same, [SHOWROOM]))) == 2
