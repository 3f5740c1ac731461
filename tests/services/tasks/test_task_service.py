"""Tasks: whose they are, taking, ticking, closing, putting off (C-3, C-8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from models.entities import Task
from models.errors import AlreadyDone, MoveRefused, NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from services.deals import deal_commands, handover
from services.people import employees
from services.tasks import agenda, task_commands, task_queries
from services.unit_of_work import UnitOfWork
from tests.worlds.office import COMPANY, NOON, Office, hire, open_office, race


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def discount(office: Office) -> int:
    """A task given to the supervisors, whoever takes it."""
    deal, _ = await office.refused()
    rule = next(name for name in COMPANY.processes["furniture"].rules if name.startswith("order.refused.tap"))
    await office.run(lambda work: deal_commands.tap(work, deal.id, rule, {"discount": "5 %"}), "manager")
    found = await office.run(lambda work: task_queries.of_deal(work, deal.id))
    return next(one.id for one in found if one.name == "approve_discount")


async def test_of_two_who_take_a_task_at_once_one_gets_it(office: Office) -> None:
    second = await hire(office, "supervisor", 2000, "Софья")
    key = await discount(office)

    both = (office.staff["supervisor"], second)
    got = await race(office, [(lambda work: task_commands.take(work, key), who) for who in both])
    won = [one for one in got if isinstance(one, Task)]
    lost = [one for one in got if isinstance(one, AlreadyDone)]
    assert len(won) == 1 and len(lost) == 1
    held = await office.run(lambda work: task_queries.get(work, key), "owner")
    assert held.assignee_id == won[0].assignee_id
    assert lost[0].who == (await office.run(lambda work: employees.get(work, held.assignee_id or 0))).name


async def test_taking_what_one_has_already_changes_nothing(office: Office) -> None:
    second = await hire(office, "supervisor", 2000, "Софья")
    key = await discount(office)
    await office.run(lambda work: task_commands.take(work, key), second)
    assert (await office.run(lambda work: task_commands.take(work, key), second)).assignee_id == second.id


async def test_m_8_who_acts_on_a_task_of_his_role_has_taken_it(office: Office) -> None:
    """M-8: a task given to several people is the business of the first one who does anything about it."""
    second = await hire(office, "supervisor", 2000, "Софья")
    key = await discount(office)
    later = office.now + timedelta(days=1)
    held = await office.run(lambda work: task_commands.put_off(work, key, later, "завтра спрошу"), second)
    assert (held.assignee_id, held.role) == (second.id, None)
    with pytest.raises(AlreadyDone) as faster:
        await office.run(lambda work: task_commands.take(work, key), "supervisor")
    assert faster.value.who == "Софья"


async def test_a_task_of_another_role_is_not_taken_C8(office: Office) -> None:
    await hire(office, "supervisor", 2000, "Софья")
    key = await discount(office)
    with pytest.raises(NotAllowed):
        await office.run(lambda work: task_commands.take(work, key), "manager")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: task_commands.take(work, key), "installer")


async def test_a_task_is_closed_once(office: Office) -> None:
    _, call = await office.refused()
    await office.run(lambda work: task_commands.close(work, call.id, "final"), "manager")
    for job in (
        lambda work: task_commands.close(work, call.id, "final"),
        lambda work: task_commands.put_off(work, call.id, office.now + timedelta(days=1), "позже"),
        lambda work: task_commands.take(work, call.id),
    ):
        with pytest.raises(AlreadyDone) as done:
            await office.run(job, "manager")
        assert done.value.who == "Анна"


async def test_an_unknown_outcome_is_refused(office: Office) -> None:
    _, call = await office.refused()
    with pytest.raises(MoveRefused) as refused:
        await office.run(lambda work: task_commands.close(work, call.id, "nothing"), "manager")
    assert [one.code for one in refused.value.refusal.reasons] == ["no_button"]


async def test_a_task_is_put_off_to_a_later_moment_only(office: Office) -> None:
    _, call = await office.refused()
    with pytest.raises(ValueError, match="later"):
        await office.run(lambda work: task_commands.put_off(work, call.id, work.now, "позже"), "manager")
    with pytest.raises(NotAllowed):
        await office.run(
            lambda work: task_commands.put_off(work, call.id, work.now + timedelta(1), "позже"), "installer"
        )
    with pytest.raises(NotFound):
        await office.run(lambda work: task_commands.put_off(work, 2**40, work.now + timedelta(1), "позже"), "manager")


async def test_a_task_that_was_put_off_rings_once_at_its_new_time(office: Office) -> None:
    _, job = await office.assembly()
    until = NOON + timedelta(days=5)
    for moment in (until, NOON + timedelta(days=7), until):
        await office.run(lambda work, at=moment: task_commands.put_off(work, job.id, at, "клиент занят"), "installer")

    def pending(work: UnitOfWork) -> list[object]:
        query = select(ScheduledRow.run_at).where(
            ScheduledRow.task_id == job.id, ScheduledRow.kind == "task", ScheduledRow.done_at.is_(None)
        )
        return list(work.tx.execute(query).scalars())

    assert await office.run(pending) == [until]


async def test_a_task_goes_along_with_its_deal(office: Office) -> None:
    other = await hire(office, "manager", 2000, "Борис")
    deal, call = await office.refused()
    await office.run(lambda work: handover.assign(work, deal.id, other.id), "supervisor")
    assert (await office.run(lambda work: task_queries.get(work, call.id), other)).assignee_id == other.id
    with pytest.raises(NotAllowed):
        await office.run(lambda work: task_queries.get(work, call.id), "manager")


async def test_calls_of_a_list_stay_out_of_my_tasks_until_their_day_F_E5(office: Office) -> None:
    _, call = await office.refused()
    assert await office.run(agenda.counts, "manager") == {"overdue": 0, "today": 0, "coming": 0, "practice": 0}
    assert await office.run(agenda.lists, "manager") == []
    office.now = call.due_at
    assert (await office.run(agenda.counts, "manager"))["today"] == 1
    assert [one.title for one in await office.run(agenda.lists, "manager")] == ["Повторный обзвон"]
    assert await office.run(agenda.lists, "installer") == []


async def test_jobs_stand_by_the_time_to_be_there_even_if_put_off(office: Office) -> None:
    _, late = await office.assembly(NOON + timedelta(days=3))
    _, soon = await office.assembly(NOON + timedelta(days=4))
    await office.run(lambda work: task_commands.put_off(work, late.id, NOON + timedelta(days=6), "позже"), "installer")
    found = await office.run(agenda.jobs, "installer")
    assert [one.task.id for one in found] == [late.id, soon.id]
    assert [one.at for one in found] == [NOON + timedelta(days=3), NOON + timedelta(days=4)]


async def test_a_deleted_deal_s_tasks_are_gone(office: Office) -> None:
    deal, call = await office.refused()
    assert (await office.run(agenda.open_counts, "supervisor")).values(), "somebody is to call"
    await office.run(lambda work: deal_commands.delete(work, deal.id), "owner")
    assert not (await office.run(agenda.open_counts, "supervisor"))
    with pytest.raises(NotFound):
        await office.run(lambda work: task_queries.get(work, call.id), "manager")
