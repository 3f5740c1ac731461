"""Finding clients and deals, the client's card, merging."""

from __future__ import annotations

import pytest

from bot.database import Database
from models.entities import Client
from models.errors import NotAllowed, NotFound
from models.values.invalid_value import InvalidValue
from services.clients import client_cards
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork
from tests.worlds import wire
from tests.worlds.office import Office, data_of, find, hire, labels, open_office, plain


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


def press(action: str, *args: int | str) -> str:
    return wire.data(action, *args)


async def client(office: Office, name: str, *numbers: str, kind: str = "person") -> Client:
    return await office.run(lambda work: client_cards.create(work, name, numbers, kind=kind))


@pytest.mark.parametrize("said", ["2026-0001", "0001", "1", "№ 1", "сделка 1"])
async def test_a_deal_is_found_by_its_number(office: Office, said: str) -> None:
    deal = await office.deal()
    answer = await office.say("manager", said)
    assert data_of_deal(answer.screen, deal.id)


def data_of_deal(screen: object, deal_id: int) -> bool:
    return press("deal", deal_id) in data_of(screen)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said", ["8 (912) 345-67-89", "+79123456789", "9123456789", "звонил 8-912-345-67-89, просил шкаф"]
)
async def test_a_client_is_found_by_a_phone_in_any_notation(office: Office, said: str) -> None:
    deal = await office.deal()
    answer = await office.say("manager", said)
    assert press("client", deal.client_id or 0) in data_of(answer.screen)  # type: ignore[arg-type]


async def test_a_shared_contact_is_looked_for(office: Office) -> None:
    deal = await office.deal()
    answer = await office.contact("manager", "79123456789")
    assert press("client", deal.client_id or 0) in data_of(answer.screen)  # type: ignore[arg-type]


@pytest.mark.parametrize("said", ["мария", "ИВАН", "иванова мария"])
async def test_a_client_is_found_by_the_words_of_a_name(office: Office, said: str) -> None:
    await office.deal()
    answer = await office.say("manager", said)
    assert "👤 Мария Иванова · +7 912 345-67-89" in labels(answer.screen)


async def test_a_lead_without_a_card_is_found_by_phone_and_name_F_L1(office: Office) -> None:
    lead = await office.deal(pipeline="leads", name="Ёлкин Пётр", phone="+79161112233")
    assert lead.client_id is None
    for said in ("8 916 111 22 33", "елкин", "пётр ёлк"):
        answer = await office.say("manager", said)
        assert data_of_deal(answer.screen, lead.id), said


async def test_somebody_else_s_deals_are_not_found_C8(office: Office) -> None:
    other = await hire(office, "manager", 2000, "Борис")
    deal = await office.deal()
    lead = await office.deal(pipeline="leads", name="Тайный Лид", phone="+79161112233")
    for said in (deal.number, "8 916 111 22 33", "Тайный"):
        assert not data_of_deal((await office.say(other, said)).screen, deal.id)
        assert not data_of_deal((await office.say(other, said)).screen, lead.id)
    card = await office.tap(other, press("client", deal.client_id or 0))
    assert f"№ {deal.number} — ведёт Анна" in plain(card), "the fact is told"
    assert deal.title not in plain(card) and not data_of_deal(card.screen, deal.id), "the details are not"
    assert data_of_deal((await office.say("supervisor", deal.number)).screen, deal.id)


@pytest.mark.parametrize("role", ["installer"])
async def test_clients_are_for_sales_only_C8(office: Office, role: str) -> None:
    found = await client(office, "Мария", "+79123456789")
    for data in (press("client", found.id), press("find"), press("merge_do", found.id, found.id), press("new_with", 1)):
        with pytest.raises(NotAllowed):
            await office.tap(role, data)


async def test_an_unknown_phone_becomes_a_lead_without_asking_for_it_again_F_L1(office: Office) -> None:
    answer = await office.say("manager", "8 916 222 33 44")
    assert "Ничего не нашлось" in plain(answer)
    asked = await office.tap("manager", "Новый лид с этим телефоном")
    assert "Имя клиента" in plain(asked)
    await office.say("manager", "Павел")
    done = await office.say("manager", "Кухня угловая")
    assert "Павел" in plain(done)
    found = await office.run(lambda work: deal_queries.by_number(work, "2026-0001"), "manager")
    assert found is not None and found.fields["phone"] == "+79162223344"
    assert found.fields["comment"] == "Кухня угловая" and found.responsible_id == office.staff["manager"].id


@pytest.mark.parametrize("phone", [0, 1, 7912, 10**15])
async def test_a_forged_phone_begins_no_lead(office: Office, phone: int) -> None:
    with pytest.raises(InvalidValue):
        await office.tap("manager", press("new_with", phone))


