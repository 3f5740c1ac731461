"""While the database can only be read, who looks is shown, who acts is told honestly, and all of it takes effect after
(safety 9)."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import database as databases
from bot.http import lead_requests
from bot.troubles import trouble_watch
from keyboards import callback_data
from keyboards.callbacks.deal_callbacks import MoveDeal
from models.ids import Revision
from tests.stories.driver import Phone, Shop, plain

NAME, PHONE = "Мария Иванова", "8 912 345-67-89"


@dataclass
class Disk:
    """A disk with so much room."""

    free: int
    total: int = 1_000_000_000


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trouble is told at once, and nobody is patient."""
    monkeypatch.setattr(databases, "LOCKED_LONG", 0.1)
    monkeypatch.setattr(trouble_watch, "TOLD_AFTER", 0.5)
    monkeypatch.setattr(lead_requests, "PATIENCE", 1.0)


@asynccontextmanager
async def locked(shop: Shop) -> AsyncIterator[None]:
    """Another program holds the file."""
    path = Path(shop.app.settings.data_dir) / "verstak.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


@asynccontextmanager
async def full(shop: Shop) -> AsyncIterator[None]:
    """The database cannot grow, and the disk has no room."""
    run, watch = shop.app.db.run, shop.app.watch
    pages = await run(lambda tx: tx.exec_driver_sql("PRAGMA page_count").scalar_one())
    await run(lambda tx: tx.exec_driver_sql("CREATE TABLE junk (x)"))
    await run(lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}"))
    size = 3000
    while size > 10:  # what room is left in pages that are there already
        try:
            await run(lambda tx, size=size: tx.exec_driver_sql(f"INSERT INTO junk VALUES (zeroblob({size}))"))
        except OperationalError:
            size //= 2
    disk, watch._disk = watch._disk, lambda _: Disk(0)
    try:
        yield
    finally:
        watch._disk = disk
        await run(lambda tx: tx.exec_driver_sql("PRAGMA max_page_count = 1000000"))


AWAY: dict[str, Any] = {"locked": locked, "full": full}
SAID = {"locked": "База данных занята: записать не могу", "full": "На сервере нет места: записать не могу"}
TOLD = {"locked": "Базу данных заняла другая программа", "full": "На диске кончилось место"}


async def order(anna: Phone) -> None:
    """A new order, signed by nobody yet."""
    await anna.text("/menu")
    await anna.tap("Новый заказ")
    await anna.fill(NAME, PHONE, "Кухня", "150 000")


async def until_seen(phone: Phone, text: str, patience: float = 15.0) -> str:
    """Wait until the phone shows it."""
    async with asyncio.timeout(patience):
        while (seen := await phone.find(text)) is None:  # noqa: ASYNC110 — a phone has no event
            await asyncio.sleep(0.1)
    return seen.text


@pytest.mark.parametrize("how", AWAY)
async def test_who_looks_is_shown_and_who_acts_is_told_and_served_after(
    shop: Shop, owner: Phone, anna: Phone, at_once: None, how: str
) -> None:
    await shop.lead(name=NAME, phone=PHONE)
    await anna.tap("Открыть", NAME)
    card = await anna.last()
    take = card.button("Взять себе")
    assert take is not None
    made = await shop.post("phones", {"first_name": "Олег", "title": "manager"})
    oleg, token = Phone(shop, made["id"], "Олег"), await shop.invitation("manager")
    await shop.app.watch.look_around()
    async with AWAY[how](shop):
        before = time.monotonic()
        pressed = {"message_id": card.id, "data": take["data"], "forged": False}
        answer = await shop.post(f"phones/{anna.key}/tap", pressed)
        assert SAID[how] in answer["text"]
        assert answer["alert"]
        assert time.monotonic() - before < 8, "on a busy machine; five seconds are the promise"
        await shop.post(f"phones/{oleg.key}/start", {"payload": token})
        await until_seen(oleg, SAID[how])
        await until_seen(owner, TOLD[how])
        token = shop.app.settings.intake_token.get_secret_value()
        url = f"http://127.0.0.1:{shop.app.http.port}/intake/leads"
        given = {"name": "Пётр " + "о" * 200, "phone": "8 912 345-67-80", "comment": "о" * 4000}
        async with shop.http.post(url, json=given, headers={"Authorization": f"Bearer {token}"}) as answer:
            assert answer.status == 503
            assert answer.headers["Retry-After"].isdigit()
        async with shop.http.get(f"http://127.0.0.1:{shop.app.http.port}/health") as page:
            assert TOLD[how] in await page.text() or "База данных не отвечает" in await page.text()
    freed = time.monotonic()
    await shop.settle()
    assert time.monotonic() - freed < 10, "on a busy machine; five seconds are the promise"
    async with asyncio.timeout(15):
        while shop.app.watch._told is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await shop.later(seconds=1)
    await until_seen(owner, "База данных снова отвечает")
    now = next(one for one in await anna.messages() if one.id == card.id)
    assert now.button("Взять себе") is None and now.button("В работе") is not None
    await oleg.sees("Олег")
    assert await oleg.count(SAID[how]) == 1


