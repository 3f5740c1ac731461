"""What goes by itself when its time is over, and what stays; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from models.tables.forms import DraftRow
from models.tables.outbox import ScheduledRow
from models.tables.personal import ErasureRow
from models.tables.sms import SmsRow
from services.clients import client_cards
from services.deals import deal_commands
from services.oversight import journal
from services.personal import retention
from services.unit_of_work import UnitOfWork
from tests.worlds.office import NOON, Office, open_office


@pytest.fixture
async def office(database: Any) -> Office:
    return await open_office(database)


async def night(office: Office) -> list[tuple[int, str]]:
    """What the nightly job does; which deals were erased, and why."""
    while await office.run(retention.forget_messages):
        pass
    await office.run(retention.forget_drafts)
    found = await office.run(lambda work: retention.due(work.tx, work.now, work.company.kept))
    for key, reason in found:
        await office.run(lambda work, key=key, reason=reason: retention.erase_due(work, key, reason))
    return [(key, str(reason)) for key, reason in found]


async def names(office: Office) -> list[str]:
    return await office.run(
        lambda work: [row.name for row in work.tx.execute(select(ClientRow).order_by(ClientRow.id))]
    )


async def deleted(office: Office, deal_id: int) -> None:
    await office.run(lambda work: deal_commands.delete(work, deal_id), "owner")


async def test_a_deleted_deal_goes_after_thirty_days_with_the_card_that_was_made_of_it(office: Office) -> None:
    deal = await office.deal()
    await deleted(office, deal.id)
    office.later(days=29)
    assert await night(office) == [] and await names(office) == ["Мария Иванова"]
    office.later(days=2)
    assert await night(office) == [(deal.id, "deleted")]
    assert await names(office) == [""]
    [row] = await office.run(lambda work: work.tx.execute(select(DealRow.title, DealRow.fields)).all())
    assert "Мария" not in row.title and "name" not in row.fields
    assert await night(office) == []


async def test_a_card_that_serves_anything_else_stays(office: Office) -> None:
    """Of three deleted deals: the first one's client has another deal, the second's was there before, the third's is a
    firm's contact no more than a firm."""
    first, second = await office.deal(), await office.deal()
    await deleted(office, first.id)
    await office.run(lambda work: client_cards.create(work, "Пётр Давний", ["+79035554433"]))
    office.later(minutes=5)
    third = await office.deal(name="Пётр", phone="+79035554433")
    await deleted(office, third.id)
    office.later(days=31)
    assert {key for key, _ in await night(office)} == {first.id, third.id}
    assert await names(office) == ["Мария Иванова", "Пётр Давний"]
    assert (await office.run(lambda work: client_cards.get(work, second.client_id or 0))).phones == ("+79123456789",)


async def test_a_lead_that_came_to_nothing_goes_after_three_years(office: Office) -> None:
    lead = await office.deal(pipeline="leads")

    def lose(work: UnitOfWork) -> None:
        closed = {"status": "lost", "closed_at": work.now, "client_id": None}
        work.tx.execute(update(DealRow).where(DealRow.id == lead.id).values(closed))

    await office.run(lose)
    office.later(days=1095)
    assert await night(office) == []
    office.later(days=2)
    assert await night(office) == [(lead.id, "expired")]
    assert [row.reason for row in await office.run(lambda work: work.tx.execute(select(ErasureRow.reason)).all())] == [
        "expired"
    ]
    acts = await office.run(lambda work: [one.what for one in journal.latest(work.tx, NOON, 9)])
    assert "client_erased" in acts


async def test_texts_of_messages_go_after_ninety_days_and_what_was_sent_is_still_known(office: Office) -> None:
    deal = await office.deal()

    def sent(work: UnitOfWork) -> None:
        told = {"kind": "assigned", "name": "Мария"}
        work.tx.execute(
            update(ScheduledRow).where(ScheduledRow.deal_id == deal.id).values(payload=told, done_at=work.now)
        )
        sms = {"phone": "+79123456789", "text": "Мария, ждём вас", "parts": 1, "rule": "x", "state": "sent"}
        work.tx.execute(insert(SmsRow).values(deal_id=deal.id, at=work.now, **sms))

    await office.run(sent)

    async def texts() -> list[Any]:
        return await office.run(
            lambda work: [
                *work.tx.execute(select(SmsRow.text)).scalars(),
                *work.tx.execute(select(ScheduledRow.payload).where(ScheduledRow.kind == "notice")).scalars(),
            ]
        )

    office.later(days=89)
    await night(office)
    assert all(await texts())
    office.later(days=2)
    await night(office)
    assert not any(await texts())
    assert await office.run(lambda work: work.tx.execute(select(SmsRow.state)).scalar_one()) == "sent"


async def test_a_form_that_nobody_goes_on_with_goes_after_thirty_days(office: Office) -> None:
    await office.say("manager", "/menu")

    def begun(work: UnitOfWork, who: str) -> None:
        work.tx.execute(
            insert(DraftRow).values(employee_id=office.staff[who].id, data={"queue": []}, updated_at=work.now)
        )

    await office.run(lambda work: begun(work, "manager"))
    office.later(days=20)
    await office.run(lambda work: begun(work, "owner"))
    office.later(days=11)
    await night(office)
    left = await office.run(lambda work: list(work.tx.execute(select(DraftRow.employee_id)).scalars()))
    assert left == [office.staff["owner"].id]
    assert timedelta(days=office.company.kept.drafts) == timedelta(days=30)
