"""The measurers' deals of the demonstration: one at every turn of the regulations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.entities import Employee
from models.field_values import FieldValues
from models.process import months
from models.values.addresses.address import Address
from services.deals import deal_commands
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class DemoMeasurement:
    """A deal of the demonstration: where it stands since how many hours, and whose it is (by first name)."""

    name: str
    phone: str
    comment: str
    pipeline: str
    stage: str
    hours: int
    owner: str | None
    fields: FieldValues


def _home(street: str, house: str, flat: str) -> Address:
    return Address(city="Москва", street=street, house=house, flat=flat, entrance="2", floor="5", intercom=flat)


def _sales(today: date) -> tuple[DemoMeasurement, ...]:
    def agreed(days: int, total: int, home: Address) -> dict[str, Any]:
        return {
            "measure_on": today + timedelta(days=days),
            "calc_total": Decimal(total),
            "address": home,
            "video_ok": True,
        }

    def put_off(days: int, why: str) -> tuple[str, dict[str, Any]]:
        day = today + timedelta(days=days)
        return months.stage_of(day), {"contact_on": day, "defer_reason": why}

    soon, in_spring = put_off(47, "Сдача дома в следующем месяце"), put_off(120, "Сначала закончат ремонт")
    return (
        DemoMeasurement("Лариса Котова", "+79161234531", "Шкаф-купе, 3 метра", "leads", "new", 1, None, {}),
        DemoMeasurement("Степан Громыко", "+79161234532", "Гардеробная под лестницей", "sales", "calc", 4, "Анна", {}),
        DemoMeasurement(
            "Мария Иванова",
            "+79123456789",
            "Кухня с барной стойкой",
            "sales",
            "premeasure",
            20,
            "Анна",
            agreed(20, 215_000, _home("ул. Садовая", "7", "12")),
        ),
        DemoMeasurement(
            "Ирина Волкова",
            "+79161234534",
            "Шкаф в прихожую",
            "sales",
            "measure",
            3,
            "Анна",
            agreed(2, 88_400, _home("ул. Лесная", "12", "45")),
        ),
        DemoMeasurement(
            "Антон Рябов",
            "+79161234535",
            "Детская на двоих",
            "sales",
            "no_sheet",
            5,
            "Павел",
            agreed(-1, 134_000, _home("Большая Полянка", "30", "8")),
        ),
        DemoMeasurement(
            "Жанна Белкина",
            "+79161234536",
            "Кухня прямая, 3,2 м",
            "sales",
            "precontract",
            8,
            "Павел",
            agreed(-4, 176_500, _home("ул. Вавилова", "19", "77")),
        ),
        DemoMeasurement(
            "Фёдор Ильин", "+79161234537", "Гостиная: стенка и стол", "deferred", soon[0], 30, "Анна", soon[1]
        ),
        DemoMeasurement(
            "Нина Шарова", "+79161234538", "Спальня целиком", "deferred", in_spring[0], 50, "Павел", in_spring[1]
        ),
    )


def fill(work: UnitOfWork, staff: Mapping[str, Employee]) -> None:
    """A lead, a sale to calculate, measurements to come and past, and deals that wait on their months."""
    process = work.process("measurement")
    for one in _sales(work.moment.today):
        owner = staff.get(one.owner or "")
        past = UnitOfWork(work.tx, work.now - timedelta(hours=one.hours), work.company, owner)
        values = {"name": one.name, "phone": one.phone, "comment": one.comment, **one.fields}
        deal_commands.begin(
            past,
            process,
            one.pipeline,
            values,
            source="Сайт",
            stage=one.stage,
            responsible_id=owner.id if owner else None,
            title=f"{one.comment.split(', ')[0]} · {one.name}",
        )
