"""One button, ten times in a tenth of a second: one effect, and nine polite answers (proof 13)."""

from __future__ import annotations

import asyncio
from collections import Counter

from sqlalchemy import func, select

from models.tables.deals import HistoryRow
from tests.stories.acts import begin
from tests.stories.driver import Phone, Shop

SAID = "Карточка изменилась: Анна Соколова, 10:00. Показываю свежую."


async def test_of_ten_presses_in_a_tenth_of_a_second_one_moves_the_deal(shop: Shop, anna: Phone) -> None:
    await begin(anna, "Новый заказ", "Шкаф-купе", "150 000")
    card = await anna.sees("Заключение договора · 1-й день")
    button = card.button("✔ Предоплата")
    assert button is not None
    press = {"message_id": card.id, "data": button["data"]}
    loop = asyncio.get_running_loop()
    began, pressing = loop.time(), []
    for _ in range(10):
        pressing.append(asyncio.ensure_future(shop.post(f"phones/{anna.key}/tap", press)))
        await asyncio.sleep(0)
    assert loop.time() - began < 0.1
    answers = await asyncio.gather(*pressing)
    await shop.settle()
    assert Counter(one["text"] for one in answers) == {"Готово: «Предоплата»": 1, SAID: 9}
    [moved] = await shop.rows(select(func.count(HistoryRow.id)).where(HistoryRow.kind == "moved"))
    assert moved[0] == 1
    assert await anna.count("Дождитесь предоплаты по сделке") == 1
    assert "Предоплата · 1-й день" in (await anna.as_it_is(card)).text
