"""A press on a deal is put back on both databases: row by row as it was, once, or not at all."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.database import Database
from models.entities import Deal
from models.errors import AlreadyDone, CannotPutBack, NotAllowed, NotFound
from models.jobs import CorrectNotices
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from models.undo import Undo
from services import undo
from services.deals import before_press, deal_commands, handover
from services.unit_of_work import UnitOfWork
from tests.worlds import claim_shop
from tests.worlds.deal_rows import stands
from tests.worlds.office import Office
from tests.worlds.outbox import notices


@pytest.fixture
async def office(database: Database) -> Office:
    return await claim_shop.open_shop(database)


@pytest.fixture
async def deal(office: Office) -> Deal:
    """A deal of the manager, who has the task to sign its contract; a fitter is named."""
    installer = office.staff["installer"].id
    values = {"total": Decimal(150000), "fitter": installer}
    return await office.run(lambda work: claim_shop.begin(work, office, **values), "manager")


def moved(deal: Deal, to: str) -> Any:
    """Move it, and note what can be put back, as the end of an update does."""

    def press(work: UnitOfWork) -> Undo | None:
        deal_commands.move(work, deal.id, None, to)
        return before_press.find(work, deal.id)

    return press


async def test_it_is_as_it_was_row_by_row(office: Office, deal: Deal) -> None:
    """The task that the move took back is open, the fitter's is off, what was to ring rings."""
    before = await office.run(lambda work: stands(work, deal.id))
    kept = await office.run(moved(deal, "assembly"), "manager")
    assert kept is not None
    assert await office.run(lambda work: stands(work, deal.id)) != before
    await office.run(lambda work: undo.take_back(work, kept.id), "manager")
    assert await office.run(lambda work: stands(work, deal.id)) == before


async def test_its_lines_stay_and_are_seen_as_undone(office: Office, deal: Deal) -> None:
    kept = await office.run(moved(deal, "assembly"), "manager")
    await office.run(lambda work: undo.take_back(work, kept.id), "manager")
    lines = select(HistoryRow.kind, HistoryRow.undone).where(HistoryRow.deal_id == deal.id).order_by(HistoryRow.id)
    rows = [(row.kind, bool(row.undone)) for row in await office.run(lambda work: work.tx.execute(lines).all())]
    assert ("moved", True) in rows and rows[-1] == ("put_back", False)
    assert ("created", False) in rows


async def test_of_two_at_once_one_does_it(office: Office, deal: Deal) -> None:
    kept = await office.run(moved(deal, "assembly"), "manager")
    take = [office.run(lambda work: undo.take_back(work, kept.id), "manager") for _ in range(2)]
    done = await asyncio.gather(*take, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["AlreadyDone", "Undo"]
    with pytest.raises(AlreadyDone):
        await office.run(lambda work: undo.take_back(work, kept.id), "manager")


async def test_whoever_has_gone_on_stands_in_the_way_and_nothing_is_done(office: Office, deal: Deal) -> None:
    kept = await office.run(moved(deal, "assembly"), "manager")
    await office.run(moved(deal, "contract"), "supervisor")
    stood = await office.run(lambda work: stands(work, deal.id))
    with pytest.raises(CannotPutBack) as refused:
        await office.run(lambda work: undo.take_back(work, kept.id), "manager")
    assert refused.value.why == "done" and refused.value.done is not None
    assert await office.run(lambda work: stands(work, deal.id)) == stood
    with pytest.raises(CannotPutBack):  # and nothing was noted of the attempt: it may be asked again
        await office.run(lambda work: undo.take_back(work, kept.id), "manager")


async def test_to_somebody_who_works_here_no_more_nothing_goes_back(office: Office, deal: Deal) -> None:
    """Gone: the deal is handed over, and who had it is dismissed within the five minutes."""
    other = office.staff["supervisor"].id

    def hand(work: UnitOfWork) -> Undo | None:
        handover.assign(work, deal.id, other)
        return before_press.find(work, deal.id)

    kept = await office.run(hand, "owner")
    assert kept is not None

    def dismiss(work: UnitOfWork) -> None:
        work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == deal.responsible_id).values(active=False))

    await office.run(dismiss)
    with pytest.raises(CannotPutBack) as refused:
        await office.run(lambda work: undo.take_back(work, kept.id), "owner")
    assert refused.value.why == "person"


async def test_others_may_not_and_after_five_minutes_nobody_may(office: Office, deal: Deal) -> None:
    kept = await office.run(moved(deal, "assembly"), "manager")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: undo.take_back(work, kept.id), "installer")

    def late(work: UnitOfWork) -> None:
        work.now += timedelta(minutes=5)
        undo.take_back(work, kept.id)

    with pytest.raises(NotFound):
        await office.run(late, "manager")


async def test_what_a_robot_does_is_nobodys_to_take_back(office: Office, deal: Deal) -> None:
    assert await office.run(moved(deal, "assembly")) is None


async def test_a_message_that_somebody_is_about_to_send_is_put_right_when_it_has_gone(
    office: Office, deal: Deal
) -> None:
    """It cannot be stopped any more; the job that puts it right knows of it, and the others are not sent at all."""
    kept = await office.run(moved(deal, "assembly"), "manager")
    [said] = [row.id for row in await office.run(notices) if row.employee_id == office.staff["installer"].id]

    def in_hand(work: UnitOfWork) -> None:
        work.tx.execute(update(ScheduledRow).where(ScheduledRow.id == said).values(holder=7))

    await office.run(in_hand)
    await office.run(lambda work: undo.take_back(work, kept.id), "manager")
    jobs = select(ScheduledRow.payload).where(ScheduledRow.rule == CorrectNotices.kind)
    [job] = await office.run(lambda work: work.tx.execute(jobs).scalars().all())
    assert job["rows"] == [said]
