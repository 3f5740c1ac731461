"""What the placeholders of a process's texts stand for, as the deal stands now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from keyboards import time_words
from keyboards.forms import field_words
from keyboards.translator import Translator
from models import access
from models.engine import balances
from models.entities import Deal, Employee
from models.field_values import KeptFieldValues
from models.fields import codec
from models.fields.booking_field import BookingField
from models.fields.groups import DateLike, PersonNaming
from models.notices.deal_notices import FormerValue
from models.process.process import Process
from models.values.visit_slot import start_of
from services.clients import client_cards
from services.deals import deal_queries
from services.people import employees
from services.unit_of_work import UnitOfWork


def values_of(
    work: UnitOfWork, process: Process, deal: Deal, t: Translator, was: FormerValue | None = None
) -> dict[str, str]:
    """What the placeholders of a rule's text stand for: {client}, {deal}, {number}, {stage}, every field.

    Where payments are kept, {paid} and {balance} (K-14); {was} is what the changed field was before (K-16).
    A field that names a person has his name and phone too: {assembly_who}, {assembly_phone} (K-21). A date has words of
    time: {assembly_when}, {assembly_day}; the stay on the stage too: {days_here}, {day_here}. What is hidden from the
    actor, who reads it, is told to be so; what nobody reads (a client's message) holds everything.
    """
    hidden, deal = hidden_from(work, process), deal_queries.as_seen(work, deal)
    staff: dict[int, Employee] = {one.id: one for one in employees.staff(work)}
    names: dict[int, str] = {key: one.name for key, one in staff.items()}
    shown = {}
    for name, field in process.fields.items():
        # who comes has a word of his own: a client reads the time, and then the name
        people = {} if isinstance(field, BookingField) else names
        shown[name] = field_words.value(t, field, deal.fields.get(name), people, now=work.now)
    return {
        **shown,
        **_people_words(process, deal, staff, t),
        **_money_words(process, deal, t),
        **_words_of_time(work, process, deal, t),
        **({"was": _before(work, process, was, names, t)} if was else {}),
        **_hidden_words(process, hidden, was, t),
        "client": client_cards.contact_of(work, deal, process.client).name or deal.title,
        "deal": deal.title,
        "number": deal.number,
        "stage": stage_title(process, deal, t),
        "responsible": names.get(deal.responsible_id or 0, ""),
    }


def hidden_from(work: UnitOfWork, process: Process | None) -> frozenset[str]:
    """The fields of which the actor is told nothing."""
    if work.actor is None or process is None:
        return frozenset()
    return access.hidden_fields(work.actor.role, process)


def _hidden_words(process: Process, hidden: frozenset[str], was: FormerValue | None, t: Translator) -> dict[str, str]:
    """The words that would tell what is hidden: a sentence that names one stays a sentence."""
    if not hidden:
        return {}
    words = [f"{name}{ending}" for name in hidden for ending in ("", "_who", "_phone", "_when", "_day")]
    words += [] if hidden.isdisjoint(process.account_fields) else ["paid", "balance"]
    words += ["was"] if was is not None and was.field in hidden else []
    return dict.fromkeys(words, t("скрыто"))


def answers(
    work: UnitOfWork, process: Process | None, kept: KeptFieldValues, t: Translator
) -> tuple[tuple[str, str], ...]:
    """Titles of fields, and the kept answers in words, as the actor may read them."""
    fields, hidden = process.fields if process else {}, hidden_from(work, process)
    names: dict[int, str] = {one.id: one.name for one in employees.staff(work)}
    return tuple(
        (t(fields[name].title) if name in fields else name, field_words.value(t, fields.get(name), value, names))
        for name, value in codec.decode(fields, kept).items()
        if name not in hidden
    )


def stage_title(process: Process | None, deal: Deal | None, t: Translator) -> str:
    """The title of the stage where the deal stands; empty without a deal."""
    found = process.find_stage(deal.pipeline, deal.stage) if process and deal else None
    return t(found.title) if found else ""


def _money_words(process: Process, deal: Deal, t: Translator) -> dict[str, str]:
    if process.payments is None:
        return {}
    left = balances.balance(process, deal)
    paid = t.money(balances.paid(process, deal))
    return {"paid": paid, "balance": _left(left, t)}


def _left(left: Decimal | None, t: Translator) -> str:
    """What is still to be paid; too much paid is said as that, not as a sum below zero."""
    if left is None:
        return "—"
    if left < 0:
        return t("{none} (переплата {sum})", none=t.money(Decimal(0)), sum=t.money(-left))
    return t.money(left)


def _words_of_time(work: UnitOfWork, process: Process, deal: Deal, t: Translator) -> dict[str, str]:
    """What is so now, and will not be tomorrow."""
    calendar, since, now = work.company.calendar, deal.entered_at, work.now
    days, number = calendar.days_stood(since, now), calendar.day_number(since, now)
    gone = calendar.today(now) - calendar.today(since)
    out = {
        "days_here": time_words.stood(days, t, working=(now - since).days > days),
        "day_here": time_words.nth(number, t, working=gone.days + 1 > number),
    }
    for name, field in process.fields.items():
        value = deal.fields.get(name) if isinstance(field, DateLike) else None
        if value is not None:
            out[f"{name}_when"] = time_words.when(start_of(value), now, t)
            out[f"{name}_day"] = time_words.day(start_of(value), now, t)
    return out


def _before(work: UnitOfWork, process: Process, was: FormerValue, names: Mapping[int, str], t: Translator) -> str:
    field = process.fields.get(was.field)
    return field_words.value(t, field, codec.decode_value(field, was.value), names, now=work.now)


def _people_words(process: Process, deal: Deal, staff: Mapping[int, Employee], t: Translator) -> dict[str, str]:
    named: dict[str, tuple[int, ...]] = {"responsible": (deal.responsible_id,) if deal.responsible_id else ()}
    for name, field in process.fields.items():
        if isinstance(field, PersonNaming):
            value = deal.fields.get(name)
            named[name] = field.people_of(value) if value is not None else ()
    out = {}
    for name, keys in named.items():
        people = [staff[key] for key in keys if key in staff]
        out[f"{name}_who"] = ", ".join(person.name for person in people)
        out[f"{name}_phone"] = ", ".join(t.phone(person.phone) for person in people if person.phone)
    return out
