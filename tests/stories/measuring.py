"""The measurers' business in stories: a deal that begins where a story wants it, and what people do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import aiohttp
from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.visits import VisitRow
from models.values.addresses.address import Address
from services.deals import deal_commands, deal_queries
from services.people import employees
from services.register import register_entries
from services.unit_of_work import UnitOfWork
from tests.stories.acts import do
from tests.stories.conftest import open_shop
from tests.stories.driver import Phone, Seen, Shop

ADDRESS = Address(city="Москва", street="ул. Садовая", house="7", flat="12", entrance="1", floor="4", intercom="12")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 200


async def open_measuring(folder: Path, **more: Any) -> tuple[Shop, aiohttp.ClientSession]:
    """The measurers' business, running, with nobody in it yet."""
    return await open_shop(folder, **{"processes": ("measurement",), **more})


async def begun(
    shop: Shop, stage: str, on: date, *, owner: str = "Анна Соколова", pipeline: str = "sales", **values: Any
) -> str:
    """A deal of Maria's that begins on that stage, its measurement on that day; gives its number."""
    app = shop.app

    def made(tx: Any) -> str:
        work = UnitOfWork(tx, app.now(), app.company)
        person = next(one for one in employees.staff(work) if one.name == owner)
        work = UnitOfWork(tx, app.now(), app.company, person)
        known: dict[str, Any] = {
            "name": "Мария Иванова", "phone": "+79123456789", "comment": "Шкаф-купе", "address": ADDRESS,
            "video_ok": True, "calc_total": Decimal(115_973), "measure_on": on, **values,
        }  # fmt: skip
        process = work.process("measurement")
        begin = deal_commands.begin(
            work, process, pipeline, known, source="Сайт", responsible_id=person.id, stage=stage
        )
        return begin.number

    number = str(await app.db.run(made))
    await shop.settle()
    return number


async def entry(shop: Shop, number: str) -> register_entries.RegisterEntry:
    """The deal's entry in «Учёт клиентов», as it is now."""
    app = shop.app

    def read(tx: Any) -> register_entries.RegisterEntry:
        work = UnitOfWork(tx, app.now(), app.company)
        key = tx.execute(select(DealRow.id).where(DealRow.number == number)).scalar_one()
        found = register_entries.find_entry(work, deal_queries.get(work, key))
        assert found is not None, f"{number} stands in no ledger"
        return found

    got: register_entries.RegisterEntry = await app.db.run(read)
    return got


async def stage(shop: Shop, number: str) -> str:
    """Where the deal stands: «sales.measure»."""
    row = (await shop.rows(select(DealRow.pipeline, DealRow.stage).where(DealRow.number == number)))[0]
    return f"{row.pipeline}.{row.stage}"


async def visit(shop: Shop, number: str) -> VisitRow:
    """The deal's measurement as it stands now."""
    current = select(VisitRow).join(DealRow, DealRow.id == VisitRow.deal_id).where(DealRow.number == number)
    [row] = await shop.rows(current.where(VisitRow.current))
    return cast(VisitRow, row)


async def opened(phone: Phone, title: str) -> Seen:
    """Open one's task out of «Мои задачи»; its card."""
    await phone.start()
    await phone.tap("Мои задачи")
    await phone.tap(title, phone.screen)
    return phone.screen


async def stamped(tech: Phone) -> None:
    """The technologist has put his stamp on the calculation (M-8)."""
    await opened(tech, "Печать технолога")
    await tech.tap("Поставить печать", tech.screen)


async def visit_planned(dispatcher: Phone, when: str, who: str = "Пётр Лин") -> None:
    """The communications manager has chosen who goes there and when (M-9)."""
    await opened(dispatcher, "Назначить замер")
    await do(dispatcher, "[Выбрать замерщика]", f"[{who}]", when)
    if (await dispatcher.last()).button("Верно"):
        await dispatcher.tap("Верно")
    await dispatcher.tap("Замер назначен")


async def visited(measurer: Phone, *, sheets: bool = False) -> None:
    """The measurer has been there, with or without the sheets sent."""
    await opened(measurer, "Замер у клиента")
    await do(measurer, "[Позвонить клиенту]")
    if sheets:
        await do(measurer, "[Замер сделан, листы]")
        await measurer.send_files(("zamer.png", PICTURE))
        await do(measurer, "[Готово]")
    await do(measurer, "[Замер закончен]")


@dataclass
class Crew:
    """Who takes part in a measurement, and the deal whose measurement is tomorrow."""

    shop: Shop
    anna: Phone
    boss: Phone
    technologist: Phone
    dispatcher: Phone
    measurer: Phone
    deal: str

    async def visit(self, *, sheets: bool = False) -> None:
        """Stamped, planned for tomorrow at noon, the measurer has been there."""
        await stamped(self.technologist)
        await visit_planned(self.dispatcher, "завтра в 12:00")
        await self.shop.until("2026-11-24T13:00")
        await visited(self.measurer, sheets=sheets)

    async def stage(self) -> str:
        return await stage(self.shop, self.deal)

    async def entry(self) -> register_entries.RegisterEntry:
        return await entry(self.shop, self.deal)


async def hired(shop: Shop, on: date) -> Crew:
    """Everybody who takes part, and a deal on «Замер» whose measurement is that day."""
    boss = await shop.hire("Ирина Белова", "supervisor")
    anna = await shop.hire("Анна Соколова", "manager")
    technologist = await shop.hire("Олег Титов", "technologist")
    dispatcher = await shop.hire("Дарья Ким", "dispatcher")
    measurer = await shop.hire("Пётр Лин", "measurer")
    return Crew(shop, anna, boss, technologist, dispatcher, measurer, await begun(shop, "measure", on))
