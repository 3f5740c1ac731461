"""Erasing a person, on both databases: what goes, what stays, who else is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.errors import DealHasMoney, NotAllowed, NotFound
from models.tables import metadata
from models.tables.deals import DealRow
from models.values.received_payment import ReceivedPayment
from services import undo
from services.clients import client_cards
from services.deals import client_merge, deal_commands, deal_queries, lead_intake
from services.personal import dossiers, erasures, person_keys
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, open_office

HER = {"name": "Жемчугова Аграфена", "phone": "+79161112233", "comment": "Кухня для Жемчуговой, паспорт 4510 778899"}
MARKS_OF_HER = ("жемчугов", "аграфен", "9161112233", "778899", "садовническ")


@pytest.fixture
async def office(database: Any) -> Office:
    return await open_office(database)


def everything(work: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Every value of every table as text, with its place."""
    for table in metadata.sorted_tables:
        for row in work.tx.execute(select(table)):
            for name, value in row._mapping.items():
                yield f"{table.name}.{name}", str(value).casefold()


async def places_of(office: Office, *marks: str) -> list[str]:
    """Where any of the marks still stands."""
    wanted = marks or MARKS_OF_HER
    return await office.run(
        lambda work: sorted({place for place, said in everything(work) if any(one in said for one in wanted)})
    )


async def erased(office: Office, client_id: int, who: str = "owner") -> int:
    def do(work: UnitOfWork) -> int:
        keys = person_keys.of_client(work, client_id)
        erasures.plan(work, keys)
        return erasures.erase(work, keys, "asked")

    return await office.run(do, who)


async def closed_deal(office: Office) -> Any:
    """A deal of hers that was lost, with a note of her."""
    deal, _ = await office.refused(**HER)
    await office.run(lambda work: deal_commands.comment(work, deal.id, "Жемчуговой перезвонить в мае"), "manager")
    return await office.run(lambda work: deal_queries.get(work, deal.id), "owner")


async def test_nothing_tells_of_her_any_more_and_the_deal_still_counts(office: Office) -> None:
    deal = await closed_deal(office)
    other = await office.deal(name="Иванова Мария", phone="+79035554433")
    assert await places_of(office)
    await erased(office, deal.client_id)
    assert await places_of(office) == []
    left = await office.run(lambda work: deal_queries.get(work, deal.id), "owner")
    assert (left.number, left.stage, left.status) == (deal.number, deal.stage, deal.status)
    assert left.fields["refusal_reason"] == "expensive"
    kept = await office.run(lambda work: deal_queries.get(work, other.id), "owner")
    assert (kept.title, dict(kept.fields)) == (other.title, dict(other.fields))
    with pytest.raises(NotFound):
        await office.run(lambda work: client_cards.get(work, deal.client_id), "owner")


async def test_she_comes_back_as_somebody_new_and_her_number_is_nobody_elses(office: Office) -> None:
    deal = await closed_deal(office)
    await erased(office, deal.client_id)
    again = await office.deal(**HER)
    assert again.client_id not in (None, deal.client_id)
    card = await office.run(lambda work: client_cards.get(work, again.client_id or 0))
    assert card.name == HER["name"]
    assert await office.run(lambda work: erasures.apply_again(work, [erasures.find(work, 1).person])) == []


async def test_the_same_press_again_erases_nothing(office: Office) -> None:
    deal = await closed_deal(office)
    await erased(office, deal.client_id)
    with pytest.raises(NotFound):
        await erased(office, deal.client_id)


async def test_only_the_owner_erases(office: Office) -> None:
    deal = await closed_deal(office)
    for who in ("supervisor", "manager", "installer"):
        with pytest.raises(NotAllowed):
            await erased(office, deal.client_id, who)


async def test_an_open_deal_goes_with_her_unless_it_holds_money(office: Office) -> None:
    deal = await office.deal(**HER)
    await office.run(lambda work: erasures.plan(work, person_keys.of_client(work, deal.client_id)), "owner")
    paid = await office.deal(**HER, budget=Decimal(100_000))

    def pay(work: UnitOfWork) -> None:
        received = ReceivedPayment(Decimal(5_000), work.moment.today, "cash", "от Жемчуговой")
        deal_commands.fill(work, paid.id, {"prepayment": received})

    await office.run(pay, "manager")
    with pytest.raises(DealHasMoney):
        await erased(office, deal.client_id)
    assert await places_of(office)


async def test_cards_that_were_joined_go_together_with_what_could_part_them(office: Office) -> None:
    first = await closed_deal(office)

    def join(work: UnitOfWork) -> int:
        second = client_cards.create(work, "Жемчугова А.", [HER["phone"]])
        return client_merge.merge(work, second.id, first.client_id).id

    kept = await office.run(join, "owner")
    await erased(office, kept)
    assert await places_of(office) == []
    with pytest.raises(NotFound):
        await office.run(lambda work: undo.take_back(work, 1), "owner")


async def test_a_card_that_was_parted_again_is_left_alone(office: Office) -> None:
    first = await closed_deal(office)

    def join_and_part(work: UnitOfWork) -> int:
        second = client_cards.create(work, "Бирюзова Вера", ["+79057776655"])
        client_merge.merge(work, first.client_id, second.id)
        undo.take_back(work, 1)
        return second.id

    second = await office.run(join_and_part, "owner")
    await erased(office, first.client_id)
    assert await places_of(office) == []
    left = await office.run(lambda work: client_cards.get(work, second))
    assert (left.name, left.phones) == ("Бирюзова Вера", ("+79057776655",))


async def test_her_lead_without_a_card_goes_by_the_phone(office: Office) -> None:
    deal = await closed_deal(office)

    def call(work: UnitOfWork) -> int:
        lead, _ = lead_intake.receive(work, name="Жемчугова", phone=HER["phone"], idempotency_key="site-9161112233")
        work.tx.execute(DealRow.__table__.update().where(DealRow.id == lead.id).values(client_id=None))
        return lead.id

    lead = await office.run(call)
    await erased(office, deal.client_id)
    assert await places_of(office) == []
    with pytest.raises(NotFound):
        await office.run(lambda work: deal_queries.get(work, lead), "owner")


async def test_a_restored_backup_brings_back_nobody(office: Office) -> None:
    """The list knows rows by number and moment: the same rows are erased again, another one of that number is not."""
    deal = await closed_deal(office)
    person = await office.run(lambda work: person_keys.numbers(work, person_keys.of_client(work, deal.client_id)))
    assert await office.run(lambda work: erasures.apply_again(work, [person])) != []
    assert await places_of(office) == []
    office.later(days=1)
    stranger = await office.deal(name="Бирюзова Вера", phone="+79057776655")
    other = type(person)(((stranger.client_id or 0, 5),), ((stranger.id, 5),))
    assert await office.run(lambda work: erasures.apply_again(work, [other])) == []


async def test_what_is_given_out_has_all_of_her(office: Office) -> None:
    deal = await closed_deal(office)
    await office.run(lambda work: deal_commands.comment(work, deal.id, "Дом на Садовнической"), "manager")
    keys = await office.run(lambda work: person_keys.of_client(work, deal.client_id))
    told = await office.run(lambda work: dossiers.gather(work, keys, lambda *_: {"comment": HER["comment"]}))
    text = told.text().decode().casefold()
    assert [one for one in MARKS_OF_HER if one not in text] == []
    assert "Что нужно клиенту" in told.text().decode()
