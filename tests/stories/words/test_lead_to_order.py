"""A lead becomes an order by three taps (truth 36): «Что создать» is answered sensibly beforehand."""

from __future__ import annotations

from sqlalchemy import select

from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from tests.stories.driver import Phone, Shop, plain

MARIA = {"name": "Мария Иванова", "phone": "8 (912) 345-67-89", "comment": "Кухня угловая", "source": "Сайт"}


async def test_three_taps_lead_from_the_message_to_the_order(shop: Shop, anna: Phone) -> None:
    """F-L5, F-L6, F-L7: taken, in work, an order; its client has a card, and what the lead held stands on the deal."""
    await shop.lead(**MARIA)
    await anna.tap("✋ Беру")
    await anna.tap("✔ В работе")
    await anna.tap("Сразу в заказ")
    assert anna.toast == "Создана сделка № 2026-0002"
    assert "Изготовление заказа" in plain(anna.screen.text) and "Кухня угловая" in anna.screen.text
    [order] = await shop.rows(select(DealRow).where(DealRow.kind == "deal"))
    assert (order.pipeline, order.fields["comment"]) == ("order", "Кухня угловая") and order.client_id is not None
    assert [row.name for row in await shop.rows(select(ClientRow))] == ["Мария Иванова"]


async def test_pressed_twice_it_is_one_order(shop: Shop, anna: Phone) -> None:
    await shop.lead(**MARIA)
    await anna.tap("✋ Беру")
    await anna.tap("✔ В работе")
    lead = anna.screen
    await anna.tap_old("Сразу в заказ", lead)
    await anna.tap_old("Сразу в заказ", lead)
    assert len(await shop.rows(select(DealRow).where(DealRow.kind == "deal"))) == 1
