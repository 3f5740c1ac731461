"""Erasing a person meets him alone: no namesake among our people, nobody with his phone, no half of a list."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.personal import erased_list
from models.notices.notice import Notice
from models.notices.oversight_notices import CompanyAsked, LooksLimited
from models.personal.erasure import ErasedPerson
from models.tables.deals import DealRow
from models.tables.forms import DraftRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from services.clients import client_cards
from services.deals import deal_queries, lead_intake
from services.outbox import notices, schedule
from services.personal import erasures, person_keys
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, open_office

PHONE = "+79161112233"


@pytest.fixture
async def office(database: Any) -> Office:
    return await open_office(database)


async def erased(office: Office, client_id: int) -> None:
    await office.run(lambda work: erasures.erase(work, person_keys.of_client(work, client_id), "asked"), "owner")


async def told(office: Office, said: Notice) -> int:
    """A message to the owner that is about no deal."""

    def do(work: UnitOfWork) -> int:
        owner = office.staff["owner"]
        schedule.put(work, [notices.to(work, owner, said, rule="x", cause="x")])
        return int(work.tx.execute(select(ScheduledRow.id).order_by(ScheduledRow.id.desc()).limit(1)).scalar_one())

    return await office.run(do)


async def payload_of(office: Office, key: int) -> Any:
    return await office.run(
        lambda work: work.tx.execute(select(ScheduledRow.payload).where(ScheduledRow.id == key)).scalar_one()
    )


async def test_a_message_about_an_employee_of_the_same_surname_stays(office: Office) -> None:
    card = await office.run(lambda work: client_cards.create(work, "Жемчугова Аграфена", [PHONE]))
    today = await office.run(lambda work: work.moment.today)
    key = await told(office, LooksLimited(office.staff["manager"].id, "Жемчугова Вера", 100, today))
    await erased(office, card.id)
    assert (await payload_of(office, key))["name"] == "Жемчугова Вера"


async def test_a_message_that_names_a_card_by_number_goes_whatever_the_name_is_like(office: Office) -> None:
    """«Ли Анна» has no word that is long enough to be looked for."""
    card = await office.run(lambda work: client_cards.create(work, "Ли Анна", [PHONE]))
    key = await told(office, CompanyAsked(card.id, 77, "Ли Анна", "ООО «Лотос»", "Мария"))
    await erased(office, card.id)
    assert "Ли" not in str(await payload_of(office, key))


async def test_a_colleagues_form_about_a_task_of_the_deal_goes(office: Office) -> None:
    deal = await office.deal(name="Ли Анна", phone=PHONE)

    def begin(work: UnitOfWork) -> None:
        task = work.tx.execute(
            insert(TaskRow).values(
                deal_id=deal.id, name="x", origin="x.y", title="x", state="open", due_at=work.now, given_at=work.now
            )
        ).inserted_primary_key[0]  # type: ignore[index]
        kept = {"purpose": {"do": "outcome", "task": task, "outcome": "done"}, "answers": {"note": "Ли, домофон 12"}}
        who = office.staff["installer"].id
        work.tx.execute(insert(DraftRow).values(employee_id=who, data=kept, updated_at=work.now))

    await office.run(begin)
    await erased(office, deal.client_id or 0)
    assert await office.run(lambda work: work.tx.execute(select(DraftRow.data)).scalars().all()) == []


async def test_a_restore_erases_who_is_listed_and_nobody_with_the_same_phone(office: Office) -> None:
    def call(work: UnitOfWork, key: str) -> int:
        lead, _ = lead_intake.receive(work, name="Вера", phone=PHONE, idempotency_key=key)
        work.tx.execute(DealRow.__table__.update().where(DealRow.id == lead.id).values(client_id=None))
        return int(lead.id)

    lost = await office.run(lambda work: call(work, "one"))
    office.later(days=1)
    alive = await office.run(lambda work: call(work, "two"))
    person = await office.run(lambda work: person_keys.numbers(work, person_keys.of_deals([lost])))
    assert len(await office.run(lambda work: erasures.apply_again(work, [person]))) == 1
    left = await office.run(lambda work: deal_queries.get(work, alive), "owner")
    assert left.fields["phone"] == PHONE


def test_of_many_erasures_that_end_at_once_each_stands_on_the_list(tmp_path: Path) -> None:
    people = [ErasedPerson(((key, 1),), ()) for key in range(60)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda one: erased_list.add(tmp_path, [one]), people))
    assert set(erased_list.read(tmp_path)) == set(people)
