"""Lists of clients are limited and written down, and the owner decides (safety 19, promises 38 and 42)."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from models.tables.clients import ClientRow
from models.tables.journal import JournalRow
from models.tables.people import EmployeeRow
from services.clients import client_cards
from services.unit_of_work import UnitOfWork
from tests.stories.driver import Phone, Shop
from tests.stories.furniture.test_leads import choose, lead_in_work, to_stage
from tests.stories.rights.test_client_cards import MARIA, order
from tests.worlds import wire

LIMIT = 30


async def strangers_cards(shop: Shop, count: int) -> list[int]:
    """Cards of clients with whom nobody has dealt yet, as an import brings them; their numbers."""

    def make(tx: Connection) -> list[int]:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        made = (client_cards.create(work, f"Клиент {n}", [f"+7916555{n:04d}"]) for n in range(count))
        return [one.id for one in made]

    found: list[int] = await shop.app.db.run(make)
    return found


async def seen_by(shop: Shop, name: str) -> set[int]:
    """The clients whom a person has looked at, by the journal."""
    mine = select(JournalRow.clients).join(EmployeeRow, EmployeeRow.id == JournalRow.actor_id)
    return {key for row in await shop.rows(mine.where(EmployeeRow.name == name)) for key in row[0] or ()}


async def rules(owner: Phone) -> None:
    """The owner's page of who sees which clients."""
    await owner.text("/settings")
    await owner.tap("👁 Клиенты")


@pytest.fixture
async def vera(shop: Shop) -> Phone:
    """Another manager."""
    return await shop.hire("Вера Орлова", "manager")


async def test_who_counts_ids_comes_to_an_end_and_the_owner_hears_of_it_at_once(
    shop: Shop, owner: Phone, anna: Phone, vera: Phone
) -> None:
    """Every card by its number, as anybody can press it; then by name and phone. Nothing past the limit is seen."""
    cards = await strangers_cards(shop, LIMIT + 10)
    await rules(owner)
    page = await owner.tap("30")
    assert page.button("✓ 30") and "Чужих клиентов за день: 30" in page.text
    page = await vera.text("/menu")
    shown = [(await vera.press(page.id, wire.data("client", key), forged=True)).text for key in cards]
    assert [f"Клиент {n}" in text for n, text in enumerate(shown)] == [True] * LIMIT + [False] * 10
    assert "Сегодня лимит исчерпан. Владелец об этом знает" in shown[-1]
    found = await vera.text("Клиент 39")
    assert not [one for one in found.labels if "Клиент" in one] and "Не показано чужих клиентов: 1." in found.text
    found = await vera.text("+7 916 555-00-35")
    assert not [one for one in found.labels if "Клиент" in one]
    pressed = [wire.data(word, cards[-1]) for word in ("cl_phone", "cl_name")]
    assert not [data for data in pressed if "Клиент" in (await vera.press(page.id, data, forged=True)).text]
    assert await seen_by(shop, "Вера Орлова") == set(cards[:LIMIT])
    told = await owner.sees_only("Вера Орлова: дневной лимит чужих клиентов исчерпан (30)")
    page = await owner.tap("Снять лимит на этот день", told)
    assert owner.toast == "Лимит снят: Вера Орлова" and "Вера Орлова: лимит снят на сегодня" in page.text
    assert "Клиент 39" in (await vera.press(page.id, wire.data("client", cards[-1]), forged=True)).text
    assert await anna.count("лимит") == 0, "of others nobody hears it"


async def test_the_day_after_an_old_button_lifts_nothing_and_the_count_begins_anew(
    shop: Shop, owner: Phone, vera: Phone
) -> None:
    """Back? Closed? The restart in between forgets nothing: the journal is the count."""
    cards = await strangers_cards(shop, LIMIT + 1)
    await rules(owner)
    await owner.tap("30")
    page = await vera.text("/menu")
    for key in cards:
        last = await vera.press(page.id, wire.data("client", key), forged=True)
    assert "Эту карточку сегодня не открыть" in last.text
    told = await owner.sees_only("дневной лимит чужих клиентов исчерпан")
    await shop.later(days=1)
    await owner.tap("Снять лимит на этот день", told)
    assert "Тот день уже прошёл" in (owner.toast or "")
    assert f"Клиент {LIMIT}" in (await vera.press(page.id, wire.data("client", cards[-1]), forged=True)).text


async def test_ones_own_clients_are_open_whatever_the_limit_and_leave_no_trace(
    shop: Shop, owner: Phone, anna: Phone
) -> None:
    await strangers_cards(shop, 1)
    await order(anna)
    for _ in range(3):
        found = await anna.text(MARIA[0])
        assert MARIA[1] in (await anna.tap(f"👤 {MARIA[0]}", found)).text
    assert await seen_by(shop, "Анна Соколова") == set()


