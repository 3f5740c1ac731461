"""Deals that stand in the middle of their road when a walk begins, so that it sees the whole of it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.entities import Employee
from models.fields.payment_field import PaymentField
from models.process.process import Process
from models.values.addresses.address import Address
from models.values.received_payment import ReceivedPayment
from services import payments
from services.deals import deal_commands
from services.unit_of_work import UnitOfWork

HOME = Address(city="Москва", street="ул. Садовая", house="7", flat="12", entrance="1", floor="4", intercom="12")
TOTAL, HALF = Decimal(150_000), Decimal(75_000)
# stages of each pipeline that a deal may begin on, and what is known of it from there on
PLACES: dict[tuple[str, str], tuple[str, ...]] = {
    ("kitchens", "general"): ("contract", "prepaid", "production", "paid"),
    ("furniture", "order"): ("contract", "prepayment", "making", "delivery"),
    ("furniture", "design"): ("consult", "contract", "design"),
    ("furniture", "repair"): ("analysis", "warranty_check"),
    ("measurement", "sales"): ("calc", "premeasure", "measure", "after_measure", "precontract", "contract"),
}


def place(rnd: random.Random, processes: Any) -> tuple[str, str, str] | None:
    """A process that runs, one of its pipelines, and a stage there."""
    known = [(process, line, stage) for (process, line), stages in PLACES.items() if process in processes
             for stage in stages]  # fmt: skip
    return known[rnd.randrange(len(known))] if known else None


def begin(work: UnitOfWork, where: tuple[str, str, str], person: Employee, n: int) -> None:
    """A deal of that manager there, with what must be known by then and the money that has come."""
    name, pipeline, stage = where
    process = work.process(name)
    today, stages = work.moment.today, PLACES[name, pipeline]
    known = _known(process, pipeline, stages.index(stage), today)
    values = {"name": f"Мария Иванова {n}", "phone": f"+7912345{n:04d}", "comment": "Кухня угловая", **known}
    received = {one: value for one, value in values.items() if isinstance(process.fields.get(one), PaymentField)}
    given = {one: value for one, value in values.items() if one in process.fields}
    deal = deal_commands.begin(work, process, pipeline, given, source="Сайт", responsible_id=person.id, stage=stage)
    for field, amount in received.items():
        payments.write(work, deal.id, field, ReceivedPayment(amount, today, _method(process)))


def _method(process: Process) -> str:
    return next(iter(process.payments.methods)) if process.payments else ""


def _known(process: Process, pipeline: str, place_: int, today: date) -> dict[str, Any]:
    soon = today + timedelta(days=12)
    match process.process:
        case "kitchens":
            ladder: list[dict[str, Any]] = [
                {"kitchen_type": "corner", "contract_total": TOTAL},
                {"prepayment": HALF, "wanted_on": soon},
                {"ready_on": soon},
                {"rest": HALF, "address": HOME},
            ]
        case "furniture":
            price = {"design_price": TOTAL} if pipeline == "design" else {"budget": TOTAL}
            begun = {**price, "fault": "Скрипит"}
            paid = "design_prepayment" if pipeline == "design" else "prepayment"
            ladder = [begun, {"address": HOME}, {paid: HALF}]
        case _:
            asked = {"calc_total": TOTAL, "address": HOME, "video_ok": True}
            days = (9, 2, 0)
            ladder = [asked, *({"measure_on": today + timedelta(days=n)} for n in days)]
    return {name: value for step in ladder[: place_ + 1] for name, value in step.items()}
