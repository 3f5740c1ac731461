"""Spans of working days, and opening hours by weekday; a reminder before a date in open time (truth 6, 7, 12, 19)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.values.before_date import EARLY, BeforeDate
from models.values.public_holidays import CountryHolidays
from models.values.spans import Days, Weeks
from models.values.work_calendar import WorkCalendar

MOSCOW = ZoneInfo("Europe/Moscow")
RUSSIA = CountryHolidays("RU")
SHOWROOM = WorkCalendar(MOSCOW)
OFFICE = WorkCalendar(MOSCOW, weekdays=frozenset(range(5)), holidays=RUSSIA)
WEEK = {**dict.fromkeys(range(5), (time(9), time(21))), 5: (time(10), time(16))}
SATURDAY_TOO = WorkCalendar(MOSCOW, weekdays=frozenset(WEEK), hours=WEEK)
zones = st.sampled_from(["Europe/Moscow", "Europe/Berlin", "Asia/Kamchatka", "America/New_York"])
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    week = draw(st.sampled_from([range(7), range(5), range(6), (1, 3)]))
    hours = draw(st.dictionaries(st.integers(0, 6), st.sampled_from([(time(10), time(16)), (time(8), time(0))])))
    holidays = draw(st.sampled_from([None, RUSSIA]))
    return WorkCalendar(ZoneInfo(draw(zones)), weekdays=frozenset(week), holidays=holidays, hours=hours)


def local(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# --- spans ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "at", "span", "then"),
    [
        (SHOWROOM, "2026-11-27 10:00", Days(days=3), "2026-11-30 10:00"),
        (OFFICE, "2026-11-27 10:00", Days(days=1), "2026-11-30 10:00"),
        (OFFICE, "2026-11-27 10:00", Days(days=3), "2026-12-02 10:00"),
        (OFFICE, "2026-11-27 10:00", timedelta(days=1), "2026-11-28 10:00"),  # said as 24h
        (OFFICE, "2026-12-30 12:00", Days(days=1), "2027-01-11 12:00"),  # the New Year break
        (OFFICE, "2026-12-30 12:00", Weeks(weeks=1), "2027-01-11 12:00"),
        (OFFICE, "2027-01-02 15:00", Days(days=1), "2027-01-12 09:00"),
        (OFFICE, "2025-10-31 12:00", Days(days=1), "2025-11-01 12:00"),  # the Saturday that works for a Monday
        (OFFICE, "2025-11-01 12:00", Days(days=1), "2025-11-05 12:00"),
    ],
)
def test_a_span_of_days_is_one_of_working_days(calendar: WorkCalendar, at: str, span: timedelta, then: str) -> None:
    assert calendar.later(local(at), span) == local(then)


@settings(deadline=None)
@given(calendars(), moments, st.integers(1, 9))
def test_days_stood_are_counted_as_they_are_planned(calendar: WorkCalendar, at: datetime, days: int) -> None:
    then = calendar.later(at, Days(days=days))
    assert calendar.is_working(calendar.today(then))
    assert calendar.days_stood(at, then) == days
    assert calendar.days_stood(at, then - timedelta(hours=2)) < days


@settings(deadline=None)
@given(zones, moments, st.integers(1, 9))
def test_who_works_every_day_counts_calendar_days_by_his_own_clocks(zone: str, at: datetime, days: int) -> None:
    calendar = WorkCalendar(ZoneInfo(zone))
    then = calendar.local(calendar.later(at, Days(days=days)))
    assert then.date() == calendar.today(at) + timedelta(days=days)
    shown = calendar.local(at).time().replace(fold=0)
    assert shown <= then.time().replace(fold=0) or then.time() < time(4), "but for an hour that a spring night skips"


def test_the_day_of_something_is_counted_from_one_by_working_days() -> None:
    friday = local("2026-11-27 22:00")
    assert [OFFICE.day_number(friday, local(f"2026-11-{day} 09:00")) for day in (27, 28, 29, 30)] == [1, 1, 1, 2]
    assert [SHOWROOM.day_number(friday, local(f"2026-11-{day} 09:00")) for day in (27, 28, 29, 30)] == [1, 2, 3, 4]


# --- hours by weekday ---------------------------------------------------------------------------------------------


def test_each_weekday_has_its_own_opening_hours() -> None:
    assert SATURDAY_TOO.next_open(local("2026-11-27 21:30")) == local("2026-11-28 10:00")
    assert SATURDAY_TOO.next_open(local("2026-11-28 16:00")) == local("2026-11-30 09:00")
    assert SATURDAY_TOO.is_open(local("2026-11-28 15:59"))


def test_a_weekend_day_that_works_has_the_hours_of_the_last_weekday_that_has_some() -> None:
    friday_short = WorkCalendar(
        MOSCOW, weekdays=frozenset(range(5)), holidays=RUSSIA,
        hours={**dict.fromkeys(range(4), (time(9), time(18))), 4: (time(9), time(17))},
    )  # fmt: skip
    assert friday_short.hours_on(date(2025, 11, 1)) == (time(9), time(17))
    assert friday_short.hours_on(date(2025, 11, 2)) == (time(9), time(17))


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="must open before it closes"):
        WorkCalendar(MOSCOW, hours={5: (time(16), time(10))})


# --- before a date ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "means", "begins", "rings"),
    [
        # the call one hour before: the first window of the day is told the evening before
        (SHOWROOM, "2026-11-24 13:00", "2026-11-24 14:00", "2026-11-24 13:00"),
        (SHOWROOM, "2026-11-24 08:00", "2026-11-24 09:00", "2026-11-23 20:00"),
        (OFFICE, "2026-11-30 08:00", "2026-11-30 09:00", "2026-11-27 20:00"),
        (OFFICE, "2027-01-11 08:00", "2027-01-11 09:00", "2026-12-30 20:00"),
        (OFFICE, "2026-11-28 11:00", "2026-11-28 12:00", "2026-11-27 20:00"),  # a Saturday's visit
        (SATURDAY_TOO, "2026-11-30 08:00", "2026-11-30 09:00", "2026-11-28 15:00"),
        (SHOWROOM, "2026-11-24 22:00", "2026-11-24 23:00", "2026-11-24 20:00"),
    ],
)
def test_before_rings_in_the_last_open_time_before(calendar: WorkCalendar, means: str, begins: str, rings: str) -> None:
    assert BeforeDate.of(local(means), local(begins), calendar).rings_at == local(rings)


@settings(deadline=None)
@given(calendars(), moments, st.integers(0, 5000))
def test_before_rings_in_open_time_not_later_than_meant(calendar: WorkCalendar, begins: datetime, ahead: int) -> None:
    means = begins - timedelta(minutes=ahead)
    before = BeforeDate.of(means, begins, calendar)
    assert calendar.is_open(before.rings_at)
    assert before.rings_at <= means
    if before.rings_at != means:
        closes = calendar.closing(calendar.today(before.rings_at))
        assert not calendar.is_open(means)
        assert calendar.next_open(closes) >= means, "the last open time before"
        assert closes - before.rings_at <= EARLY


@settings(deadline=None)
@given(calendars(), moments, moments, st.booleans())
def test_what_is_agreed_late_rings_in_open_time_before_the_date_if_there_is_any(
    calendar: WorkCalendar, begins: datetime, now: datetime, alarm: bool
) -> None:
    assume(now < begins)
    before = BeforeDate.of(begins - timedelta(hours=1), begins, calendar)
    rings = before.late_ring(now, calendar, alarm=alarm)
    assert rings >= now
    assert rings < begins
    if calendar.is_open(now):
        assert calendar.is_open(rings)
