"""Messages that say nothing any more when they are due: their task is closed, their deal has moved on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from models.engine import balances, due_dates, engine_run, guards
from models.engine.deal_state import Moment
from models.entities import Deal
from models.notices.deal_notices import Escalation, RuleSaid, SilenceSaid
from models.notices.money_notices import RefundWanted
from models.notices.notice import Notice
from models.outbox import Scheduled
from models.process.robots import Robot
from models.process.triggers import OnDate, Stuck
from models.values import money
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork

N = TypeVar("N", bound=Notice)
Test = Callable[[UnitOfWork, N], bool]
RowTest = Callable[[UnitOfWork, Scheduled], bool]
TESTS: dict[type[Notice], Test[Any]] = {}
ROW_TESTS: dict[type[Notice], RowTest] = {}


def obsolete_when(*kinds: type[N]) -> Callable[[Test[N]], Test[N]]:
    """Register when a notice of these kinds says nothing any more; without a test it hangs on its deal's stage."""

    def register(test: Test[N]) -> Test[N]:
        for kind in kinds:
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


def outdone(work: UnitOfWork, rows: Sequence[Scheduled]) -> list[Scheduled]:
    """Of messages to one person at once, those that a later one makes pointless: «a day» where «three days» comes too.

    They are rungs of one ladder: how long one deal has stood on its stage, with the words of the process or of the net.
    """
    rungs: dict[int, list[tuple[timedelta, Scheduled]]] = {}
    for row in rows:
        if (stood := _stood(work, row)) is not None and row.deal_id is not None:
            rungs.setdefault(row.deal_id, []).append((stood, row))
    highest = [max(ladder, key=lambda rung: rung[0])[0] for ladder in rungs.values()]
    return [row for top, ladder in zip(highest, rungs.values(), strict=True) for stood, row in ladder if stood < top]


def _stood(work: UnitOfWork, row: Scheduled) -> timedelta | None:
    """How high a rung is: the net says the same as a reminder of the stage, and less."""
    if isinstance(row.notice, SilenceSaid):
        return timedelta()
    deal = deal_queries.find(work, row.deal_id) if row.deal_id is not None and row.envelope.anchor else None
    robot = work.company.processes[deal.process].rules.get(row.rule) if deal is not None else None
    return robot.on.stuck if robot is not None and isinstance(robot.on, Stuck) else None


def as_it_stands(work: UnitOfWork, row: Scheduled, said: Notice, deal: Deal | None) -> Notice:
    """The message as it is true when it is sent: of a date that has begun it says `late` what it is by now; of a
    client's money how much of it is left."""
    if isinstance(said, RefundWanted) and deal is not None and row.done_at is None:
        process = work.company.processes.get(deal.process)
        left = balances.to_return(process, deal) if process else None
        return replace(said, amount=money.to_kopecks(left)) if left else said
    if not isinstance(said, RuleSaid) or said.late is None or deal is None or not _has_begun(work, row, deal):
        return said
    return replace(said, text=said.late, late=None)


def _has_moved_on(work: UnitOfWork, row: Scheduled) -> bool:
    """A reminder of a robot that fires by the clock is about the deal as it stood: its stage, and what its timer hung
    on. What only speaks to people is asked once more whether its condition holds, and of a date that has begun only
    those above hear."""
    if row.deal_id is None:
        return False
    deal = deal_queries.find(work, row.deal_id)
    if deal is None or deal.process not in work.company.processes:
        return True
    robot = work.process(deal.process).rules.get(row.rule)
    if robot is None or not robot.timed:
        return False
    if row.envelope.stage not in (None, f"{deal.pipeline}.{deal.stage}"):
        return True
    return robot.only_tells and row.envelope.anchor is not None and not _still_true(work, row, robot, deal)


def _still_true(work: UnitOfWork, row: Scheduled, robot: Robot, deal: Deal) -> bool:
    state = deal_queries.state_of(work, deal)
    if engine_run.anchor_of(robot, state) != row.envelope.anchor:
        return False
    if not guards.all_hold(robot.if_, state, work.moment):
        return False
    said = row.notice
    return not _has_begun(work, row, deal) or isinstance(said, Escalation) or getattr(said, "late", None) is not None


def _has_begun(work: UnitOfWork, row: Scheduled, deal: Deal) -> bool:
    """Whether the date of which a robot reminds has begun, or had when the message was sent."""
    robot = work.process(deal.process).rules.get(row.rule) if deal.process in work.company.processes else None
    on = robot.on if robot is not None and robot.warns else None
    value = deal.fields.get(on.field) if isinstance(on, OnDate) else None
    return value is not None and due_dates.is_over(value, Moment(row.done_at or work.now, work.company.calendar))
