"""Consent on the client's card: none, noted by hand, taken back, carried along by what his deals are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from keyboards.callbacks.client_callbacks import OpenClient
from keyboards.callbacks.personal_callbacks import ErasePerson, NoteConsent, OpenPerson
from models.errors import NotAllowed
from models.personal.consent import Consent
from models.process import parse
from models.tables.personal import ConsentRow
from services import processes
from services.deals import deal_commands
from services.personal import consents, person_keys
from services.processes import ProcessesBroken
from services.unit_of_work import UnitOfWork
from tests.worlds.office import PROCESS, Office, hire, labels, open_office, plain


@pytest.fixture
async def office(database: Any) -> Office:
    return await open_office(database)


async def card(office: Office, who: str, client_id: int) -> str:
    return plain(await office.tap(who, OpenClient(client_id).pack()))  # type: ignore[arg-type]


async def test_the_card_says_whether_there_is_a_consent_and_a_tap_notes_it(office: Office) -> None:
    deal = await office.deal()
    key = deal.client_id or 0
    assert "Согласие на обработку данных: нет" in await card(office, "manager", key)
    said = plain(await office.tap("manager", "📝 Согласие получено"))
    assert "получено: пт, 20 ноября 2026 (отмечено вручную)" in said
    said = plain(await office.tap("manager", "📝 Согласие отозвано"))
    assert "Согласие на обработку данных отозвано: пт, 20 ноября 2026" in said


async def test_a_consent_of_the_site_is_the_cards_and_only_who_may_change_it_notes_another(office: Office) -> None:
    deal = await office.deal()
    key = deal.client_id or 0
    await office.run(lambda work: consents.note(work, "intake", deal_id=deal.id))
    assert "(галочка на сайте)" in await card(office, "manager", key)
    other = await hire(office, "manager", 5000, "Вера")
    with pytest.raises(NotAllowed):
        await office.tap(other, NoteConsent("client", key, False).pack())


async def test_only_the_owner_sees_the_way_to_all_of_a_client(office: Office) -> None:
    deal = await office.deal()
    key = deal.client_id or 0
    await card(office, "manager", key)
    assert "🔐 Данные клиента" not in labels(office.screen)
    await card(office, "owner", key)
    assert "🔐 Данные клиента" in labels(office.screen)
    for press in (OpenPerson("client", key), ErasePerson("client", key, True, True)):
        with pytest.raises(NotAllowed):
            await office.tap("supervisor", press.pack())
    page = plain(await office.tap("owner", ErasePerson("client", key, True, False).pack()))
    assert "Есть открытые сделки" in page, "a second press without their names erases nothing"


# --- asked in a form of the bot -------------------------------------------------------------------------------------


@pytest.fixture
def asking(office: Office) -> Office:
    """The same company, whose process says which field asks for consent."""
    text = PROCESS.read_text("utf-8")
    field = "  agreed: {title: Согласие на обработку данных, type: yes_no, section: extra}\n"
    text = text.replace("company: company}", "company: company, consent: agreed}", 1).replace(
        "  needs_assembly:", f"{field}  needs_assembly:", 1
    )
    process, problems, _ = parse.read(text, "furniture.yaml")
    assert process is not None, problems
    office.company = replace(office.company, processes={process.process: process})
    return office


async def known(office: Office, deal_id: int) -> list[Consent]:
    """Every consent of the person, the newest first."""

    def read(work: UnitOfWork) -> list[Consent]:
        keys = person_keys.around(work, deal_id)
        rows = work.tx.execute(select(ConsentRow).order_by(ConsentRow.id.desc())).all()
        found = consents.find(work, keys)
        assert (found.id if found else None) == (rows[0].id if rows else None)
        return [Consent(row.id, row.source, row.given_on, row.withdrawn_on) for row in rows]

    return await office.run(read)


async def answer(office: Office, deal_id: int, yes: bool) -> None:
    await office.run(lambda work: deal_commands.fill(work, deal_id, {"agreed": yes}), "manager")


async def test_the_answer_in_a_form_is_noted_with_the_day_and_a_no_takes_it_back(asking: Office) -> None:
    deal = await asking.deal()
    assert await known(asking, deal.id) == []
    await answer(asking, deal.id, True)
    [one] = await known(asking, deal.id)
    assert (one.source, one.given_on, one.holds) == ("form", asking.now.date(), True)
    assert "(форма бота)" in await card(asking, "manager", deal.client_id or 0)
    asking.later(days=1)
    await answer(asking, deal.id, False)
    [one] = await known(asking, deal.id)
    assert one.withdrawn_on == asking.now.date()


async def test_a_form_that_begins_a_deal_notes_the_answer_once_for_all_of_the_clients_deals(asking: Office) -> None:
    deal = await asking.deal(agreed=True)
    [one] = await known(asking, deal.id)
    assert one.source == "form"
    again = await asking.deal(agreed=True)
    assert again.client_id == deal.client_id
    assert await known(asking, again.id) == [one]


async def test_a_no_that_was_never_a_yes_takes_nothing_back(asking: Office) -> None:
    deal = await asking.deal()
    await asking.run(lambda work: consents.note(work, "hand", client_id=deal.client_id), "manager")
    await answer(asking, deal.id, False)
    [one] = await known(asking, deal.id)
    assert one.holds


def test_the_field_that_asks_is_a_yes_or_no(tmp_path: Path) -> None:
    text = PROCESS.read_text("utf-8").replace("company: company}", "company: company, consent: name}", 1)
    (tmp_path / "furniture.yaml").write_text(text, "utf-8")
    with pytest.raises(ProcessesBroken, match=r"`name` is of type text, .*yes_no"):
        processes.load(tmp_path)
