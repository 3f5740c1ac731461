"""A believable shop for the sandbox: its people join by their phones, its deals stand where deals stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from sqlalchemy import select, update

from bot.database import Database
from bot.demo import demo_kitchens, demo_measurement
from models.entities import Employee
from models.field_values import FieldValues
from models.outbox import DeliveryState
from models.roles import Role
from models.tables.deals import DealRow
from models.tables.outbox import ScheduledRow
from models.values.addresses.address import Address
from models.values.received_payment import ReceivedPayment
from models.values.work_calendar import WorkCalendar
from services import invitations, payments
from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import Company, UnitOfWork


class RunningBot(Protocol):
    """What the demonstration needs of the application."""

    db: Database
    company: Company

    def now(self) -> datetime: ...
    async def settle(self) -> None: ...


class DemoPhones(Protocol):
    """What it needs of the sandbox: a phone for a person, and that he starts the bot."""

    async def phone(self, key: int, name: str, title: str, *, number: str | None = None, sms: bool = False) -> None: ...
    async def start(self, key: int, payload: str) -> None: ...


@dataclass(frozen=True)
class DemoPerson:
    key: int
    name: str
    title: str
    role: Role


CAST = (
    DemoPerson(1001, "Сергей Воронов", "Владелец", "owner"),
    DemoPerson(1002, "Анна Соколова", "Менеджер", "manager"),
    DemoPerson(1003, "Павел Егоров", "Менеджер", "manager"),
    DemoPerson(1004, "Ирина Белова", "Руководитель", "supervisor"),
    DemoPerson(1005, "Николай Громов", "Мастер", "installer"),
)
CREWS = {  # who works in one business alone
    "measurement": (
        DemoPerson(1006, "Вера Климова", "Технолог", "technologist"),
        DemoPerson(1007, "Олег Савин", "Коммуникации", "dispatcher"),
        DemoPerson(1008, "Пётр Лин", "Замерщик", "measurer"),
    ),
}
CLIENT = (2001, "Мария Иванова", "Клиент", "+79123456789")


@dataclass(frozen=True)
class DemoDeal:
    """A deal of the demonstration: how it came, how far it went, how many hours ago, whose it is (by first name)."""

    name: str
    phone: str
    comment: str
    pipeline: str
    path: tuple[str, ...]
    hours: int
    owner: str | None
    fields: FieldValues
    source: str = "Сайт"


def _cards(now: datetime) -> tuple[DemoDeal, ...]:
    visit = (now + timedelta(days=2)).replace(hour=7, minute=0, second=0, microsecond=0)
    home = Address(city="Москва", street="ул. Лесная", house="12", flat="45", entrance="2", floor="5", intercom="45К")
    return (
        DemoDeal(
            "Ольга Мельникова", "+79161234501", "Кухня угловая, 3 метра, фасады под дерево", "leads", (), 2, None, {}
        ),
        DemoDeal("Дмитрий Козлов", "+79161234502", "Шкаф-купе в прихожую", "leads", (), 5, None, {}, "Звонок"),
        DemoDeal("Елена Фадеева", "+79161234503", "Гардеробная, нужен замер", "leads", ("in_work",), 20, "Анна", {}),
        DemoDeal(
            "ООО «Лотос»",
            "+74951234504",
            "Мебель в офис на 12 мест",
            "leads",
            ("in_work",),
            30,
            "Павел",
            {},
            "Выставка",
        ),
        DemoDeal(
            "Мария Иванова",
            "+79123456789",
            "Кухня «Верона»",
            "order",
            ("prepayment", "making"),
            22,
            "Анна",
            {"budget": Decimal(150000), "prepayment": Decimal(75000), "address": home},
            "Рекомендация",
        ),
        DemoDeal(
            "Артём Гусев", "+79161234506", "Кровать с ящиками", "order", (), 4, "Анна", {"budget": Decimal(64000)}
        ),
        DemoDeal(
            "Наталья Крылова",
            "+79161234507",
            "Детская: стол и стеллажи",
            "order",
            ("prepayment",),
            22,
            "Павел",
            {"budget": Decimal(98500)},
        ),
        DemoDeal(
            "Игорь Панов",
            "+79161234508",
            "Кухня прямая 2,4 м",
            "order",
            ("prepayment", "making", "delivery", "assembly"),
            12,
            "Анна",
            {
                "budget": Decimal(182000),
                "prepayment": Decimal(90000),
                "delivery_at": visit - timedelta(days=1),
                "needs_assembly": True,
                "assembly_at": visit,
                "address": home,
                "assembler": "Николай",
            },
        ),
        DemoDeal(
            "Светлана Рудова",
            "+79161234509",
            "Дизайн гостиной",
            "design",
            ("contract", "prepayment"),
            18,
            "Анна",
            {"design_price": Decimal(40000)},
        ),
        DemoDeal("Виктор Тихонов", "+79161234510", "Проект кухни-столовой", "design", (), 3, "Павел", {}),
        DemoDeal(
            "Галина Шишкина",
            "+79161234511",
            "Просел фасад, не закрывается",
            "repair",
            ("warranty_check",),
            21,
            "Анна",
            {"fault": "Просел фасад верхнего шкафа"},
        ),
        DemoDeal(
            "Роман Ефимов",
            "+79161234512",
            "Скрипит выдвижной ящик",
            "repair",
            (),
            6,
            "Павел",
            {"fault": "Скрипит ящик"},
        ),
    )


def cast(company: Company) -> tuple[DemoPerson, ...]:
    """Who has a phone: the shop's people, and those of the businesses that are on."""
    return (*CAST, *(one for name, crew in CREWS.items() if name in company.processes for one in crew))


