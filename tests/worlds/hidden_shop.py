"""A shop in which a field of every type is hidden from two roles, each with a mark that is found nowhere else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from models.entities import Deal, Employee
from models.fields import base
from models.tables.files import FileRow
from models.tables.tasks import TaskRow
from models.values.addresses.address import Address
from models.values.geo_point import GeoPoint
from models.values.received_payment import ReceivedPayment
from models.values.visit_slot import VisitSlot
from services import payments
from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import UnitOfWork

MARK = "ТАЙНА"  # in every title, every name and every text that is hidden
BLIND = ("installer", "technologist")  # one of those who drive out, and one who does not
OLD, NEW = f"{MARK} старая", f"{MARK} новая"
MARKS = {  # what a reader would see of each type
    "text": NEW, "money": "765 432", "number": "4 815", "phone": "888-77-66", "date": "17 мая 2029",
    "datetime": "13:37", "yes_no": f"{MARK} да-нет: Да", "choice": f"{MARK} выбрана", "address": f"{MARK} улица",
    "location": f"{MARK} место", "file": f"{MARK} договор.pdf", "photo": f"{MARK} фото", "person": f"{MARK} Мерова",
    "booking": f"{MARK} выезд", "payment": "33 221",
}  # fmt: skip

TEXT = f"""
process: vault
title: Хранилище
client: {{name: name, phone: phone}}
silence: {{every: 7d}}
sections: {{about: {{title: О сделке}}, secret: {{title: Данные}}}}
payments: {{total: money_, methods: {{card: Карта}}}}
fields:
  name: {{title: Имя, type: text, section: about}}
  phone: {{title: Телефон, type: phone, section: about}}
  note: {{title: Заметка, type: text, section: about}}
  text_: {{title: {MARK} текст, type: text, section: secret, hidden_from: &blind [installer, technologist]}}
  money_: {{title: {MARK} деньги, type: money, section: secret, hidden_from: *blind}}
  number_: {{title: {MARK} число, type: number, section: secret, hidden_from: *blind}}
  phone_: {{title: {MARK} телефон, type: phone, section: secret, hidden_from: *blind}}
  date_: {{title: {MARK} день, type: date, section: secret, hidden_from: *blind}}
  datetime_: {{title: {MARK} час, type: datetime, section: secret, hidden_from: *blind}}
  yes_no_: {{title: {MARK} да-нет, type: yes_no, section: secret, hidden_from: *blind}}
  choice_:
    title: {MARK} выбор
    type: choice
    options: {{one: {MARK} выбрана, two: Другая}}
    section: secret
    hidden_from: *blind
  address_: {{title: {MARK} адрес, type: address, section: secret, hidden_from: *blind}}
  location_: {{title: {MARK} место, type: location, section: secret, hidden_from: *blind}}
  file_: {{title: {MARK} файл, type: file, section: secret, hidden_from: *blind}}
  photo_: {{title: {MARK} фото, type: photo, section: secret, hidden_from: *blind}}
  person_: {{title: {MARK} лицо, type: person, role: measurer, section: secret, hidden_from: *blind}}
  booking_: {{title: {MARK} выезд, type: booking, role: measurer, takes: 2h, section: secret, hidden_from: *blind}}
  payment_: {{title: {MARK} платёж, type: payment, of: money_, section: secret, hidden_from: *blind}}
pipelines:
  general:
    title: Общее
    new: {{button: Новая, ask: [name, phone], title: "{{name}}"}}
    stages:
      start:
        title: Начало
        leave: {{requires: [text_]}}
        tasks:
          look: {{title: Посмотреть, to: technologist, due: {{after: 1d}}, shows: note}}
          drive: {{title: Съездить, to: installer, due: {{after: 2d}}, shows: note}}
        robots:
          - {{on: {{filled: note}}, notify: responsible, text: "Узнали {{note}}; {{text_}}, {{money_}}"}}
          - {{on: {{filled: note}}, notify: technologist, text: "Узнали {{note}}"}}
          - {{on: {{stuck: 1d}}, notify: responsible, text: "Стоит: {{text_}}"}}
          - {{on: enter, give: look}}
          - {{on: enter, give: drive}}
        next: work
      work:
        title: Работа
        next: won
        robots: [{{on: {{stuck: 1d}}, notify: responsible, text: Стоит}}]
      won: {{title: Успех, ending: won}}
      lost: {{title: Провал, ending: lost, from_any: true}}
"""


def unhidden() -> set[str]:
    """Types of field that the shop hides nothing of: a new type needs a mark here."""
    return set(base.all_types()) - set(MARKS)


def filled(work: UnitOfWork, staff: dict[str, Employee]) -> Deal:
    """A manager's deal with a value in every field, the text written twice, and tasks for those who may not see it."""
    work = work.read_by(staff["manager"])
    process = work.process("vault")
    begun = deal_commands.begin(
        work, process, "general", {"name": "Мария Иванова", "phone": "+79123456789", "text_": OLD},
        source="Сайт", responsible_id=staff["manager"].id,
    )  # fmt: skip
    starts = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    files = {name: _file(work, begun, name, kind) for name, kind in (("file_", "document"), ("photo_", "photo"))}
    values: dict[str, Any] = {
        "text_": NEW, "money_": Decimal(765_432), "number_": Decimal(4815), "phone_": "+79998887766",
        "date_": date(2029, 5, 17), "datetime_": datetime(2027, 1, 14, 10, 37, tzinfo=UTC), "yes_no_": True,
        "choice_": "one", "address_": Address(city="Москва", street=f"{MARK} улица", house="7"),
        "location_": GeoPoint(55.75, 37.61), "person_": staff["measurer"].id,
        "booking_": VisitSlot(staff["measurer"].id, starts, starts + timedelta(hours=2)),
        "note": "открытую", **{name: (key,) for name, key in files.items()},
    }  # fmt: skip
    deal_commands.put(work, begun, values)
    paid = ReceivedPayment(Decimal(33_221), work.moment.today, "card")
    found = deal_commands.fill(work, begun.id, {"payment_": paid})
    assert payments.of_deal(work, found.id)
    return found


def _file(work: UnitOfWork, deal: Deal, field: str, kind: str) -> int:
    ending = "pdf" if kind == "document" else "jpg"
    values = {
        "deal_id": deal.id, "field": field, "kind": kind, "name": f"{MARK} договор.{ending}", "size": 10,
        "mime": None, "telegram_id": f"id-{field}", "unique_id": f"unique-{field}", "author_id": work.actor_id,
        "at": work.now,
    }  # fmt: skip
    return work.add(insert(FileRow).returning(FileRow.id), **values)


def staff_of(work: UnitOfWork) -> dict[str, Employee]:
    """The first employee of each role."""
    return {one.role: one for one in reversed(employees.staff(work))}


def hand_tasks(work: UnitOfWork, staff: dict[str, Employee]) -> None:
    """Those who may not see it have their tasks, and so the deal."""
    for name, role in (("look", "technologist"), ("drive", "installer")):
        work.tx.execute(TaskRow.__table__.update().where(TaskRow.name == name).values(assignee_id=staff[role].id))
