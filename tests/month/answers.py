"""What people of the simulated shop answer to a question, whatever its field: something plausible."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from models.fields.address_field import AddressField
from models.fields.base import Field
from models.fields.booking_field import BookingField
from models.fields.choice_field import ChoiceField
from models.fields.date_field import DateField
from models.fields.groups import Amount, FileLike, PersonNaming
from models.fields.location_field import LocationField
from models.fields.moment_field import MomentField
from models.fields.payment_field import PaymentField
from models.fields.phone_field import PhoneField
from models.fields.yes_no_field import YesNoField
from models.values.addresses.address import Address
from models.values.geo_point import GeoPoint
from models.values.received_payment import ReceivedPayment
from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import free_windows

ADDRESS = Address(city="Москва", street="ул. Садовая", house="7", flat="12", entrance="1", floor="4", intercom="12")
TEXT = "Договорились с клиентом, подробности в карточке"
PRICE = Decimal(150_000)


def answer(work: UnitOfWork, name: str, field: Field, random: Random) -> Any:
    """A value for the field; None where there is none to be had (no free window, nobody of the role)."""
    match field:
        case PaymentField():
            return ReceivedPayment(PRICE / 2, work.moment.today, "transfer")
        case BookingField():
            return _window(work, field)
        case PersonNaming():
            staff = employees.of_role(work, field.role)
            return random.choice(staff).id if staff else None
        case FileLike():
            return (random.randint(1, 10_000),)
        case Amount():
            return PRICE / 10 if "discount" in name else PRICE
        case PhoneField():
            return f"+7916{random.randint(1_000_000, 9_999_999)}"
        case AddressField():
            return ADDRESS
        case LocationField():
            return GeoPoint(55.75, 37.62)
        case YesNoField():
            return random.random() < 0.7
        case ChoiceField():
            options = list(field.options)
            return tuple(options[-1:]) if field.many else random.choice(options)
        case MomentField():
            return _moment(work, _day(work, random))
        case DateField():
            return _day(work, random)
        case _:
            return TEXT


def _day(work: UnitOfWork, random: Random) -> date:
    """A working day in two to twenty days."""
    calendar = work.company.calendar
    return calendar.next_working(work.moment.today + timedelta(days=random.choice((2, 3, 3, 5, 7, 12, 20))))


def _moment(work: UnitOfWork, day: date) -> datetime:
    return work.company.calendar.at(day, time(14))


def _window(work: UnitOfWork, field: BookingField) -> Any:
    tomorrow = work.moment.today + timedelta(days=1)
    found = free_windows.free_windows(work, field.role, field.takes, field.travel, tomorrow)
    return found[0].slot if found else None
