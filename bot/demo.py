"""A believable shop for the sandbox: its people join by their phones, its deals stand where deals stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import select, update

from bot.database import Database
from models.nouns import Employee
from models.tables import PENDING, VOID, deal, due
from models.values.address import Address
from services import deals, people
from services.work import Company, Work


class Running(Protocol):
    """What the demonstration needs of the application."""

    db: Database
    company: Company

    def now(self) -> datetime: ...
    async def settle(self) -> None: ...


class Phones(Protocol):
    """What it needs of the sandbox: a phone for a person, and that he starts the bot."""

    async def phone(self, key: int, name: str, title: str, *, number: str | None = None, sms: bool = False) -> None: ...
    async def start(self, key: int, payload: str) -> None: ...


@dataclass(frozen=True)
class Cast:
    key: int
    name: str
    title: str
    role: str


CAST = (
    Cast(1001, "Сергей Воронов", "Владелец", "owner"),
    Cast(1002, "Анна Соколова", "Менеджер", "manager"),
    Cast(1003, "Павел Егоров", "Менеджер", "manager"),
    Cast(1004, "Ирина Белова", "Руководитель", "supervisor"),
    Cast(1005, "Николай Громов", "Мастер", "installer"),
)
CLIENT = (2001, "Мария Иванова", "Клиент", "+79123456789")


@dataclass(frozen=True)
class Card:
    """A deal of the demonstration: how it came, how far it went, how many hours ago, whose it is (by first name)."""

    name: str
    phone: str
    comment: str
    pipeline: str
    path: tuple[str, ...]
    hours: int
    owner: str | None
    fields: dict[str, Any]
    source: str = "Сайт"


def _cards(now: datetime) -> tuple[Card, ...]:
    visit = (now + timedelta(days=2)).replace(hour=7, minute=0, second=0, microsecond=0)
    home = Address(
        city="Москва", street="ул. Лесная", house="12", flat="45", entrance="2", floor="5", intercom="45К"
    )
    return (
        Card("Ольга Мельникова", "+79161234501", "Кухня угловая, 3 метра, фасады под дерево", "leads", (), 2, None, {}),
        Card("Дмитрий Козлов", "+79161234502", "Шкаф-купе в прихожую", "leads", (), 5, None, {}, "Звонок"),
        Card("Елена Фадеева", "+79161234503", "Гардеробная, нужен замер", "leads", ("in_work",), 20, "Анна", {}),
        Card("ООО «Лотос»", "+74951234504", "Мебель в офис на 12 мест", "leads", ("in_work",), 30, "Павел", {},
             "Выставка"),
        Card("Мария Иванова", "+79123456789", "Кухня «Верона»", "order", ("prepayment", "making"), 26, "Анна",
             {"budget": Decimal(150000), "prepayment": Decimal(75000), "address": home}, "Рекомендация"),
        Card("Артём Гусев", "+79161234506", "Кровать с ящиками", "order", (), 4, "Анна", {"budget": Decimal(64000)}),
        Card("Наталья Крылова", "+79161234507", "Детская: стол и стеллажи", "order", ("prepayment",), 22, "Павел",
             {"budget": Decimal(98500)}),
        Card("Игорь Панов", "+79161234508", "Кухня прямая 2,4 м", "order",
             ("prepayment", "making", "delivery", "assembly"), 12, "Анна",
             {"budget": Decimal(182000), "prepayment": Decimal(90000), "delivery_at": visit - timedelta(days=1),
              "needs_assembly": True, "assembly_at": visit, "address": home, "assembler": "Николай"}),
        Card("Светлана Рудова", "+79161234509", "Дизайн гостиной", "design", ("contract", "prepayment"), 18, "Анна",
             {"design_price": Decimal(40000)}),
        Card("Виктор Тихонов", "+79161234510", "Проект кухни-столовой", "design", (), 3, "Павел", {}),
        Card("Галина Шишкина", "+79161234511", "Просел фасад, не закрывается", "repair", ("warranty_check",), 21, "Анна",
             {"fault": "Просел фасад верхнего шкафа"}),
        Card("Роман Ефимов", "+79161234512", "Скрипит выдвижной ящик", "repair", (), 6, "Павел", {"fault": "Скрипит ящик"}),
    )  # fmt: skip


async def fill(app: Running, phones: Phones) -> str:
    """Fill an empty shop; says so if there are deals already."""
    if await app.db.run(lambda tx: tx.execute(select(deal.c.id).limit(1)).first() is not None):
        return "В магазине уже есть сделки"
    await enlist(app, phones)
    now = app.now()
    said = await app.db.run(lambda tx: _fill(Work(tx, now, app.company)))
    for one in CAST:  # the menus of an empty shop stand in the chats: everybody looks anew
        await phones.start(one.key, "")
    await app.settle()
    return said


async def enlist(app: Running, phones: Phones) -> None:
    """Give everybody a phone and let him join by a real invitation."""
    for one in CAST:
        await phones.phone(one.key, one.name, one.title)
        now = app.now()
        token = await app.db.run(lambda tx, one=one, now=now: _token(Work(tx, now, app.company), one))  # type: ignore[misc]
        if token:
            await phones.start(one.key, token)
    key, name, title, number = CLIENT
    await phones.phone(key, name, title, number=number, sms=True)
    await app.settle()


def _token(work: Work, one: Cast) -> str | None:
    return None if people.find_by_telegram(work, one.key) else people.invite(work, one.role, one.name)


def _fill(work: Work) -> str:
    staff = {person.name.split()[0]: person for person in people.staff(work)}
    if "furniture" not in work.company.processes:
        return "Процесс «Производство мебели» выключен"
    cards = _cards(work.now)
    for card in cards:
        _deal(work, card, staff)
    # what these deals would have said on their way is yesterday's news
    work.tx.execute(update(due).where(due.c.kind == "notice", due.c.state == PENDING).values(state=VOID))
    return f"Готово: {len(cards)} сделок и лидов"


def _deal(work: Work, card: Card, staff: dict[str, Employee]) -> None:
    past = Work(work.tx, work.now - timedelta(hours=card.hours), work.company)
    process = work.process("furniture")
    owner = staff.get(card.owner or "")
    values = {"name": card.name, "phone": card.phone, "comment": card.comment, **card.fields}
    if "assembler" in values:
        values["assembler"] = staff[values["assembler"]].id
    begun = deals.begin(
        past, process, card.pipeline, values, source=card.source, responsible_id=owner.id if owner else None,
        title=f"{card.comment.split(', ')[0]} · {card.name}",
    )  # fmt: skip
    past.actor = owner
    for stage in card.path:
        deals.move(past, begun.id, None, stage)
