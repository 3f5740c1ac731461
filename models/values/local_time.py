"""From what a wall clock shows to a moment, on the two odd nights of the year as well."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

MINUTE = timedelta(minutes=1)
LONGEST_GAP = 26 * 60  # minutes; Samoa once skipped a whole day


def resolve(day: date, clock: time, zone: tzinfo) -> datetime:
    """Give the moment at which clocks in ``zone`` show ``clock`` on ``day`` (aware, in that zone).

    A time that the spring change skips becomes the next minute that exists; a time that happens twice in
    autumn is taken the first time.
    """
    shown = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    for _ in range(LONGEST_GAP):
        moment = shown.replace(tzinfo=zone)
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == shown:
            return moment
        shown = shown.replace(second=0, microsecond=0) + MINUTE
    raise ValueError(f"no such wall time in {zone}: {day} {clock}")
