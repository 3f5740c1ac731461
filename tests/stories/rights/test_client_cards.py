"""A client's card belongs to whoever leads his deals; what was joined can be parted again (safety 14)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from models.tables.undo import UndoRow
from tests.stories.driver import Phone, Seen, Shop

MARIA, PETER = ("Мария Иванова", "+7 916 123-45-67"), ("Пётр Сидоров", "+7 916 111-22-33")


async def order(phone: Phone, client: tuple[str, str] = MARIA, what: str = "Кухня") -> int:
    """A deal of the manager's; its id."""
    await phone.text("/menu")
    await phone.tap("➕ Новый заказ")
    await phone.fill(*client, what, "150 000")
    return int((await phone.shop.rows(select(func.max(DealRow.id))))[0][0])


async def card(phone: Phone, client: tuple[str, str]) -> Seen:
    """The client's card, found by name."""
    found = await phone.text(client[0])
    return await phone.tap(f"👤 {client[0]}", found)


async def deals_by_client(shop: Shop) -> dict[int, str]:
    """Whose each deal is."""
    query = select(DealRow.id, ClientRow.name).join(ClientRow, ClientRow.id == DealRow.client_id)
    return {row[0]: row[1] for row in await shop.rows(query)}


@pytest.fixture
async def vera(shop: Shop) -> Phone:
    """Another manager."""
    return await shop.hire("Вера Орлова", "manager")


async def share_phone(phone: Phone) -> None:
    """Maria's number on Peter's card as well."""
    await card(phone, PETER)
    await phone.tap("➕ Телефон")
    await phone.text(MARIA[1])


async def test_a_manager_takes_no_colleagues_client_by_ordinary_buttons(
    shop: Shop, boss: Phone, anna: Phone, vera: Phone
) -> None:
    """She adds his client's number to a card of her own: joining the two is for those above, who are asked by a tap."""
    hers, own = await order(anna), await order(vera, PETER)
    await share_phone(vera)
    page = await vera.tap("Объединить: Мария Иванова")
    assert "Сделки ведёт Анна Соколова: объединить карточки может руководитель." in page.text
    assert not [label for label in page.labels if label.startswith("Оставить")]
    asked = await vera.tap("Попросить руководителя", page)
    assert vera.toast == "Спросил: Ирина Белова" and PETER[0] in asked.text
    told = await boss.sees_only("Вера Орлова просит объединить карточки клиента")
    both = await boss.tap("Сравнить карточки", told)
    keep = both.button("Оставить «Мария Иванова»")
    assert keep is not None
    await vera.press(page.id, keep["data"], forged=True)
    assert "Это ведёт Анна Соколова" in (vera.toast or "")
    assert await deals_by_client(shop) == {hers: MARIA[0], own: PETER[0]}
    await boss.press(both.id, keep["data"])
    assert set((await deals_by_client(shop)).values()) == {MARIA[0]}


async def test_a_manager_changes_no_card_whose_deals_a_colleague_leads(shop: Shop, anna: Phone, vera: Phone) -> None:
    """Changed: a form that was open when the deal came to a colleague changes nothing either."""
    await order(anna)
    page = await card(vera, MARIA)
    assert page.button("✏️ Переименовать") is None and "Сделки ведёт Анна Соколова." in page.text
    rename = (await card(anna, MARIA)).button("✏️ Переименовать")
    assert rename is not None
    await vera.press(page.id, rename["data"], forged=True)
    assert "Это ведёт Анна Соколова" in (vera.toast or "")
    await order(vera, PETER)
    await card(vera, PETER)
    await vera.tap("✏️ Переименовать")
    await anna.text("/menu")
    await anna.tap("➕ Новый заказ")
    await anna.fill(*PETER, "[Создать для этого клиента]", "Шкаф", "150 000")
    assert list((await deals_by_client(shop)).values()).count(PETER[0]) == 2
    await vera.text("Мой клиент")
    await vera.sees("Это ведёт Анна Соколова")
    assert await shop.rows(select(ClientRow.id).where(ClientRow.name == "Мой клиент")) == []


