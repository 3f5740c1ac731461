"""Requests for changes on both databases, and what a hold refuses outright (truth 5d)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from bot.database import Database
from models.entities import Deal, Task
from models.errors import AlreadyDone, ApprovalWanted, MoveRefused, NotAllowed
from models.process import checks, parse
from models.process.process import Process
from models.values.work_calendar import WorkCalendar
from services import change_requests
from services.deals import deal_commands, deal_queries
from services.tasks import task_queries
from services.unit_of_work import Company
from tests.worlds import office as offices
from tests.worlds.office import ZONE, Office, race
from tests.worlds.payment_shop import TEXT

HELD = """        title: Договор
        holds:
          - {not_lowered: price, else: ask, why: Снижает руководитель}
          - {if: {filled: comment}, else: refuse, why: Пожелание остаётся}
"""


@cache
def shop() -> Process:
    """The little shop whose prices are signed from the first stage on."""
    text = TEXT.replace("        title: Договор\n", HELD, 1)
    process, problems, lines = parse.read(text, "bench.yaml")
    assert process is not None, problems
    assert not checks.find_problems(process, "bench.yaml", lines)
    return process


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    opened = await offices.open_office(database)
    opened.company = Company({"bench": shop()}, WorkCalendar(ZONE))
    yield opened


@pytest.fixture
async def deal(office: Office) -> Deal:
    told = {"name": "Мария", "phone": "+79123456789", "comment": "Верстак", "price": Decimal(150)}
    owner = office.staff["manager"]
    begin = lambda work: deal_commands.begin(work, shop(), "order", told, responsible_id=owner.id)  # noqa: E731
    found: Deal = await office.run(begin, "manager")
    return found


async def ask(office: Office, deal: Deal, price: int = 120) -> Task:
    await office.run(lambda work: change_requests.ask(work, deal.id, {"price": Decimal(price)}, "скидка"), "manager")
    (found,) = [
        one for one in await office.run(lambda work: task_queries.of_deal(work, deal.id)) if "изменение" in one.title
    ]
    return found


async def price(office: Office, deal: Deal) -> Any:
    return (await office.run(lambda work: deal_queries.get(work, deal.id))).fields["price"]


async def test_what_needs_a_word_is_said_to_need_it_and_nothing_is_written(office: Office, deal: Deal) -> None:
    with pytest.raises(ApprovalWanted) as wanted:
        await office.run(lambda work: deal_commands.fill(work, deal.id, {"price": Decimal(120)}), "manager")
    assert wanted.value.values == {"price": Decimal(120)}
    with pytest.raises(ApprovalWanted):  # an import, a robot of another program: nobody's word
        await office.run(lambda work: deal_commands.fill(work, deal.id, {"price": Decimal(120)}))
    assert await price(office, deal) == Decimal(150)


async def test_what_is_refused_is_refused_to_everybody(office: Office, deal: Deal) -> None:
    for who in ("manager", "supervisor"):
        with pytest.raises(MoveRefused) as refused:
            await office.run(lambda work: deal_commands.fill(work, deal.id, {"comment": None}), who)
        assert [(one.code, one.why) for one in refused.value.refusal.reasons] == [("held", "Пожелание остаётся")]


async def test_a_yes_makes_the_change_and_only_of_those_above(office: Office, deal: Deal) -> None:
    task = await ask(office, deal)
    with pytest.raises(NotAllowed):
        await office.run(lambda work: change_requests.allow(work, task.id), "manager")
    await office.run(lambda work: change_requests.allow(work, task.id), "supervisor")
    assert await price(office, deal) == Decimal(120)
    with pytest.raises(AlreadyDone):
        await office.run(lambda work: change_requests.allow(work, task.id), "owner")


async def test_two_who_answer_at_once_answer_once(office: Office, deal: Deal) -> None:
    task = await ask(office, deal)
    boss, owner = office.staff["supervisor"], office.staff["owner"]
    jobs = [
        (lambda work: change_requests.allow(work, task.id), boss),
        (lambda work: change_requests.decline(work, task.id), owner),
    ]
    done = await race(office, jobs)
    assert sum(isinstance(one, Exception) for one in done) == 1
    assert await price(office, deal) in (Decimal(120), Decimal(150))


async def test_what_was_asked_of_another_price_is_over(office: Office, deal: Deal) -> None:
    task = await ask(office, deal)
    await office.run(lambda work: deal_commands.fill(work, deal.id, {"price": Decimal(160)}), "manager")
    found = await office.run(lambda work: task_queries.find(work, task.id))
    assert found is not None and found.state == "void"
    assert await price(office, deal) == Decimal(160)