async def test_what_is_nowhere_says_so_and_leads_on(office: Office) -> None:
    answer = await office.say("manager", "Лисицын")
    assert "Ничего не нашлось" in plain(answer)
    assert "🔍 Искать ещё" in labels(answer.screen) and "🏠 Меню" in labels(answer.screen)


async def test_the_search_asks_and_answers(office: Office) -> None:
    await office.deal()
    await office.tap("manager", press("find"))
    assert "Мария Иванова" in " ".join(labels((await office.say("manager", "Иванова")).screen))
    assert "Мария Иванова" in " ".join(labels((await office.say("manager", "/find Иванова")).screen))


async def test_the_card_shows_phones_company_and_deals(office: Office) -> None:
    firm = await client(office, "ООО «Дом»", kind="company")
    deal = await office.deal()
    key = deal.client_id or 0

    def at_firm(work: UnitOfWork) -> None:
        from sqlalchemy import update

        from models.tables.clients import ClientRow

        work.tx.execute(update(ClientRow).where(ClientRow.id == key).values(company_id=firm.id))

    await office.run(at_firm)
    card = await office.tap("manager", press("client", key))
    assert "Компания: ООО «Дом»" in plain(card) and f"№ {deal.number} — " in plain(card)
    assert find(card.screen, "📋 +7 912 345-67-89").copy == "+79123456789"
    company = await office.tap("manager", "🏢 ООО")
    assert "Контакты: Мария Иванова" in plain(company)


async def test_a_phone_that_others_have_shows_the_duplicate_and_both_become_one(office: Office) -> None:
    deal = await office.deal()
    second = await client(office, "Маша И.", "+79160000000")
    await office.tap("manager", press("client", second.id))
    await office.tap("manager", "➕ Телефон")
    with pytest.raises(InvalidValue):
        await office.run(lambda work: _answer(work, "cl_phone", second.id, "не знаю"), "manager")
    card = await office.say("manager", "8 912 345 67 89")
    assert "Объединить: Мария Иванова" in labels(card.screen)
    both = await office.tap("manager", "Объединить: Мария Иванова")
    assert "Маша И." in plain(both) and "Мария Иванова" in plain(both)
    done = await office.tap("manager", "Оставить «Мария Иванова»")
    assert done.toast == "Карточки объединены"
    assert "+7 916 000-00-00" in plain(done) and deal.number in plain(done)
    old = await office.tap("manager", press("client", second.id))
    assert "Мария Иванова" in plain(old)


def _answer(work: UnitOfWork, name: str, client_id: int, text: str) -> object:
    from handlers.forms import purpose_registry
    from handlers.request import Incoming, Request
    from services import form_purposes
    from tests.worlds.office import russian

    assert work.actor is not None
    request = Request(work, russian(), Incoming("message", 1, 1, "", "ru", text=text), work.actor)
    purpose = form_purposes.from_json({"do": name, "client": client_id})
    return purpose_registry.finish(request, purpose, {"text": text})


async def test_only_cards_with_a_phone_in_common_are_merged(office: Office) -> None:
    one, other = await client(office, "Анна", "+79160000001"), await client(office, "Яна", "+79160000002")
    firm = await client(office, "ООО", "+79160000001", kind="company")
    for pair in ((one.id, other.id), (one.id, one.id), (one.id, firm.id)):
        with pytest.raises(NotFound):
            await office.tap("manager", press("merge_do", *pair))


@pytest.mark.parametrize("name", ["🦊🦊", "!!!", "\u3164"])
async def test_a_name_without_a_letter_is_refused(office: Office, name: str) -> None:
    found = await client(office, "Анна")
    with pytest.raises(InvalidValue) as wrong:
        await office.run(lambda work: _answer(work, "cl_name", found.id, name), "manager")
    assert wrong.value.code == "name.meaningless"


async def test_a_new_name_is_found_and_the_old_one_is_not(office: Office) -> None:
    found = await client(office, "Анна Старая")
    await office.tap("manager", press("client", found.id))
    await office.tap("manager", "Переименовать")
    assert "Анна Новая" in plain(await office.say("manager", "Анна  Новая"))
    assert "👤 Анна Новая" in labels((await office.say("manager", "новая")).screen)
    assert "Ничего" in plain(await office.say("manager", "старая"))


async def test_every_button_fits_even_with_huge_ids() -> None:
    for data in (
        press("merge_do", 2**40, 2**40),
        press("new_with", 999999999999999),
        press("role_set", 2**40, "technologist"),
    ):
        assert len(data.encode()) <= 64
