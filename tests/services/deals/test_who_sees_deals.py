"""Whose deal it is decides who finds it and who changes it, whatever way leads there (C-8)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.database import Database
from models.errors import NotAllowed
from services.deals import deal_commands, deal_queries
from tests.worlds.office import Office, hire, open_office


@pytest.fixture
async def office(database: Database) -> Office:
    made = await open_office(database)
    made.staff["colleague"] = await hire(made, "manager", 1010, "Борис")
    return made


async def test_another_managers_deal_is_not_found_by_its_number(office: Office) -> None:
    deal = await office.deal()
    assert await office.run(lambda work: deal_queries.by_number(work, deal.number), "manager") is not None
    assert await office.run(lambda work: deal_queries.by_number(work, deal.number), "colleague") is None


async def test_another_managers_deal_is_not_among_those_of_its_client(office: Office) -> None:
    deal = await office.deal()
    client = deal.client_id
    assert client is not None
    assert len(await office.run(lambda work: deal_queries.of_client(work, client), "manager")) == 1
    assert await office.run(lambda work: deal_queries.of_client(work, client), "colleague") == []


async def test_who_sees_a_deal_by_his_task_does_not_change_it(office: Office) -> None:
    deal, _ = await office.assembly()
    assert await office.run(lambda work: deal_queries.get(work, deal.id), "installer")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: deal_queries.get_editable(work, deal.id), "installer")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: deal_commands.fill(work, deal.id, {"budget": Decimal(1)}), "installer")


async def test_a_field_of_other_roles_is_not_filled_in(office: Office) -> None:
    """By his own deal too: who may fill a field in is said by the process."""
    deal = await office.deal()
    with pytest.raises(NotAllowed):
        await office.run(
            lambda work: deal_commands.fill(work, deal.id, {"debt_reason": "Постоянный клиент"}), "manager"
        )
    after = await office.run(
        lambda work: deal_commands.fill(work, deal.id, {"debt_reason": "Постоянный клиент"}), "supervisor"
    )
    assert after.fields["debt_reason"] == "Постоянный клиент"