async def test_a_press_that_only_looks_is_answered_while_nothing_can_be_written(
    shop: Shop, anna: Phone, at_once: None
) -> None:
    _, lead = await shop.lead(name=NAME, phone=PHONE)
    await shop.settle()
    told = await anna.sees(NAME)
    button = told.button("Открыть")
    assert button is not None
    async with locked(shop):
        await shop.post(f"phones/{anna.key}/tap", {"message_id": told.id, "data": button["data"], "forged": False})
        await until_card(anna, lead["number"])
    await shop.settle()
    await anna.sees_no("записать не могу")


async def test_what_follows_something_that_waits_is_done_in_its_turn_and_refused_nothing(
    shop: Shop, anna: Phone, at_once: None
) -> None:
    """A form is opened and its first questions are answered while nothing can be written: by how things stand the
    answers would be words to look for."""
    await anna.text("/menu")
    menu = await anna.last()
    opens = menu.button("Новый заказ")
    assert opens is not None
    async with locked(shop):
        await shop.post(f"phones/{anna.key}/tap", {"message_id": menu.id, "data": opens["data"], "wait": False})
        for said in (NAME, PHONE, "Кухня"):
            await shop.post(f"phones/{anna.key}/text", {"text": said, "wait": False})
        await until_seen(anna, SAID["locked"])
        await asyncio.sleep(1.0)  # the others are looked at too
    await shop.settle()
    for answer in ("✓ Имя клиента: Мария Иванова", "✓ Телефон: +7 912 345-67-89", "✓ Что нужно клиенту: Кухня"):
        await anna.sees(answer)
    assert "Бюджет" in plain((await anna.last()).text)


async def test_a_press_that_names_what_an_earlier_one_will_have_made_is_done_after_it(
    shop: Shop, anna: Phone, at_once: None
) -> None:
    """Both while nothing can be written: by how things stand the second is out of date."""
    await order(anna)
    card = await anna.sees("Заключение договора · 1-й день")
    forth = card.button("✔ Предоплата")
    assert forth is not None
    press = callback_data.unpack(forth["data"])
    assert isinstance(press, MoveDeal) and press.seen is not None
    back = replace(press, seen=Revision(press.seen + 1), to="making").pack()
    async with locked(shop):
        for data in (forth["data"], back):
            await shop.post(
                f"phones/{anna.key}/tap", {"message_id": card.id, "data": data, "forged": True, "wait": False}
            )
        await asyncio.sleep(3.0)
    await shop.settle()
    assert "Изготовление мебели" in (await anna.as_it_is(card)).text
    await anna.sees_no("уже изменили")


async def until_card(phone: Phone, number: str) -> None:
    """Wait until the deal's card is shown."""
    async with asyncio.timeout(15):
        while not any(number in plain(one.text) and one.button("Взять себе") for one in await phone.from_bot()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
