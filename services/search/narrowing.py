"""Of what was found, those that one is after: what waits for me, my own, by stage, by person, by age, by sum, by the
day when the deal came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy import bindparam, select

from models.ids import EmployeeId
from models.search import said_ranges
from models.search.said_ranges import DayRange, SumRange
from models.tables.tasks import TaskRow
from models.values.dates import date_arithmetic
from services.search import deal_sums
from services.search.search_hits import SearchHit
from services.unit_of_work import UnitOfWork

MONTH = timedelta(days=30)
WAITS, MINE, OPEN, LATELY = "w", "m", "o", "n"
STAGE, PERSON = "s.", "p."
MOST = 8  # stages, or people, that are offered
MOST_MONTHS = 3
MY_TASKS = select(TaskRow.deal_id).where(TaskRow.assignee_id == bindparam("who"), TaskRow.state == "open").distinct()
Test = Callable[[SearchHit], bool]


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """A filter that finds something: its word in a button, and how many. One of a stage, a person, of a kind, or of
    what lies between two ends (`models.search.said_ranges`)."""

    word: str
    count: int
    process: str = ""
    pipeline: str = ""
    stage: str = ""
    person: EmployeeId | None = None


def apply(work: UnitOfWork, hits: Sequence[SearchHit], only: str | None) -> list[SearchHit]:
    """Those of the deals that the filter leaves; an unknown one leaves all."""
    test = _test(work, hits, only) if only else None
    return [one for one in hits if test(one)] if test is not None else list(hits)


def filters(work: UnitOfWork, hits: Sequence[SearchHit]) -> Iterator[SearchFilter]:
    """The filters that leave some of the deals and not all of them."""
    for word in (WAITS, MINE, OPEN, LATELY):
        yield from _if_it_tells(SearchFilter(word, len(apply(work, hits, word))), hits)
    stages = Counter((one.process, one.pipeline, one.stage) for one in hits)
    for (process, pipeline, stage), _ in stages.most_common(MOST):
        word = f"{STAGE}{stage}"
        yield from _if_it_tells(SearchFilter(word, len(apply(work, hits, word)), process, pipeline, stage), hits)
    people = Counter(one.responsible_id for one in hits if one.responsible_id is not None)
    for person, n in people.most_common(MOST):
        yield from _if_it_tells(SearchFilter(f"{PERSON}{person}", n, person=person), hits)
    sums = deal_sums.of(work, hits)
    for one in _sum_ranges(sorted(sums.values())):
        yield from _if_it_tells(SearchFilter(one.word, sum(map(_within(one), sums.values()))), hits)
    for month in _months(work, hits):
        yield from _if_it_tells(SearchFilter(month.word, len(apply(work, hits, month.word))), hits)


def _sum_ranges(known: Sequence[int]) -> list[SumRange]:
    """Three ranges, or two, with about as many deals in each, whose ends are round."""
    if not known:
        return []
    low, high = (_round(known[len(known) * third // 3] // 100) for third in (1, 2))
    if low == high:
        return [SumRange(None, low), SumRange(low, None)]
    return [SumRange(None, low), SumRange(low, high), SumRange(high, None)]


def _round(roubles: int) -> int:
    """To its first digit: 137 500 → 100 000."""
    unit: int = 10 ** (len(str(roubles)) - 1)
    return roubles // unit * unit


def _within(said: SumRange) -> Callable[[int], bool]:
    """Whether kopecks lie between the ends."""
    low, high = (said.low or 0) * 100, None if said.high is None else said.high * 100
    return lambda kopecks: low <= kopecks and (high is None or kopecks <= high)


def _months(work: UnitOfWork, hits: Sequence[SearchHit]) -> list[DayRange]:
    """The last ones in which any came."""
    calendar = work.company.calendar
    firsts = {calendar.today(one.created_at).replace(day=1) for one in hits}
    newest = sorted(firsts, reverse=True)[:MOST_MONTHS]
    return [DayRange(one, date_arithmetic.add_months(one, 1) - timedelta(days=1)) for one in newest]


def _if_it_tells(one: SearchFilter, hits: Sequence[SearchHit]) -> Iterator[SearchFilter]:
    if 0 < one.count < len(hits):
        yield one


def _between(work: UnitOfWork, hits: Sequence[SearchHit], said: SumRange | DayRange) -> Test:
    if isinstance(said, DayRange):
        calendar = work.company.calendar
        begins, ends = calendar.at(said.first, time()), calendar.at(said.last + timedelta(days=1), time())
        return lambda hit: begins <= hit.created_at < ends
    sums, is_within = deal_sums.of(work, hits), _within(said)
    return lambda hit: hit.id in sums and is_within(sums[hit.id])


def _test(work: UnitOfWork, hits: Sequence[SearchHit], only: str) -> Test | None:
    if (between := said_ranges.of_word(only)) is not None:
        return _between(work, hits, between)
    if only == WAITS:
        mine = set(work.tx.execute(MY_TASKS, {"who": work.actor_id}).scalars())
        return lambda hit: hit.id in mine
    if only.startswith(PERSON):
        said = only.removeprefix(PERSON)
        person = int(said) if said.isdecimal() and said.isascii() else 0
        return lambda hit: hit.responsible_id == person
    tests: dict[str, Test] = {
        MINE: lambda hit: hit.responsible_id == work.actor_id,
        OPEN: lambda hit: hit.status == "open",
        LATELY: lambda hit: hit.created_at >= work.now - MONTH,
    }
    if only.startswith(STAGE):
        return lambda hit: hit.stage == only.removeprefix(STAGE)
    return tests.get(only)
