"""Who hears that a task is taken back or a visit is off: whoever would drive out for nothing, and nobody else (C-5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.database import Database
from models.entities import Deal, Employee
from services.deals import deal_commands
from services.unit_of_work import UnitOfWork
from tests.conftest import MovableClock
from tests.worlds import claim_shop
from tests.worlds.crew import Crew, Hire, InWork, open_crew, slot
from tests.worlds.office import Office
from tests.worlds.outbox import notices, text_of


def told(kind: str) -> Callable[[UnitOfWork], list[tuple[int, str]]]:
    """(Whom, with which text) of the messages of that kind, in order."""

    def read(work: UnitOfWork) -> list[tuple[int, str]]:
        return [(row.reader_id, text_of(row)) for row in notices(work) if row.notice.kind == kind]

    return read


# --- tasks that a move takes back -----------------------------------------------------------------------------------


@pytest.fixture
async def office(database: Database) -> Office:
    return await claim_shop.open_shop(database)


def moved(deal: Deal, to: str) -> Callable[[UnitOfWork], Deal]:
    return lambda work: deal_commands.move(work, deal.id, None, to)


async def contract(office: Office, **values: Any) -> Deal:
    """A deal of the manager, who has the task to sign its contract."""
    return await office.run(lambda work: claim_shop.begin(work, office, total=Decimal(150000), **values), "manager")


async def test_c_5_the_responsible_sees_his_deal_move_and_needs_no_word_of_the_task_it_leaves(office: Office) -> None:
    deal = await contract(office)
    await office.run(moved(deal, "assembly"), "supervisor")
    assert await office.run(told("withdrawn")) == []


async def test_c_5_who_would_drive_out_hears_that_his_job_is_taken_back(office: Office) -> None:
    installer = office.staff["installer"].id
    deal = await contract(office, fitter=installer)
    await office.run(moved(deal, "assembly"), "manager")
    await office.run(moved(deal, "lost"), "manager")
    assert await office.run(told("withdrawn")) == [(installer, "Собрать кухню")]


async def test_c_5_who_takes_his_own_task_back_is_not_told_what_he_did(office: Office) -> None:
    supervisor = office.staff["supervisor"].id
    deal = await contract(office, fitter=supervisor)
    await office.run(moved(deal, "assembly"), "manager")
    await office.run(moved(deal, "contract"), "supervisor")
    assert await office.run(told("withdrawn")) == []


# --- visits ---------------------------------------------------------------------------------------------------------


@pytest.fixture
async def crew(in_work: InWork, hire: Hire) -> Crew:
    return await open_crew(in_work, hire)


async def visited(crew: Crew) -> int:
    """A kitchen's deal with a visit of Игорь on the 24th, 10:00 to 14:00."""

    def begin(work: UnitOfWork) -> int:
        values = {"name": "Мария Иванова", "phone": "+79123456789", "comment": "Кухня"}
        process = work.process("kitchens")
        return deal_commands.begin(work, process, "general", values, responsible_id=crew.owner.id).id

    key: int = await crew.run(begin, crew.owner)
    await choose(crew, key, crew.igor, 24)
    return key


async def choose(crew: Crew, key: int, who: Employee, day: int) -> None:
    await crew.run(lambda work: deal_commands.fill(work, key, {"assembly": slot(who, day, "10:00")}), crew.owner)


async def test_c_5_who_was_to_come_hears_that_another_comes(crew: Crew, clock: MovableClock) -> None:
    key = await visited(crew)
    clock.at = slot(crew.igor, 24, "10:00").ends_at - timedelta(minutes=1)  # he may be there still
    await choose(crew, key, crew.pavel, 25)
    assert await crew.run(told("called_off")) == [(crew.igor.id, "")]


async def test_c_5_a_visit_that_is_over_is_not_called_off_when_another_is_booked(
    crew: Crew, clock: MovableClock
) -> None:
    key = await visited(crew)
    clock.at = slot(crew.igor, 24, "10:00").ends_at
    await choose(crew, key, crew.pavel, 25)
    assert await crew.run(told("called_off")) == []
