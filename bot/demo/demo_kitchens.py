"""The kitchen shop's deals of the demonstration, and the requisites that its papers are signed with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.entities import Employee
from models.field_values import FieldValues
from models.fields.booking_field import BookingField
from models.values.addresses.address import Address
from models.values.received_payment import ReceivedPayment
from services import company_settings, payments
from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import free_windows

REQUISITES = {
    "full_name": "Общество с ограниченной ответственностью «Кухни Верстак»",
    "short_name": "ООО «Кухни Верстак»",
    "inn": "7707083893",
    "kpp": "773601001",
    "ogrn": "1027700132195",
    "address": "117312, г. Москва, ул. Вавилова, д. 19, пом. 4",
    "city": "Москва",
    "director": "Воронов Сергей Петрович",
    "director_post": "Генеральный директор",
    "basis": "Устава",
    "bank": "ПАО Сбербанк, г. Москва",
    "bik": "044525225",
    "account": "40702810938000012345",
    "corr_account": "30101810400000000225",
    "vat": "none",
    "phone": "+74951234567",
}
PHONES = {"Николай": "+79165550101", "Анна": "+79165550102", "Павел": "+79165550103", "Ирина": "+79165550104"}
HOME = Address(city="Москва", street="ул. Садовая", house="7", flat="12", entrance="1", floor="4", intercom="12")


@dataclass(frozen=True)
class DemoKitchen:
    """A deal of the demonstration: where it stands since how many hours, whose it is, what is paid."""

    name: str
    phone: str
    comment: str
    stage: str
    hours: int
    owner: str
    fields: FieldValues
    paid: tuple[tuple[str, int], ...] = ()


def _kitchens(today: date) -> tuple[DemoKitchen, ...]:
    def sold(kind: str, total: int, ready_in: int) -> dict[str, Any]:
        ready = today + timedelta(days=ready_in)
        return {
            "kitchen_type": kind, "contract_total": Decimal(total), "wanted_on": ready + timedelta(days=5),
            "ready_on": ready, "address": HOME, "lift": "freight",
        }  # fmt: skip

    return (
        DemoKitchen("Ксения Орлова", "+79161234521", "Кухня с островом", "contract", 5, "Анна", {}),
        DemoKitchen("Мария Иванова", "+79123456789", "Кухня угловая", "production", 20, "Анна",
                sold("corner", 150_000, 14), (("prepayment", 75_000),)),
        DemoKitchen("Борис Кравцов", "+79161234523", "Кухня прямая, 2,8 м", "paid", 6, "Павел",
                sold("straight", 98_000, 0), (("prepayment", 49_000), ("rest", 49_000))),
        DemoKitchen("Алина Зуева", "+79161234524", "Кухня П-образная", "assembly_set", 3, "Анна",
                sold("u_shape", 240_000, 0), (("prepayment", 120_000), ("rest", 120_000))),
    )  # fmt: skip


def fill(work: UnitOfWork, staff: Mapping[str, Employee]) -> None:
    """Kitchens at every step: a contract to sign, one in production, one paid, one to be assembled soon."""
    if company_settings.get(work.tx, company_settings.REQUISITES) is None:
        company_settings.put(work.tx, company_settings.REQUISITES, REQUISITES)
    for name, phone in PHONES.items():
        employees.set_phone(work, staff[name], phone)
    for one in _kitchens(work.moment.today):
        _deal(work, one, staff[one.owner])


def _deal(work: UnitOfWork, one: DemoKitchen, owner: Employee) -> None:
    past = UnitOfWork(work.tx, work.now - timedelta(hours=one.hours), work.company, owner)
    process = work.process("kitchens")
    values = {"name": one.name, "phone": one.phone, "comment": one.comment, **one.fields}
    values |= {field: Decimal(amount) for field, amount in one.paid}
    field = process.fields["assembly"]
    slot = None
    if one.stage == "assembly_set" and isinstance(field, BookingField):
        after = work.moment.today + timedelta(days=2)
        free = free_windows.free_windows(work, field.role, field.takes, field.travel, after, most=1)
        slot = free[0].slot if free else None
        values["assembly"] = slot
    begun = deal_commands.begin(
        past, process, "general", {key: value for key, value in values.items() if value is not None},
        source="Сайт", responsible_id=owner.id, stage=one.stage,
    )  # fmt: skip
    for name, amount in one.paid:
        payments.write(past, begun.id, name, ReceivedPayment(Decimal(amount), past.moment.today, "transfer"))
