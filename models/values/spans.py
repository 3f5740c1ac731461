"""Spans that are said in days or weeks: rules count the company's working days for them. Hours and minutes are hours.

A `Days` is a length of time like any other, but remembers how it was said: `1d` is the next working day at the same
time by the clocks, `24h` is twenty-four hours.
"""

from datetime import timedelta


class Days(timedelta):
    """So many days, said as days."""


class Weeks(Days):
    """So many weeks, said as weeks: the same weekday, or the next working day after it."""


def put_off(days: int) -> Days:
    """So many days as people mean them when they put something off: whole weeks as weeks."""
    return Weeks(days=days) if days % 7 == 0 else Days(days=days)