async def test_where_the_owner_says_so_managers_see_their_own_clients_and_free_ones_only(
    shop: Shop, owner: Phone, anna: Phone, vera: Phone
) -> None:
    """A list, a phone, a card by its number, a form that knows the phone: a colleague's client is named in none."""
    await order(anna)
    (free,) = await strangers_cards(shop, 1)
    maria = free - 1
    await rules(owner)
    page = await owner.tap("Своих и свободных")
    assert "Менеджеры видят: только клиентов своих сделок и свободных" in page.text
    for said in ("Мария", MARIA[1]):
        found = await vera.text(said)
        assert MARIA[0] not in found.text and not [one for one in found.labels if "Мария" in one]
        assert "Не показаны клиенты, которых ведут коллеги: 1 (Анна Соколова)." in found.text
    await vera.press(found.id, wire.data("client", maria), forged=True)
    assert "Это ведёт Анна Соколова" in (vera.toast or "")
    assert "Клиент 0" in (await vera.press(found.id, wire.data("client", free), forged=True)).text
    await vera.text("/menu")
    await vera.tap("➕ Новый заказ")
    asked = await vera.fill("Мария", MARIA[1])
    assert "клиент коллеги" in asked.text and MARIA[0] not in asked.text
    assert MARIA[0] in (await anna.press(page.id, wire.data("client", maria), forged=True)).text


async def test_the_owner_sees_who_looked_at_what_and_of_whom_alone(
    shop: Shop, owner: Phone, boss: Phone, vera: Phone
) -> None:
    """The leak drill: from the settings to one person's rows in three taps."""
    first, second = await strangers_cards(shop, 2)
    page = await vera.text("/menu")
    for key in (first, second):
        await vera.press(page.id, wire.data("client", key), forged=True)
    await boss.text("Клиент")
    await owner.text("/settings")
    await owner.tap("👁 Клиенты")
    page = await owner.tap("📖 Кто что смотрел")
    assert "Вера Орлова: карточка: Клиент 0" in page.text and "Ирина Белова: список клиентов, 2" in page.text
    page = await owner.tap("Вера Орлова", page)
    assert "карточка: Клиент 1" in page.text and "Ирина Белова" not in page.text
    page = await owner.tap("Все сотрудники", page)
    assert "Ирина Белова" in page.text
    for phone in (boss, vera):
        for data in (wire.data("looks"), wire.data("looks_log", "~"), wire.data("looks_lift", 3)):
            await phone.press((await phone.last()).id, data, forged=True)
            assert "У вас нет доступа" in (phone.toast or "")


async def test_long_rows_are_read_page_by_page(shop: Shop, owner: Phone, vera: Phone) -> None:
    cards = await strangers_cards(shop, 60)
    page = await vera.text("/menu")
    for key in cards:
        await vera.press(page.id, wire.data("client", key), forged=True)
    await rules(owner)
    page = await owner.tap("📖 Кто что смотрел")
    assert page.text.count("карточка:") == 50 and "Клиент 59" in page.text
    page = await owner.tap("Раньше", page)
    assert page.text.count("карточка:") == 10 and "Клиент 0" in page.text and page.button("Раньше") is None


async def begin_with(vera: Phone) -> None:
    """Vera works on a lead with that number, before anybody has a deal of it."""
    await lead_in_work(vera.shop, vera, name="Маша", phone=MARIA[1], comment="Стол")


async def convert_with_firm(vera: Phone) -> None:
    """Vera's lead becomes a contact and a firm."""
    await vera.open("2026-0001")
    await to_stage(vera, "✔ Качественный лид")
    await choose(vera, "Контакт", "Компанию")
    await vera.text("ООО «Ромашка»")


async def firm_of(shop: Shop, name: str) -> str | None:
    """The firm that stands in a client's card."""
    firm = aliased(ClientRow)
    query = select(firm.name).join(ClientRow, ClientRow.company_id == firm.id).where(ClientRow.name == name)
    rows = await shop.rows(query)
    return str(rows[0][0]) if rows else None


async def test_a_firm_is_not_written_into_the_card_of_a_colleagues_client(
    shop: Shop, boss: Phone, anna: Phone, vera: Phone
) -> None:
    """A lead with a firm is converted, and its number is a colleague's client's: those above are asked, and write it by
    a tap. Twice: the second press says that it is done. Forged: it is nobody's but theirs."""
    await begin_with(vera)
    await order(anna)
    await convert_with_firm(vera)
    assert await firm_of(shop, MARIA[0]) is None
    told = await boss.sees_only("Вера Орлова просит указать компанию в карточке клиента")
    assert MARIA[0] in told.text and "ООО «Ромашка»" in told.text
    write = told.button("Указать компанию")
    assert write is not None
    await vera.press((await vera.last()).id, write["data"], forged=True)
    assert "У вас нет доступа" in (vera.toast or "") and await firm_of(shop, MARIA[0]) is None
    await boss.press(told.id, write["data"])
    assert await firm_of(shop, MARIA[0]) == "ООО «Ромашка»"
    await boss.press(told.id, write["data"], forged=True)
    assert "Это уже сделано" in (boss.toast or "")


async def test_a_firm_is_written_into_the_card_of_ones_own_client(shop: Shop, boss: Phone, vera: Phone) -> None:
    await begin_with(vera)
    await order(vera)
    await convert_with_firm(vera)
    assert await firm_of(shop, MARIA[0]) == "ООО «Ромашка»"
    await boss.sees_no("просит указать компанию")
