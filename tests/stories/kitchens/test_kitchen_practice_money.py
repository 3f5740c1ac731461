"""A learner's money is handled like any other, and nobody else hears of it (K-2, truth 25)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from keyboards.base36 import to36
from models.tables.files import FileRow
from models.tables.tasks import TaskRow
from models.values.received_payment import ReceivedPayment
from services import payments
from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.stories.kitchen import invoice_sent, lead_to_deal, open_kitchens, prepaid, sign


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running, with nobody in it yet."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def learnt(shop: Shop) -> int:
    """Anna's practice deal with 75 000 of 150 000 paid, its contract signed; gives its id."""
    app = shop.app

    def made(tx: Any) -> int:
        person = next(one for one in employees.staff(UnitOfWork(tx, app.now(), app.company)) if "Анна" in one.name)
        work = UnitOfWork(tx, app.now(), app.company, person)
        values = {
            "name": "Ученик", "contract_total": Decimal(150_000), "prepayment": Decimal(75_000), "contract_copy": (1,),
        }  # fmt: skip
        deal = deal_commands.begin(
            work, work.process("kitchens"), "training", values, responsible_id=person.id, stage="prepaid"
        )
        came = ReceivedPayment(Decimal(75_000), work.moment.today, "card")
        payments.write(work, deal.id, "prepayment", came)
        return int(deal.id)

    key = int(await app.db.run(made))
    await shop.settle()
    return key


async def card(phone: Phone, key: int) -> Seen:
    """Open the card of a practice deal: it is in no list of real ones."""
    menu = await phone.start()
    return await phone.press(menu.id, f"v1:deal:{to36(key)}", forged=True)


async def test_a_learner_gives_money_back_and_asks_nobody(shop: Shop, anna: Phone, boss: Phone) -> None:
    key = await learnt(shop)
    await card(anna, key)
    await do(anna, "[Заполнить]", "[✏️ Товары]", "[Сумма договора]", "120 000")
    assert "120 000 ₽ · оплачено 75 000 ₽" in plain((await card(anna, key)).text), "a learner does everybody's work"
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    (row,) = await shop.rows(select(TaskRow).where(TaskRow.name == "return_money"))
    assert row.state == "open"
    await card(anna, key)
    await do(anna, "[Оплата]", "[↩️ Возврат клиенту]", "[Всё — 75 000 ₽]", "[Сегодня]", "[Карта]", "Учусь")
    (row,) = await shop.rows(select(TaskRow).where(TaskRow.name == "return_money"))
    assert (row.state, row.outcome) == ("done", "returned")
    for word in ("75 000", "Не сходится", "Клиенту вернули", "Разрешить"):
        await boss.sees_no(word)


async def test_truth_5_a_signed_contract_is_not_taken_out_of_its_folder(shop: Shop, anna: Phone) -> None:
    """Kind C beside the list: what opened the stage stays; another copy may lie beside it."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna)
    await prepaid(anna)
    (file,) = await shop.rows(select(FileRow).where(FileRow.field == "contract_copy"))
    menu = await anna.start()
    await anna.press(menu.id, f"v1:fdel_yes:{to36(file.id)}", forged=True)
    assert anna.alert and anna.toast == "Подписанный договор должен остаться в папке сделки"
    await anna.press(menu.id, f"v1:fput:{to36(file.id)}:layout", forged=True)
    assert anna.alert and anna.toast == "Подписанный договор должен остаться в папке сделки"
    (same,) = await shop.rows(select(FileRow).where(FileRow.field == "contract_copy"))
    assert same.id == file.id
