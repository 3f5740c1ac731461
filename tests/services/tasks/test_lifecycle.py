"""Tasks that a move gives, and whom they go to: told once, to whom they concern, and they ring when they are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from models.entities import Deal, Task
from models.outbox import DeliveryState, Scheduled
from models.tables.outbox import ScheduledRow
from services.deals import handover
from services.outbox import queue
from services.people import employees
from services.tasks import task_commands, task_queries
from services.unit_of_work import UnitOfWork
from tests.worlds import notice_shop
from tests.worlds.notice_shop import HOUR, MORNING, News, begin, fill, move, visit_of
from tests.worlds.office import NOON, Office, hire
from tests.worlds.outbox import scheduled


@pytest.fixture
async def office(database: Database) -> Office:
    return await notice_shop.open_shop(database)


async def task_of(office: Office, deal: Deal, name: str) -> Task:
    found = await office.run(lambda work: task_queries.of_deal(work, deal.id))
    return next(one for one in found if one.name == name)


async def rings(office: Office, task: Task) -> list[Scheduled]:
    return await office.run(lambda work: scheduled(work, ScheduledRow.task_id == task.id, ScheduledRow.kind == "task"))


# --- who is told of it ----------------------------------------------------------------------------------------------


async def test_who_gives_himself_a_task_by_his_own_move_sees_it_and_is_not_told(office: Office) -> None:
    news = News(office)
    await begin(office, "manager")
    assert await news.told("task") == [("Тимур", "task")]
    await begin(office, "supervisor")
    assert await news.told("task") == [("Анна", "task"), ("Тимур", "task")]


async def test_who_acts_and_is_named_for_the_job_himself_is_told_like_anybody(office: Office) -> None:
    """The job comes to him with its buttons; and he is awake."""
    deal = await begin(office, fitter=office.staff["manager"].id)
    office.later(hours=14)
    news = News(office)
    await news.rows()
    await move(office, deal, "work")
    mine = [row for row in await news.rows() if row.notice.kind == "task" and row.task_id is not None]
    at = {row.employee_id: row.run_at for row in mine}
    assert at[office.staff["manager"].id] == office.now


async def test_c_4_a_job_given_at_night_is_told_in_the_morning(office: Office) -> None:
    deal = await begin(office, fitter=office.staff["installer"].id)
    office.later(hours=14)
    news = News(office)
    await news.rows()
    await move(office, deal, "work")
    found = {row.employee_id: row for row in await news.rows() if row.notice.kind == "task"}
    job = found[office.staff["installer"].id]
    assert (job.run_at, job.scheduled_for) == (MORNING, office.now)


async def test_a_learner_s_task_when_he_has_left_is_told_to_nobody_K2(office: Office) -> None:
    deal = await begin(office, pipeline="school")
    await office.run(lambda work: employees.dismiss(work, office.staff["manager"].id), "owner")
    await hire(office, "manager", 2000, "Борис")
    news = News(office)
    await news.rows()
    await move(office, deal, "work", "owner")
    assert (await task_of(office, deal, "fit")).assignee_id is None
    assert await news.told() == []


# --- when it rings --------------------------------------------------------------------------------------------------


async def test_a_closed_task_rings_no_more(office: Office) -> None:
    call = await task_of(office, await begin(office), "call")
    assert [row.delivery_state for row in await rings(office, call)] == [DeliveryState.WAITING]
    await office.run(lambda work: task_commands.close(work, call.id, "done", {}), "manager")
    assert [row.delivery_state for row in await rings(office, call)] == [DeliveryState.VOID]


async def test_a_task_whose_day_is_moved_and_put_back_rings_once_on_its_day(office: Office) -> None:
    first, second = NOON + timedelta(days=1), NOON + timedelta(days=2)
    deal = await begin(office, ready_at=first)
    await move(office, deal, "work")
    check = await task_of(office, deal, "check")
    await fill(office, deal, ready_at=second)
    await fill(office, deal, ready_at=first)
    waiting = [row for row in await rings(office, check) if row.delivery_state == DeliveryState.WAITING]
    assert [(row.run_at, row.scheduled_for) for row in waiting] == [(first, first)]
    assert (await task_of(office, deal, "check")).due_at == first


async def test_a_ring_that_was_put_back_starts_afresh_whatever_became_of_it_before(office: Office) -> None:
    """Its moment has come, a ring has failed, somebody is at it again: the moved day takes all that away."""
    first = NOON + HOUR
    deal = await begin(office, ready_at=first)
    await move(office, deal, "work")
    check = await task_of(office, deal, "check")
    office.later(hours=1)

    def claim(work: UnitOfWork) -> Scheduled:
        [found] = [row for row in queue.claim(work) if row.task_id == check.id and row.kind == "task"]
        return found

    ring = await office.run(claim)
    await office.run(lambda work: queue.retry(work, ring, first, "the database was away"))
    await office.run(claim)
    await fill(office, deal, ready_at=first + HOUR)
    await fill(office, deal, ready_at=first)
    again = await office.run(claim)
    assert (again.id, again.failures, again.tries, again.failure, again.done_at) == (ring.id, 0, 0, None, None)
    assert again.attempts > ring.attempts, "whoever had it before has it no more"


# --- when a deal changes hands --------------------------------------------------------------------------------------


async def test_who_takes_a_deal_that_is_nobodys_takes_the_managers_tasks_and_no_other_s(office: Office) -> None:
    await hire(office, "technologist", 2000, "Тарас")  # two of them: the task is for whichever takes it
    deal = await begin(office, who=None, of=None)
    assert (await task_of(office, deal, "call")).assignee_id is None
    await office.run(lambda work: handover.take(work, deal.id), "manager")
    call, plan = await task_of(office, deal, "call"), await task_of(office, deal, "plan")
    assert (call.assignee_id, call.role) == (office.staff["manager"].id, None)
    assert (plan.assignee_id, plan.role) == (None, "technologist")


async def test_f_e_5_a_call_that_changes_hands_comes_with_the_new_ones_list(office: Office) -> None:
    boris = await hire(office, "manager", 2000, "Борис")
    deal = await begin(office)
    await move(office, deal, "waiting")
    call = await task_of(office, deal, "ring")

    def lists(work: UnitOfWork) -> list[tuple[int, str, Any]]:
        found = (
            select(ScheduledRow.employee_id, ScheduledRow.rule, ScheduledRow.run_at)
            .where(ScheduledRow.kind == "list")
            .order_by(ScheduledRow.id)
        )
        return [tuple(row) for row in work.tx.execute(found)]

    hers = (office.staff["manager"].id, "Обзвон", call.due_at)
    assert await office.run(lists) == [hers]
    await office.run(lambda work: handover.assign(work, deal.id, boris.id), "supervisor")
    assert await office.run(lists) == [hers, (boris.id, "Обзвон", call.due_at)]
    assert (await task_of(office, deal, "ring")).assignee_id == boris.id


async def test_c_5_a_job_goes_along_with_the_visit_to_another_and_both_are_told(office: Office) -> None:
    igor, pavel = office.staff["installer"], await hire(office, "installer", 2000, "Павел")
    deal = await begin(office, visit=visit_of(igor, NOON + timedelta(days=2)))
    await move(office, deal, "work")
    office.later(hours=14)
    news = News(office)
    await news.rows()
    await fill(office, deal, visit=visit_of(pavel, NOON + timedelta(days=3)))
    rows = [row for row in await news.rows() if row.notice.kind in ("task", "taken")]
    assert {(row.employee_id, row.notice.kind): row.run_at for row in rows} == {
        (pavel.id, "task"): MORNING, (igor.id, "taken"): MORNING,
    }  # fmt: skip
    assert (await task_of(office, deal, "drive")).assignee_id == pavel.id


async def test_c_5_a_visit_of_the_same_person_at_another_time_is_no_other_job(office: Office) -> None:
    igor = office.staff["installer"]
    deal = await begin(office, visit=visit_of(igor, NOON + timedelta(days=2)))
    await move(office, deal, "work")
    news = News(office)
    await news.rows()
    await fill(office, deal, visit=visit_of(igor, NOON + timedelta(days=3)))
    assert await news.told() == []
    assert (await task_of(office, deal, "drive")).assignee_id == igor.id
