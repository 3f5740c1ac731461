"""The kitchen shop in stories: its people, its papers' requisites, a deal led to where a story begins."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import insert, select

from bot.demo.demo_kitchens import REQUISITES
from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from models.tables.settings import SettingRow
from models.tables.tasks import TaskRow
from models.values.addresses.address import Address
from models.values.received_payment import ReceivedPayment
from services import payments
from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.stories.acts import do
from tests.stories.conftest import open_shop
from tests.stories.driver import Phone, Seen, Shop

MARIA = {"name": "Мария Иванова", "phone": "8 912 345-67-89", "comment": "Кухня угловая", "source": "Сайт"}
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 200
DEAL = "2026-0002"  # the number of the deal that `lead_to_deal` brings: the lead was 2026-0001


async def open_kitchens(folder: Path, **more: Any) -> tuple[Shop, aiohttp.ClientSession]:
    """The kitchen shop, running, with the requisites that its papers are signed with."""
    opened, http = await open_shop(folder, **{"processes": ("kitchens",), **more})
    await opened.app.db.run(lambda tx: tx.execute(insert(SettingRow).values(name="requisites", value=REQUISITES)))
    return opened, http


async def lead_to_deal(shop: Shop, anna: Phone) -> None:
    """A lead of the site, taken and converted: the deal stands on «Подписать договор»."""
    status, _ = await shop.lead(**MARIA)
    assert status == 201
    await anna.tap("Открыть")
    await do(anna, "[Взять себе]", "✔ В работе", "✔ Создать сделку")


# --- a deal that begins where a story wants it -------------------------------------------------------------------


ADDRESS = Address(city="Москва", street="ул. Садовая", house="7", flat="12", entrance="1", floor="4", intercom="12")


async def paid(
    shop: Shop,
    owner: str = "Анна Соколова",
    name: str = "Мария Иванова",
    phone: str = "+79123456789",
    address: Address | None = ADDRESS,
) -> str:
    """A deal of that manager on «Доплата получена», paid in full, begun as the system would; gives its number."""
    app = shop.app

    def made(tx: Any) -> str:
        work = UnitOfWork(tx, app.now(), app.company)
        person = next(one for one in employees.staff(work) if one.name == owner)
        work = UnitOfWork(tx, app.now(), app.company, person)
        today = work.moment.today
        values = {
            "name": name, "phone": phone, "comment": "Кухня угловая", "kitchen_type": "corner",
            "contract_total": Decimal(150_000), "prepayment": Decimal(75_000), "rest": Decimal(75_000),
            "wanted_on": today, "ready_on": today, **({"address": address} if address else {}),
        }  # fmt: skip
        process = work.process("kitchens")
        begun = deal_commands.begin(
            work, process, "general", values, source="Сайт", responsible_id=person.id, stage="paid"
        )
        for field in ("prepayment", "rest"):
            payments.write(work, begun.id, field, ReceivedPayment(Decimal(75_000), today, "transfer"))
        return begun.number

    number = str(await app.db.run(made))
    await shop.settle()
    return number


async def task(phone: Phone, title: str) -> Seen:
    """Open one's task out of «Мои задачи»; its card."""
    await phone.start()
    await phone.tap("Мои задачи")
    await phone.tap(title, phone.screen)
    return phone.screen


async def tasks(shop: Shop, name: str) -> list[tuple[str, str | None]]:
    """State and outcome of every task of that name, in its order."""
    rows = await shop.rows(select(TaskRow.state, TaskRow.outcome).where(TaskRow.name == name).order_by(TaskRow.id))
    return [(row.state, row.outcome) for row in rows]


async def sign(anna: Phone, kind: str = "Угловая", total: str = "150 000") -> None:
    """The contract made, signed, its copy attached: the task of the first stage is closed (K-5)."""
    await task(anna, "Подготовить и подписать")
    await do(anna, "[Указать тип кухни]", f"[{kind}]", total)
    await do(
        anna, "[Сформировать договор]", "[Так и надо]", "[Подписать договор у клиента]", "[Приложить подписанную копию]"
    )
    await anna.send_files(("dogovor.jpg", PICTURE))
    await do(anna, "[Готово]", "[Договор подписан]")


async def invoice_sent(anna: Phone, amount: str = "75 000", pay_on: str = "24.11") -> None:
    """The invoice made and sent, the date of payment asked: its task is closed (K-12)."""
    await task(anna, "Выставить счёт")
    await do(anna, "[Сформировать счёт]", amount)
    await do(anna, "[Узнать у клиента дату]", pay_on)
    await anna.tap("Клиенту отправлено", "Счёт №")
    await task(anna, "Выставить счёт")
    await do(anna, "[Счёт отправлен]")


async def given_a_job(shop: Shop) -> None:
    """The installer is given the assembly of tomorrow, and so sees the deal: the short way, past the other stages."""

    def give(tx: Any) -> None:
        who = tx.execute(select(EmployeeRow.id).where(EmployeeRow.role == "installer")).scalar_one()
        key = tx.execute(select(DealRow.id).where(DealRow.number == DEAL)).scalar_one()
        now = shop.app.now()
        values = {
            "deal_id": key, "name": "job", "origin": "general.assembly_set", "title": "Монтаж кухни у клиента",
            "assignee_id": who, "due_at": now + timedelta(days=1), "state": "open", "given_at": now,
        }  # fmt: skip
        tx.execute(insert(TaskRow).values(**values))

    await shop.app.db.run(give)