async def open_shop(app: RunningBot, phones: DemoPhones) -> None:
    """Give everybody a phone, admit him by an invitation, fill an empty shop, and let everybody look at his menu."""
    for one in cast(app.company):
        await phones.phone(one.key, one.name, one.title)
    key, name, title, number = CLIENT
    await phones.phone(key, name, title, number=number, sms=True)
    now = app.now()
    await app.db.run(lambda tx: open_in(UnitOfWork(tx, now, app.company)))
    for one in cast(app.company):
        await phones.start(one.key, "")
    await app.settle()


def open_in(work: UnitOfWork) -> None:
    """The people who are not there yet, and the deals of a shop that has none."""
    for one in cast(work.company):
        if employees.find_by_telegram(work, one.key) is None:
            invitations.join(work, invitations.invite(work, one.role, one.name), one.key, one.name, work.company.locale)
    if work.tx.execute(select(DealRow.id).limit(1)).first() is None:
        _fill(work)


def morning(now: datetime, calendar: WorkCalendar) -> datetime:
    """When the rehearsal begins: now, or at ten of the same day if the shop sleeps (nobody is told anything then)."""
    ten = calendar.at(calendar.today(now), time(10))
    evening = calendar.at(calendar.today(now), time(19))
    return now if ten <= now < evening else ten


REQUESTS = (
    ("Вера Лебедева", "+79161234601", "Кухня для дачи, 2 метра"),
    ("Олег Назаров", "+79161234602", "Стенка в гостиную"),
    ("Людмила Осипова", "+79161234603", "Перетянуть диван"),
    ("Тимур Сафин", "+79161234604", "Мебель в детскую для двоих"),
    ("Алла Жукова", "+79161234605", "Столешница и фартук"),
    ("Григорий Дёмин", "+79161234606", "Дизайн-проект студии"),
)


def _fill(work: UnitOfWork) -> None:
    staff = {person.name.split()[0]: person for person in employees.staff(work)}
    if "furniture" in work.company.processes:
        for card in _cards(work.now):
            _deal(work, card, staff)
    if "kitchens" in work.company.processes:
        demo_kitchens.fill(work, staff)
    if "measurement" in work.company.processes:
        demo_measurement.fill(work, staff)
    # what these deals would have said on their way is yesterday's news
    stale = update(ScheduledRow).where(ScheduledRow.kind == "notice", ScheduledRow.done_at.is_(None))
    work.tx.execute(stale.values(delivery_state=DeliveryState.VOID, done_at=work.now))


def _deal(work: UnitOfWork, card: DemoDeal, staff: dict[str, Employee]) -> None:
    past = UnitOfWork(work.tx, work.now - timedelta(hours=card.hours), work.company)
    process = work.process("furniture")
    owner = staff.get(card.owner or "")
    values = {"name": card.name, "phone": card.phone, "comment": card.comment, **card.fields}
    if "assembler" in values:
        values["assembler"] = staff[values["assembler"]].id
    begun = deal_commands.begin(
        past,
        process,
        card.pipeline,
        values,
        source=card.source,
        responsible_id=owner.id if owner else None,
        title=f"{card.comment.split(', ')[0]} · {card.name}",
    )
    for name in process.payment_fields:
        if (came := begun.fields.get(name)) is not None:
            payments.write(past, begun.id, name, ReceivedPayment(came, past.moment.today, "transfer"))
    past.actor = owner
    for stage in card.path:
        deal_commands.move(past, begun.id, None, stage)
