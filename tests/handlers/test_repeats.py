"""What delivery asks of a message: that a repeat says so, whatever shape it has, and that nothing untrue is said."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.database import Database
from handlers.notices import compose
from handlers.notices.compose import OutgoingMessage
from models.notices.deal_notices import Reminder
from models.outbox import DeliveryState, Envelope, Scheduled
from models.tables.outbox import ScheduledRow
from services.deals import deal_commands, deal_queries
from services.outbox import notices, schedule
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, open_office, plain
from tests.worlds.outbox import notices as said

REPEAT = "Возможно, повтор"


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


def rule_of(office: Office) -> str:
    """A robot that reminds by the clock of a deal on the first stage."""
    rules = office.company.processes["furniture"].rules
    return next(name for name, robot in rules.items() if robot.timed and name.startswith("order.contract."))


async def remind(office: Office, deal_id: int, how_many: int) -> list[Scheduled]:
    """Reminders of the deal for its manager, as they stand on the schedule."""
    rule = rule_of(office)

    def put(work: UnitOfWork) -> None:
        deal = deal_queries.get(work, deal_id)
        for place in range(how_many):
            row = notices.to(
                work, office.staff["manager"], Reminder(f"Позвоните клиенту, {place}"), rule=rule,
                cause=str(place), deal_id=deal_id, envelope=Envelope(stage=f"{deal.pipeline}.{deal.stage}"),
            )  # fmt: skip
            schedule.put(work, [row])

    await office.run(put)
    return await office.run(lambda work: said(work, ScheduledRow.rule == rule))


async def composed(office: Office, rows: list[Scheduled], *, repeat: bool) -> list[OutgoingMessage]:
    return await office.run(lambda work: compose.compose(work, rows, repeat=repeat))


@pytest.mark.parametrize("repeat", [True, False])
@pytest.mark.parametrize("how_many", [1, compose.DIGEST_FROM], ids=["alone", "several in one"])
async def test_a_repeat_says_so_and_nothing_else_does(office: Office, how_many: int, repeat: bool) -> None:
    deal = await office.deal()
    [message] = await composed(office, await remind(office, deal.id, how_many), repeat=repeat)
    assert len(message.rows) == how_many
    assert (REPEAT in plain(message.screen)) == repeat


@pytest.mark.parametrize("repeat", [True, False])
async def test_a_repeat_with_a_card_of_its_own_says_so_and_nothing_else_does(office: Office, repeat: bool) -> None:
    await office.assembly()
    installers = ScheduledRow.employee_id == office.staff["installer"].id
    rows = await office.run(lambda work: said(work, installers))
    [message] = await composed(office, rows[:1], repeat=repeat)
    assert "Сборка у клиента" in plain(message.screen)
    assert (REPEAT in plain(message.screen)) == repeat


async def test_what_is_no_longer_true_is_not_said(office: Office) -> None:
    """The deal has moved on between the reminder and its sending: it is void, and nobody hears it."""
    deal = await office.deal(budget=Decimal(150_000))
    rows = await remind(office, deal.id, 1)
    await office.run(lambda work: deal_commands.move(work, deal.id, None, "prepayment"), "manager")
    office.now += timedelta(hours=1)
    assert await composed(office, rows, repeat=False) == []
    [after] = await office.run(lambda work: said(work, ScheduledRow.rule == rule_of(office)))
    assert after.delivery_state is DeliveryState.VOID
