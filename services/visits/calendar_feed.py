"""A person's booked visits as an .ics calendar: a file by button, or a link with a secret to subscribe to (K-21).

A visit keeps its UID when it is moved, and its SEQUENCE grows with the deal, so that calendars move it too; what was
freed is no longer there. There are no prices in it: it goes to the phones of those who drive out.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDuration
from sqlalchemy import bindparam, select, update

import locales
from models import access
from models.entities import Deal, Employee
from models.fields import address_field
from models.process.process import Process
from models.tables.people import EmployeeRow, WorkingHoursRow
from models.values.invalid_value import N_
from models.values.phone import format_phone
from models.visits import Visit
from services.clients import client_cards
from services.deals import deal_queries
from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows, hours

PAST, FUTURE = timedelta(days=30), timedelta(days=180)
BEFORE = timedelta(hours=1)
OFTEN = timedelta(hours=1)  # how often a subscribed calendar should look
DOMAIN = "verstak"
PATH = "/calendar"
SECRET_BYTES = 32

VISIT, CLIENT, PHONE, MANAGER = N_("Выезд"), N_("Клиент: {name}"), N_("Телефон: {phone}"), N_("Менеджер: {name}")
TITLE = N_("Выезды · {name}")

OWNER = select(EmployeeRow).join(WorkingHoursRow, WorkingHoursRow.employee_id == EmployeeRow.id)
BY_SECRET = OWNER.where(WorkingHoursRow.calendar_secret == bindparam("hash"), EmployeeRow.active)
HAS_SECRET = select(WorkingHoursRow.calendar_secret).where(WorkingHoursRow.employee_id == bindparam("who"))
KEEP = (
    update(WorkingHoursRow)
    .where(WorkingHoursRow.employee_id == bindparam("key"))
    .values(calendar_secret=bindparam("hash"))
)


def has_secret(work: UnitOfWork, person_id: int) -> bool:
    """Whether the person has a link already; what it was cannot be shown again, only its hash is kept."""
    return work.tx.execute(HAS_SECRET, {"who": person_id}).scalar_one_or_none() is not None


def renew_secret(work: UnitOfWork, person_id: int) -> str:
    """Make the secret of the person's link, and give it, this one time. A link that he had stops working."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    hours.ensure(work, person_id)
    work.tx.execute(KEEP, {"key": person_id, "hash": _hash(secret)})
    return secret


def revoke_secret(work: UnitOfWork, person_id: int) -> None:
    """The person's link stops working."""
    work.tx.execute(KEEP, {"key": person_id, "hash": None})


def path_of(secret: str) -> str:
    """Where the calendar of that secret is, below the bot's own address."""
    return f"{PATH}/{secret}.ics"


def by_secret(work: UnitOfWork, secret: str) -> bytes | None:
    """The calendar of that link; None for a secret that nobody has, and for somebody who has left."""
    row = work.tx.execute(BY_SECRET, {"hash": _hash(secret)}).one_or_none()
    return ics(work, Employee.of(row)) if row else None


def ics(work: UnitOfWork, person: Employee) -> bytes:
    """The person's booked visits of the last month and the next half year."""
    say = locales.load(person.locale).gettext
    calendar = Calendar()
    calendar.add("prodid", "-//Verstak//visits//RU")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say(TITLE).format(name=person.name))
    calendar.add("x-wr-timezone", work.company.calendar.zone.key)
    calendar.add("refresh-interval", vDuration(OFTEN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(OFTEN))
    for visit in booking_rows.of_person(work, person.id, work.now - PAST, work.now + FUTURE):
        for event in _events(work, person, visit):
            calendar.add_component(event)
    since = (work.now - 12 * PAST).date()
    calendar.add_missing_timezones(first_date=since)  # not every change since 1970
    return bytes(calendar.to_ical())


def _events(work: UnitOfWork, person: Employee, visit: Visit) -> list[Event]:
    """An event for each day of the visit."""
    deal = deal_queries.find(work, visit.deal_id) if visit.deal_id is not None else None
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None or visit.slot is None:
        return []
    deal = access.as_seen(person.role, process, deal)
    spans = enumerate(visit.slot.spans)
    return [_event(work, person, (deal, process), visit, place, span) for place, span in spans]


def _event(
    work: UnitOfWork,
    person: Employee,
    about: tuple[Deal, Process],
    visit: Visit,
    place: int,
    span: tuple[datetime, datetime],
) -> Event:
    deal, process = about
    say, zone = locales.load(person.locale).gettext, work.company.calendar.zone
    kind = process.visit_kinds.get(visit.name)
    what = say(kind.title) if kind else say(VISIT)
    contact = client_cards.contact_of(work, deal, process.client)
    name, phones = contact.name or deal.title, [format_phone(one) for one in contact.phones]
    event = Event()
    day = f"-{place + 1}" if place else ""
    event.add("uid", f"visit-{visit.id}{day}@{DOMAIN}")
    event.add("sequence", deal.version)
    event.add("dtstamp", visit.at)
    event.add("last-modified", visit.at)
    event.add("dtstart", span[0].astimezone(zone))
    event.add("dtend", span[1].astimezone(zone))
    summary = " · ".join(part for part in (what, f"№ {deal.number}", name) if part)
    event.add("summary", summary)
    address = _address(process, deal)
    if address:
        event.add("location", address)
    manager = _manager(work, deal)
    lines = [(CLIENT, {"name": name}), *((PHONE, {"phone": one}) for one in phones), (MANAGER, {"name": manager})]
    event.add("description", "\n".join(say(text).format(**data) for text, data in lines if all(data.values())))
    event.add_component(_alarm(summary))
    return event


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -BEFORE)
    return alarm


def _manager(work: UnitOfWork, deal: Deal) -> str:
    """Whom to ask on the way: name and phone of the responsible."""
    if deal.responsible_id is None:
        return ""
    person = employees.get(work, deal.responsible_id)
    return f"{person.name}, {format_phone(person.phone)}" if person.phone else person.name


def _address(process: Process, deal: Deal) -> str:
    """The first address that the deal has."""
    found = address_field.find_address(process.fields, deal.fields, process.fields)
    return found.one_line() if found else ""


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
