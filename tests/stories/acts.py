"""What managers do again and again in the stories: begin a deal, lead it on, wait for what comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models.fields import codec
from models.tables.deals import DealRow
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork
from tests.stories.driver import Phone, Seen, Shop

MARIA = ("Мария Иванова", "8 912 345-67-89")
MINUTE = timedelta(minutes=1)


async def fields(shop: Shop, number: str | None = None) -> dict[str, Any]:
    """The fields of a deal as JSON, those that show its visits included; of the newest one without a number."""
    app = shop.app

    def read(tx: Any) -> dict[str, Any]:
        wanted = select(DealRow).order_by(DealRow.id.desc()).limit(1)
        row = tx.execute(wanted if number is None else wanted.where(DealRow.number == number)).one()
        work = UnitOfWork(tx, app.now(), app.company)
        deal = deal_queries.read(work, row)
        return codec.encode(work.process(deal.process).fields, deal.fields)

    found: dict[str, Any] = await app.db.run(read)
    return found


async def do(phone: Phone, *steps: str) -> Seen:
    """One step after another: `✔ Предоплата` and `[Готово]` are pressed, everything else is typed.

    Gives the screen that stands where the last step was made.
    """
    for step in steps:
        if step.startswith(("✔", "[")):
            await phone.tap(step.strip("[]"))
        else:
            phone.screen = await phone.text(step)
    return phone.screen


async def begin(phone: Phone, button: str, what: str, *more: str, client: tuple[str, str] = MARIA) -> None:
    """A new deal by its button of the menu: the client's name and phone, then what he wants."""
    await phone.start()
    await do(phone, f"[{button}]", *client, what, *more)


async def listen(shop: Shop) -> None:
    """What is on the phones by now is known: from here on only what is new counts."""
    for phone in shop.phones.values():
        await phone.news()


async def comes(shop: Shop, after: timedelta, told: Mapping[Phone, Sequence[str]]) -> None:
    """Until a minute before the moment nobody hears anything; at that minute these people hear this and nobody else.

    `told` are the messages in their order, each by a part of its first line.
    """
    await listen(shop)
    await shop.later(seconds=(after - MINUTE).total_seconds())
    for phone in shop.phones.values():
        assert await phone.news() == [], f"{phone.name} was told too early"
    await shop.later(minutes=1)
    for phone in shop.phones.values():
        heard(phone, await phone.news(), told.get(phone, ()))


def heard(phone: Phone, news: Sequence[str], wanted: Sequence[str]) -> None:
    """These messages came, in this order, and no other."""
    same = len(news) == len(wanted) and all(part in one for part, one in zip(wanted, news, strict=True))
    assert same, f"{phone.name} was to hear {list(wanted)}, and heard {list(news)}"
