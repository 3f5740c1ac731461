"""Who may read a message that was written for him, after his role, or what it is about, has changed (C-8)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.database import Database
from models.ids import DealId
from models.notices.deal_notices import DealAssigned, Reminder
from models.notices.notice import Notice
from models.notices.oversight_notices import TableTaken
from models.notices.task_notices import TaskWithdrawn
from models.outbox import Scheduled
from models.roles import Role
from models.tables.outbox import ScheduledRow
from models.values.product_text import ProductText
from services import notice_rights, timers
from services.deals import deal_commands
from services.outbox import notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, hire, open_office
from tests.worlds.outbox import notices as said_to

NEWS = Reminder(ProductText("Новость"))
GONE = TaskWithdrawn(ProductText("Сборка"))


@pytest.fixture
async def office(database: Database) -> Office:
    made = await open_office(database)
    made.staff["colleague"] = await hire(made, "manager", 1010, "Борис")
    return made


async def written(office: Office, who: str, said: Notice, deal: DealId | None = None) -> Scheduled:
    """A message of this version to that person."""

    def write(work: UnitOfWork) -> Scheduled:
        new = notices.to(work, office.staff[who], said, rule="rule", cause="cause", deal_id=deal)
        schedule.put(work, [new])
        return said_to(work, ScheduledRow.employee_id == office.staff[who].id)[-1]

    return await office.run(write)


def of_before(row: Scheduled, to: str | int | None = None) -> Scheduled:
    """The same as a version wrote it that did not note the reader's role."""
    return replace(row, envelope=replace(row.envelope, role=None, to=to))


async def reads(office: Office, who: str, row: Scheduled) -> bool:
    def ask(work: UnitOfWork) -> bool:
        return notice_rights.may_read(work.read_by(employees.get(work, office.staff[who].id)), row)

    return await office.run(ask)


async def becomes(office: Office, who: str, role: Role) -> None:
    await office.run(lambda work: employees.set_role(work, office.staff[who].id, role), "owner")


# --- of a deal that was deleted ------------------------------------------------------------------------------------


async def test_a_deleted_deal_stays_closed_to_whom_it_was_closed(office: Office) -> None:
    """Nothing opens by being deleted: a colleague's message about it is no more his to read than before."""
    deal = await office.deal()
    own, others = await written(office, "manager", NEWS, deal.id), await written(office, "colleague", NEWS, deal.id)
    assert await reads(office, "manager", own)
    assert not await reads(office, "colleague", others)
    await office.run(lambda work: deal_commands.delete(work, deal.id), "supervisor")
    assert await reads(office, "manager", own)
    assert not await reads(office, "manager", replace(own, message_id=7)), "what was sent tells nothing any more"
    assert not await reads(office, "colleague", others)


async def test_what_told_of_a_loss_is_read_after_the_deal_is_deleted_too(office: Office) -> None:
    """Who was to drive out hears that he need not, whatever became of the deal since."""
    deal = await office.deal()
    gone, handed = await written(office, "installer", GONE, deal.id), await written(office, "colleague", GONE, deal.id)
    await office.run(lambda work: deal_commands.delete(work, deal.id), "supervisor")
    assert await reads(office, "installer", gone)
    assert await reads(office, "colleague", handed)
    await becomes(office, "colleague", "installer")
    assert not await reads(office, "colleague", handed)


async def test_what_was_said_of_a_deleted_deal_goes_on_to_no_colleague(office: Office) -> None:
    """It goes past those who could not see the deal while it lived."""
    deal = await office.deal()
    row = await written(office, "manager", NEWS, deal.id)
    await office.run(lambda work: deal_commands.delete(work, deal.id), "supervisor")
    await becomes(office, "manager", "installer")
    await office.run(lambda work: timers.not_his(work, row))
    heard = await office.run(lambda work: said_to(work, ScheduledRow.id > row.id))
    assert [one.employee_id for one in heard] == [office.staff["supervisor"].id]


# --- of a version that did not note the role -----------------------------------------------------------------------


async def test_a_message_of_the_version_before_is_judged_by_its_deal(office: Office) -> None:
    deal = await office.deal()
    own = of_before(await written(office, "manager", DealAssigned(), deal.id))
    assert await reads(office, "manager", own)
    await becomes(office, "manager", "installer")
    assert not await reads(office, "manager", own)
    news = of_before(await written(office, "installer", NEWS, deal.id))
    assert not await reads(office, "installer", news), "nobody knows that it was for one who drives out"
    assert await reads(office, "installer", of_before(news, to="installer")), "it was for all of his role"


async def test_one_without_a_deal_is_read_by_those_it_was_addressed_to_and_by_owners(office: Office) -> None:
    row = of_before(await written(office, "manager", TableTaken("ledger", 7, "Анна")))
    assert not await reads(office, "manager", row)
    assert await reads(office, "manager", of_before(row, to="manager"))
    await becomes(office, "manager", "installer")
    assert not await reads(office, "manager", of_before(row, to="manager"))
    assert await reads(office, "owner", of_before(await written(office, "owner", TableTaken("ledger", 7, "Анна"))))


async def test_whoever_sees_all_reads_what_was_written_for_others_but_not_for_an_owner(office: Office) -> None:
    row = of_before(await written(office, "supervisor", NEWS))
    assert await reads(office, "supervisor", of_before(row, to="supervisor"))
    assert not await reads(office, "supervisor", of_before(row, to="owner"))
