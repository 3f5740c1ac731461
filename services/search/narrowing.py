"""Of what was found, those that one is after: what waits for me, my own, by stage, by person, by age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select

from models.ids import EmployeeId
from models.tables.tasks import TaskRow
from services.search.search_hits import SearchHit
from services.unit_of_work import UnitOfWork

MONTH = timedelta(days=30)
WAITS, MINE, OPEN, LATELY = "w", "m", "o", "n"
STAGE, PERSON = "s.", "p."
MOST = 8  # stages, or people, that are offered
MY_TASKS = select(TaskRow.deal_id).where(TaskRow.assignee_id == bindparam("who"), TaskRow.state == "open").distinct()
Test = Callable[[SearchHit], bool]


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """A filter that finds something: its word in a button, and how many. One of a stage, a person, or of a kind."""

    word: str
    count: int
    process: str = ""
    pipeline: str = ""
    stage: str = ""
    person: EmployeeId | None = None


def apply(work: UnitOfWork, hits: Sequence[SearchHit], only: str | None) -> list[SearchHit]:
    """Those of the deals that the filter leaves; an unknown one leaves all."""
    test = _test(work, only) if only else None
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


def _if_it_tells(one: SearchFilter, hits: Sequence[SearchHit]) -> Iterator[SearchFilter]:
    if 0 < one.count < len(hits):
        yield one


def _test(work: UnitOfWork, only: str) -> Test | None:
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