# --- from the prepayment to the balance --------------------------------------------------------------------------


async def begun(shop: Shop, stage: str, prepaid: int = 75_000, owner: str = "Анна Соколова", **values: Any) -> str:
    """A deal of Maria's that begins on that stage, its contract of 150 000 signed; gives its number."""
    app = shop.app

    def made(tx: Any) -> str:
        work = UnitOfWork(tx, app.now(), app.company)
        person = next(one for one in employees.staff(work) if one.name == owner)
        work = UnitOfWork(tx, app.now(), app.company, person)
        known: dict[str, Any] = {
            "name": "Мария Иванова", "phone": "+79123456789", "comment": "Кухня угловая", "kitchen_type": "corner",
            "contract_total": Decimal(150_000), **({"prepayment": Decimal(prepaid)} if prepaid else {}), **values,
        }  # fmt: skip
        process = work.process("kitchens")
        deal = deal_commands.begin(
            work, process, "general", known, source="Сайт", responsible_id=person.id, stage=stage
        )
        if prepaid:
            came_on = work.moment.today - timedelta(days=3)
            payments.write(work, deal.id, "prepayment", ReceivedPayment(Decimal(prepaid), came_on, "transfer"))
        return deal.number

    number = str(await app.db.run(made))
    await shop.settle()
    return number


async def receive(phone: Phone, deal: str, amount: str, day: str = "Сегодня", how: str = "Перевод на счёт") -> Seen:
    """Money has come: entered on the page «Оплата»; `amount` is typed, or a button in brackets."""
    await phone.open(deal)
    await do(phone, "[Оплата]", "[➕ Внести платёж]", amount, f"[{day}]", f"[{how}]")
    return phone.screen


async def prepaid(anna: Phone, deal: str = DEAL, amount: str = "75 000", wanted: str = "20.12") -> None:
    """The prepayment has come: the deal goes to «Предоплата получена» (K-13)."""
    await anna.open(deal)
    await do(anna, "✔ Предоплата получена", amount, "[Сегодня]", "[Перевод на счёт]", wanted)


async def technologist(anna: Phone, deal: str = DEAL, ready: str = "18.12") -> None:
    """The technologist has named the day, the deal goes to «Производство запущено» (K-15)."""
    await task(anna, "Связаться с технологом")
    await do(anna, "[Узнать предварительную дату]", ready, "[Получить уверения]", "[Убедиться, что кухня]")
    await anna.tap("Технолог всё подтвердил", anna.screen)
    await anna.open(deal)
    await do(anna, "✔ Производство запущено")


async def produced(anna: Phone) -> None:
    """Everything is ready: the manager is to ask for the balance (K-16, K-17)."""
    await task(anna, "Проверить график")
    await anna.tap("Готово на 100 %", anna.screen)


# --- the day of the assembly -------------------------------------------------------------------------------------


async def client_phone(shop: Shop, name: str = "Мария", number: str = "+79123456789") -> Phone:
    """The client's own phone: no Telegram there, only SMS."""
    made = await shop.post("phones", {"first_name": name, "number": number, "sms": True})
    return Phone(shop, made["id"], name)


async def own_number(phone: Phone, number: str = "8 916 555-01-01") -> None:
    """Somebody enters his working phone in the settings."""
    await phone.start()
    await do(phone, "[⚙️ Настройки]", "[📱 Телефон]", number)


async def booked(anna: Phone, when: str = "завтра в 10") -> None:
    """The window agreed, the address confirmed, the lift and the wishes asked: the deal moves by itself (K-19)."""
    await task(anna, "Согласовать доставку")
    await do(anna, "[Выбрать окно и мастера]", when, "[Клиент согласен]")
    await do(anna, "[Уточнить точный адрес]", "[Оставить как есть]")
    await do(anna, "[Узнать про подъём]", "[Грузовой лифт]", "[Пропустить]", "Режим тишины с 13:00 до 15:00")


async def ready(shop: Shop, anna: Phone) -> None:
    """The day before, at its hour: the client is called, and is ready (K-21)."""
    await shop.until("2026-11-23T11:00")
    await anna.tap("Клиент готов", "Пора: срок задачи наступил")


async def assembled(shop: Shop, nikolay: Phone) -> None:
    """The installer's whole day up to the act (K-22): the checklist, the photos, what was done."""
    await nikolay.tap("Принимаю выезд", "Монтаж кухни у клиента")
    await shop.until("2026-11-24T14:00")
    await task(nikolay, "Монтаж кухни")
    await do(nikolay, "[Позвонить клиенту за час]", "[На месте]", "[Пропустить]")
    await nikolay.tap("Кухня собрана", "Монтаж кухни у клиента")
    await nikolay.send_files(("one.png", PICTURE + b"1"), ("two.png", PICTURE + b"2"))
    await do(nikolay, "[Готово]", "[Сообщить о результате]", "[Без замечаний]", "Собрали всё")


async def signed(shop: Shop, nikolay: Phone) -> None:
    """The installer's whole day, the act signed and photographed (K-22)."""
    await assembled(shop, nikolay)
    await do(nikolay, "[Акт подписан]")
    await nikolay.send_files(("act.png", PICTURE + b"3"))
    await do(nikolay, "[Готово]")
