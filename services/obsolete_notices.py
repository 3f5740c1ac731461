"""Messages that say nothing any more when they are due: their task is closed, their deal has moved on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from models.notices.notice import Notice
from models.outbox import Scheduled
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork

N = TypeVar("N", bound=Notice)
Test = Callable[[UnitOfWork, N], bool]
RowTest = Callable[[UnitOfWork, Scheduled], bool]
TESTS: dict[type[Notice], Test[Any]] = {}
ROW_TESTS: dict[type[Notice], RowTest] = {}


def obsolete_when(kind: type[N]) -> Callable[[Test[N]], Test[N]]:
    """Register when a notice of a kind says nothing any more; without a test it hangs on its deal's stage."""

    def register(test: Test[N]) -> Test[N]:
        if kind in TESTS:
            raise ValueError(f"the notice {kind.kind} becomes obsolete by two tests")
        TESTS[kind] = test
        return test

    return register


def obsolete_row_when(*kinds: type[Notice]) -> Callable[[RowTest], RowTest]:
    """The same, of notices that do not say themselves which deal they are about."""

    def register(test: RowTest) -> RowTest:
        ROW_TESTS.update(dict.fromkeys(kinds, test))
        return test

    return register


def is_obsolete(work: UnitOfWork, row: Scheduled) -> bool:
    """Whether the message should not be sent any more."""
    said = row.notice
    about = ROW_TESTS.get(type(said))
    if about is not None:
        return about(work, row)
    test = TESTS.get(type(said))
    return test(work, said) if test is not None else _has_moved_on(work, row)


def _has_moved_on(work: UnitOfWork, row: Scheduled) -> bool:
    """A reminder of a robot that fires by the clock is about the stage on which the deal stood."""
    if row.deal_id is None:
        return False
    deal = deal_queries.find(work, row.deal_id)
    if deal is None or deal.process not in work.company.processes:
        return True
    robot = work.process(deal.process).rules.get(row.rule)
    stands = f"{deal.pipeline}.{deal.stage}"
    return robot is not None and robot.timed and row.envelope.stage not in (None, stands)
