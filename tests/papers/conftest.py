"""A kitchen shop with papers: running on a sandbox, and as units of work on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.entities import Deal, Employee
from models.values.addresses.address import Address
from models.values.work_calendar import WorkCalendar
from services import processes
from services.deals import deal_commands
from services.documents import sample_order, stored_requisites
from services.people import employees
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import MOSCOW
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Shop

KITCHENS = Path(__file__).parent / "kitchens.yaml"
ADDRESS = Address(city="Москва", street="ул. Баумана", house="7", flat="12")
OWN = sample_order.sample_facts().company


@pytest.fixture(scope="session")
def company() -> Company:
    """A shop with papers."""
    return Company(processes.load([KITCHENS]), WorkCalendar(MOSCOW, time(9), time(21)))


@pytest.fixture
async def staff(hire: Callable[..., Any], in_work: Callable[..., Any]) -> dict[str, Employee]:
    """An owner who has filled in the requisites, a manager, an installer."""
    found = {role: await hire(role.title(), role) for role in ("owner", "manager", "installer")}
    await in_work(lambda work: stored_requisites.put(work, own_requisites()), actor=found["owner"])
    return found


def own_requisites() -> dict[str, str]:
    return {name: value for name, value in OWN.to_json().items() if value}


@pytest.fixture
def order(in_work: Callable[..., Any], staff: dict[str, Employee]) -> Callable[..., Any]:
    """A new deal of the manager: `deal = await order(kitchen_type="corner")`."""

    async def run(**values: Any) -> Deal:
        told = {"name": "Мария Иванова", "phone": "+79123456789", "address": ADDRESS, **values}
        told.setdefault("contract_total", Decimal(150000))
        told = {name: value for name, value in told.items() if value is not None}

        def begin(work: UnitOfWork) -> Deal:
            process = work.process("kitchens")
            return deal_commands.begin(work, process, "order", told, responsible_id=staff["manager"].id)

        found: Deal = await in_work(begin, actor=staff["manager"])
        return found

    return run


# --- running on a sandbox ---------------------------------------------------------------------------------------


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The shop, running, with nobody in it yet."""
    opened, http = await open_shop(tmp_path, where=[KITCHENS])  # type: ignore[arg-type]
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def owner(shop: Shop) -> Phone:
    return await shop.hire("Сергей Воронов", "owner")


@pytest.fixture
async def anna(shop: Shop) -> Phone:
    """A manager."""
    return await shop.hire("Анна Соколова", "manager")


@pytest.fixture
async def nikolay(shop: Shop) -> Phone:
    """An installer."""
    return await shop.hire("Николай Громов", "installer")


@pytest.fixture
async def ready(shop: Shop, owner: Phone) -> None:
    """The requisites are filled in already."""

    def put(tx: Any) -> None:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        work.actor = employees.of_role(work, "owner")[0]
        stored_requisites.put(work, own_requisites())

    await shop.app.db.run(put)


async def file_of(shop: Shop, media: dict[str, Any] | None) -> bytes:
    """The bytes that a phone has got."""
    assert media is not None
    async with shop.http.get(shop.sandbox.url + media["url"]) as answer:
        assert answer.status == 200
        return bytes(await answer.read())
