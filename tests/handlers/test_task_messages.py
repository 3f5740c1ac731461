"""What is sent about tasks: a task given, a task due, the call list of a day (F-E5, K-4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.database import Database
from handlers.notices import compose
from handlers.notices.compose import OutgoingMessage
from models.errors import NotFound
from services import timers
from services.outbox import queue
from services.tasks import task_commands
from services.unit_of_work import UnitOfWork
from tests.worlds import wire
from tests.worlds.office import NOON, Office, find, hire, labels, open_office, plain


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def sent(office: Office) -> list[OutgoingMessage]:
    """Everything that is due now, as the delivery would send it, each message on its own."""

    def ring(work: UnitOfWork) -> None:
        for row in queue.claim(work):
            if row.kind != "notice":
                timers.fire(work, row)

    def letters(work: UnitOfWork) -> list[OutgoingMessage]:
        out = []
        for row in queue.claim(work):
            out += compose.compose(work, [row])
            queue.finish(work, row)
        return out

    first = await office.run(letters_of_notices)
    await office.run(ring)
    return first + await office.run(letters)


def letters_of_notices(work: UnitOfWork) -> list[OutgoingMessage]:
    """Notices that wait already; other rows are left for ringing."""
    out = []
    for row in queue.claim(work):
        if row.kind == "notice":
            out += compose.compose(work, [row])
            queue.finish(work, row)
        else:
            queue.retry(work, row, work.now, "later")
    return out


async def test_an_installer_is_told_of_his_job_with_the_card_itself_K4(office: Office) -> None:
    await office.assembly()
    key = office.staff["installer"].id
    told = [one for one in await sent(office) if one.employee_id == key]
    assert len(told) == 1
    assert plain(told[0].screen).startswith("🔔 Вам дали задачу\n\n📋 Сборка у клиента")
    assert "☐ Подтверждаю выезд" in labels(told[0].screen)
    assert "₽" not in plain(told[0].screen)
    assert (await office.tap("installer", find(told[0].screen, "☐ Подтверждаю выезд"))).screen is not None


async def test_a_task_that_is_due_says_so(office: Office) -> None:
    _, job = await office.assembly()
    await sent(office)
    office.now = job.due_at
    told = [plain(one.screen) for one in await sent(office) if one.employee_id == office.staff["installer"].id]
    assert any(text.startswith("🔔 Пора: срок задачи наступил") for text in told)


async def test_a_task_that_was_closed_meanwhile_is_not_sent(office: Office) -> None:
    _, job = await office.assembly(NOON + timedelta(hours=2))
    await office.run(lambda work: task_commands.close(work, job.id, "claim", {"claim": "Царапина"}), "manager")
    assert not [one for one in await sent(office) if "Сборка у клиента" in plain(one.screen)]


async def test_the_calls_of_a_day_come_as_one_message_F_E5(office: Office) -> None:
    office.now = datetime(2026, 11, 16, 9, tzinfo=UTC)
    for place in range(5):
        await office.refused(name=f"Клиент {place}", phone=f"+7916000000{place}")
    await sent(office)
    office.now = datetime(2026, 12, 15, 7, tzinfo=UTC)
    told = [one for one in await sent(office) if "Повторный обзвон" in plain(one.screen)]
    assert len(told) == 1 and told[0].employee_id == office.staff["manager"].id
    assert plain(told[0].screen).startswith("📞 Повторный обзвон — 15 декабря")
    assert labels(told[0].screen)[:5] == [f"Клиент {place} — Дорого" for place in range(5)]
    key = told[0].rows[0].id
    again = await office.tap("manager", wire.data("calls", key))
    assert labels(again.screen)[:5] == labels(told[0].screen)[:5]
    other = await hire(office, "manager", 2000, "Борис")
    with pytest.raises(NotFound):
        await office.tap(other, wire.data("calls", key))


async def test_a_list_that_was_worked_off_before_its_message_is_empty_and_says_so(office: Office) -> None:
    _, call = await office.refused()
    office.now = call.due_at
    await office.tap("manager", wire.data("task", call.id))
    await office.tap("manager", "Отказ окончательный")
    answer = await office.tap("manager", wire.data("calls", "t", call.id))
    assert "Все звонки сделаны" in plain(answer)
    assert office.now > NOON
