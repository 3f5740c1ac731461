"""A reminder before a date comes before it, in its reader's own hours: every week, zone, night (truth 12)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.entities import Employee
from models.ids import EmployeeId
from models.values.before_date import BeforeDate
from models.values.public_holidays import CountryHolidays
from models.values.work_calendar import WorkCalendar
from services.outbox import date_reminders, notices

MOSCOW = ZoneInfo("Europe/Moscow")
RUSSIA = CountryHolidays("RU")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WEEK = dict.fromkeys(range(7), (time(8), time(20)))
ZONES = st.sampled_from(["Europe/Moscow", "Europe/Berlin", "Asia/Kamchatka", "America/New_York"])
# whole half hours of two years, the nights of clock changes and the New Year breaks among them
MOMENTS = st.integers(0, 2 * 365 * 48).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * 30 * MINUTE)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    week = draw(st.sampled_from([range(7), range(5), range(6)]))
    holidays = draw(st.sampled_from([None, RUSSIA]))
    hours = draw(st.sampled_from([(time(9), time(21)), (time(10), time(18)), (time(8), time(0))]))
    return WorkCalendar(ZoneInfo(draw(ZONES)), *hours, frozenset(week), holidays)


@st.composite
def people(draw: st.DrawFn) -> Employee:
    """Somebody with the company's hours or a week of his own, who wants quiet at night or not."""
    days = draw(st.sampled_from([None, range(7), range(5), range(1, 6)]))
    hours = draw(st.sampled_from([(time(8), time(17)), (time(9), time(18)), (time(7), time(22)), (time(11), time(20))]))
    quiet = draw(st.sampled_from([None, (20 * 60, 9 * 60 + 30), (22 * 60, 8 * 60), (12 * 60, 14 * 60)]))
    starts, ends = quiet or (None, None)
    week = None if days is None else dict.fromkeys(days, hours)
    return Employee(EmployeeId(1), 1001, "Николай", "installer", "ru", starts, ends, True, None, week=week)


def told(
    calendar: WorkCalendar, person: Employee, before: BeforeDate, set_at: datetime, *, alarm: bool = False
) -> list[datetime]:
    """When the person hears, from the moment at which the date is set until it begins and beyond."""
    now, out = set_at, list[datetime]()
    due: datetime | None = before.rings_at
    if before.rings_at < now:
        due = before.late_ring(now, calendar, alarm=alarm)
    hours = notices.hours_of(calendar, person)
    due = date_reminders.ring_at(calendar, before, due, [person], now)
    while due is not None:
        at = date_reminders.tell_at(hours, before, due, due, told=bool(out), waits=bool(out) and out[-1] >= due)
        out += [at] if at is not None else []
        due = before.next_ring(due)
    return out


@settings(max_examples=300, deadline=None)
@given(calendars(), people(), MOMENTS, st.sampled_from([HOUR, 3 * HOUR, 24 * HOUR]), st.integers(1, 400), st.booleans())
def test_it_is_heard_before_the_date_if_the_reader_has_any_time_before_it(
    calendar: WorkCalendar, person: Employee, begins: datetime, ahead: timedelta, agreed: int, alarm: bool
) -> None:
    set_at = begins - agreed * HOUR / 2
    before = BeforeDate.of(begins - ahead, begins, calendar)
    hours = notices.hours_of(calendar, person)
    heard = told(calendar, person, before, set_at, alarm=alarm)
    assert heard, "hours decide when, never whether"
    assert all(hours.contain(at) for at in heard)
    if hours.next(set_at) < begins:
        assert heard[0] < begins, "there was time before it"
    assert heard == sorted(heard) and len(heard) <= 2
    assert all(at < begins for at in heard[1:])


@settings(deadline=None)
@given(calendars(), MOMENTS, st.sampled_from([HOUR, 24 * HOUR]))
def test_who_works_as_the_company_does_hears_once_in_its_last_open_time_before(
    calendar: WorkCalendar, begins: datetime, ahead: timedelta
) -> None:
    person = Employee(EmployeeId(1), 1001, "Анна", "manager", "ru", None, None, True, None)
    before = BeforeDate.of(begins - ahead, begins, calendar)
    assert told(calendar, person, before, begins - 30 * 24 * HOUR) == [before.rings_at]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("week", "quiet", "heard"),
    [
        (None, None, ["23 20:00"]),
        (WEEK, None, ["23 19:00", "24 08:00"]),  # his day ends at eight: an hour before; and he begins at eight
        (dict.fromkeys(range(7), (time(9), time(18))), None, ["23 17:00"]),
        (None, (20 * 60, 9 * 60 + 30), ["23 19:00"]),
        (WEEK, (18 * 60, 8 * 60 + 30), ["23 17:00"]),  # he wants quiet at eight
    ],
)
def test_truth_12_an_hour_before_nine_is_told_in_the_hours_of_each(
    week: dict[int, tuple[time, time]] | None, quiet: tuple[int, int] | None, heard: list[str]
) -> None:
    starts, ends = quiet or (None, None)
    person = Employee(EmployeeId(1), 1001, "Николай", "installer", "ru", starts, ends, True, None, week=week)
    before = BeforeDate.of(at("24 08:00"), at("24 09:00"), WorkCalendar(MOSCOW))
    said = told(WorkCalendar(MOSCOW), person, before, at("20 12:00"))
    assert [f"{one.astimezone(MOSCOW):%d %H:%M}" for one in said] == heard


@settings(deadline=None)
@given(MOMENTS, people())
def test_somebodys_own_hours_are_never_left(begins: datetime, person: Employee) -> None:
    calendar = WorkCalendar(MOSCOW)
    hours = notices.hours_of(calendar, person)
    last = hours.last(begins, HOUR)
    assume(last is not None)
    assert last is not None and last < begins
    assert hours.contain(last)
    assert hours.contain(hours.next(begins))