async def test_what_was_joined_is_parted_again_within_a_week(shop: Shop, boss: Phone, anna: Phone) -> None:
    """Changed: a deal made since stays where it was made; Twice: the second press does nothing."""
    first, second = await order(anna), await order(anna, PETER)
    await share_phone(anna)
    page = await anna.tap("Объединить: Мария Иванова")
    assert "Разделить их обратно можно неделю." in page.text
    page = await anna.tap("Оставить «Мария Иванова»", page)
    assert set((await deals_by_client(shop)).values()) == {MARIA[0]} and "разделить обратно можно до:" in page.text
    await anna.text("/menu")
    await anna.tap("➕ Новый заказ")
    await anna.fill(*MARIA, "[Создать для этого клиента]", "Полка", "15 000")
    third = max(await deals_by_client(shop))
    await shop.later(days=6, hours=23)
    page = await card(boss, MARIA)
    back = page.button("↩️ Разделить обратно")
    assert back is not None
    page = await boss.tap("↩️ Разделить обратно", page)
    assert boss.toast == "Карточки снова разделены" and page.button("↩️ Разделить обратно") is None
    assert await deals_by_client(shop) == {first: MARIA[0], second: PETER[0], third: MARIA[0]}
    peter = await card(boss, PETER)
    assert "+7 916 111-22-33" in peter.text and "+7 916 123-45-67" in peter.text
    assert "+7 916 111-22-33" not in (await card(boss, MARIA)).text
    await boss.press(page.id, back["data"], forged=True)
    assert "Это уже сделано" in (boss.toast or "")


async def test_after_a_week_it_stays_joined_and_is_forgotten(shop: Shop, boss: Phone, anna: Phone) -> None:
    """Gone: the old button says so; what the cards were before is kept no longer than it can be used."""
    await order(anna)
    await order(anna, PETER)
    await share_phone(anna)
    await anna.tap("Объединить: Мария Иванова")
    page = await anna.tap("Оставить «Мария Иванова»")
    await shop.later(days=7, hours=1)
    await anna.tap("↩️ Разделить обратно", page)
    assert "Вернуть как было уже нельзя" in (anna.toast or "")
    await shop.later(days=1, hours=1)
    await shop.app._daily()
    assert await shop.rows(select(UndoRow.id)) == []


async def test_who_did_not_join_them_and_is_not_above_takes_nothing_back(
    shop: Shop, boss: Phone, anna: Phone, vera: Phone
) -> None:
    await order(anna)
    await order(anna, PETER)
    await share_phone(anna)
    await anna.tap("Объединить: Мария Иванова")
    page = await anna.tap("Оставить «Мария Иванова»")
    back = page.button("↩️ Разделить обратно")
    assert back is not None
    seen = await card(vera, MARIA)
    assert seen.button("↩️ Разделить обратно") is None
    await vera.press(seen.id, back["data"], forged=True)
    assert "У вас нет доступа" in (vera.toast or "")


async def test_of_cards_that_went_into_a_third_the_last_joining_is_parted_first(
    shop: Shop, boss: Phone, anna: Phone
) -> None:
    """Twice: two joinings of one card, taken back in turn, the way they were made."""
    olga = ("Ольга Ким", "+7 916 777-88-99")
    first, second, third = await order(anna), await order(anna, PETER), await order(anna, olga)
    await share_phone(anna)
    await anna.tap("Объединить: Мария Иванова")
    old = await anna.tap("Оставить «Мария Иванова»")
    old_back = old.button("↩️ Разделить обратно")
    await card(anna, olga)
    await anna.tap("➕ Телефон")
    await anna.text(MARIA[1])
    await anna.tap("Объединить: Мария Иванова")
    new = await anna.tap("Оставить «Ольга Ким»")
    assert old_back is not None
    await anna.press(new.id, old_back["data"], forged=True)
    assert "Вернуть как было уже нельзя" in (anna.toast or "")
    await anna.tap("↩️ Разделить обратно", await card(anna, olga))
    await anna.tap("↩️ Разделить обратно", await card(anna, MARIA))
    assert await deals_by_client(shop) == {first: MARIA[0], second: PETER[0], third: olga[0]}
