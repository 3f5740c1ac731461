"""Consent on the client's card: none, noted by hand, taken back, carried along by what his deals are."""

from __future__ import annotations

from typing import Any

import pytest

from keyboards.callbacks.client_callbacks import OpenClient
from keyboards.callbacks.personal_callbacks import ErasePerson, NoteConsent, OpenPerson
from models.errors import NotAllowed
from services.personal import consents
from tests.worlds.office import Office, hire, labels, open_office, plain


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
