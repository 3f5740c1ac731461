"""An update's mark and what it brings about are one transaction: who comes second changes nothing (promise 1)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.updates.inbox import AlreadyHandled
from models.tables.deals import HistoryRow
from tests.stories.driver import Phone, Seen, Shop


@dataclass
class Item:
    """An update on its way to the handler; `overtaken`: another bot has carried it out meanwhile."""

    update: dict[str, Any]
    overtaken: bool = False
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    id: int = 0

    def mark_done(self, tx: Connection) -> None:
        if self.overtaken:
            raise AlreadyHandled

    def committed(self) -> None:
        self.settled.set()

    def pressed_again(self, message: int) -> bool:
        return False


async def order(phone: Phone) -> Seen:
    """A deal in «Изготовление заказа»; its card."""
    await phone.text("/menu")
    await phone.tap("Новый заказ")
    await phone.fill("Пётр Сидоров", "+7 916 111-22-33", "Шкаф-купе", "150 000")
    return await phone.sees("Заключение договора · 1-й день")


def press(phone: Phone, card: Seen, data: str) -> dict[str, Any]:
    """A press as Telegram tells of it."""
    person = {"id": phone.key, "is_bot": False, "first_name": phone.name}
    message = {"message_id": card.id, "date": 1, "chat": {"id": phone.key, "type": "private"}, "text": card.text}
    query = {"id": "1", "from": person, "chat_instance": "1", "message": message, "data": data}
    return {"update_id": 1, "callback_query": query}


async def lines(shop: Shop) -> int:
    [row] = await shop.rows(select(func.count()).select_from(HistoryRow))
    return int(row[0])


def data_of(card: Seen, label: str) -> str:
    button = card.button(label)
    assert button is not None
    return str(button["data"])


async def test_an_update_that_another_bot_has_carried_out_changes_nothing(shop: Shop, anna: Phone) -> None:
    card = await order(anna)
    before = await lines(shop)
    item = Item(press(anna, card, data_of(card, "✔ Предоплата")), overtaken=True)
    with pytest.raises(AlreadyHandled):
        await shop.app.desk.handle(item)
    assert await lines(shop) == before
    assert "Заключение договора" in (await anna.as_it_is(card)).text


async def test_an_update_that_another_bot_has_refused_is_not_refused_again(shop: Shop, anna: Phone) -> None:
    """A refusal rolls back and is marked in a transaction of its own: there the other one's mark is found."""

    class Later(Item):
        """Nobody has it when it begins; then the other bot is faster."""

        def mark_done(self, tx: Connection) -> None:
            super().mark_done(tx)
            self.overtaken = True

    card = await order(anna)
    item = Later(press(anna, card, "v1:move:1:0:nowhere"))
    with pytest.raises(AlreadyHandled):
        await shop.app.desk.handle(item)
    assert (await anna.as_it_is(card)).text == card.text


async def test_a_worker_is_free_when_the_transaction_is_over_and_not_when_telegram_has_answered(
    shop: Shop, anna: Phone
) -> None:
    """Promise 9: a Telegram that is slow for one holds up nobody else."""
    card = await order(anna)
    shop.sandbox.faults.add("slow", chat=anna.key, times=9, seconds=60)
    item = Item(press(anna, card, data_of(card, "✔ Предоплата")))
    doing = asyncio.ensure_future(shop.app.desk.handle(item))
    try:
        async with asyncio.timeout(10):
            await item.settled.wait()
        assert not doing.done(), "the answer is still being shown"
    finally:
        shop.sandbox.faults.clear()
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
