"""Every zone there is, and every time in it that its clocks were or will be set, 2025–2037 (proof 25)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.values.local_time import resolve
from models.values.work_calendar import QuietHours, WorkCalendar

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def changes(zone: ZoneInfo, step: timedelta = timedelta(days=7)) -> Iterator[tuple[datetime, timedelta]]:
    """The instants (UTC) at which the zone's clocks are set, and by how much."""
    at = FIRST
    while at < LAST:
        if at.astimezone(zone).utcoffset() != (at + step).astimezone(zone).utcoffset():
            low, high = at, at + step
            while high - low > MINUTE:
                middle = low + (high - low) // 2 // MINUTE * MINUTE
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high, _offset(high, zone) - _offset(low, zone)
        at += step


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    found = at.astimezone(zone).utcoffset()
    assert found is not None
    return found


def wrong_of(zone: ZoneInfo, at: datetime, by: timedelta) -> Iterator[str]:
    """What goes otherwise than promised with a time that this change skips, or shows twice."""
    after = at.astimezone(zone)
    local = after.replace(tzinfo=None) - by // 2  # in the middle of the gap; or of what is shown twice
    local = local.replace(second=0)
    found = resolve(local.date(), local.time(), zone).astimezone(UTC)
    if by > timedelta(0):
        if found != at:
            yield f"{zone.key}: {local} does not exist and rings at {found}, not at {at}"
    elif found != (local - _offset(at - MINUTE, zone)).replace(tzinfo=UTC):
        yield f"{zone.key}: {local} is shown twice and rings at {found}, not the first time"
    opens = local.time()
    ending = QuietHours((local - timedelta(hours=3)).time(), opens).end_after(at - timedelta(hours=2), zone)
    if not at - timedelta(hours=3) <= ending <= at + timedelta(hours=2):
        yield f"{zone.key}: the quiet until {opens} around {at} ends at {ending}"
    if opens < time(23):
        calendar = WorkCalendar(zone, opens, time(0))
        rings = [calendar.at((local + place * DAY).date(), opens) for place in range(-1, 2)]
        if sorted(set(rings)) != rings:
            yield f"{zone.key}: three days around {at} ring at {rings}"


def test_no_wall_time_is_lost_or_rings_twice_in_any_zone() -> None:
    tried, zones, wrong = 0, 0, []
    for key in sorted(zoneinfo.available_timezones()):
        if key.startswith(("posix", "right")) or key in ("localtime", "Factory"):
            continue
        zone = ZoneInfo(key)
        zones += 1
        for at, by in changes(zone):
            tried += 1
            wrong += wrong_of(zone, at, by)
    print(f"{zones} zones, {tried} changes of clocks")
    assert wrong == []
    assert zones > 400
    assert tried > 3000
