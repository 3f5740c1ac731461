"""Numbers that people see: counted within a year of the company's calendar, without gaps or twins (K-9, K-11).

The counter is a row: a transaction that fails gives its number back, two at once wait for each other.
"""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from models.tables.deals import CounterRow
from services.unit_of_work import UnitOfWork

COUNT_UP = (
    update(CounterRow)
    .where(CounterRow.name == bindparam("key"))
    .values(value=CounterRow.value + 1)
    .returning(CounterRow.value)
)
COUNT_FROM = {
    name: module.insert(CounterRow).on_conflict_do_nothing()
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}


def next_of_year(work: UnitOfWork, name: str, shape: str) -> str:
    """The next number of that name, as `shape` writes it: {year} and {n} stand for the year and the count."""
    year = work.company.calendar.today(work.now).year
    return shape.format(year=year, n=_count(work, f"{name}:{year}"))


def _count(work: UnitOfWork, key: str) -> int:
    value = work.tx.execute(COUNT_UP, {"key": key}).scalar_one_or_none()
    if value is None:  # the first of the year; of two at once the second waits here and counts on
        work.tx.execute(COUNT_FROM[work.tx.dialect.name], {"name": key, "value": 0})
        value = work.tx.execute(COUNT_UP, {"key": key}).scalar_one()
    return int(value)
