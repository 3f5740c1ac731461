"""What a text of a process file claims of its deal: a typed statement for each of its placeholders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from string import Formatter

from models import access
from models import statements as s
from models.engine import balances
from models.entities import Deal
from models.fields import codec
from models.fields.groups import Amount, DateLike, PersonNaming
from models.notices.deal_notices import FormerValue
from models.process.process import Process
from models.values.visit_slot import start_of
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork

OF_PERSON = ("who", "phone")
OF_TIME = ("when", "day")
OF_STAY = ("days_here", "day_here")


def of_text(
    work: UnitOfWork, process: Process, deal: Deal, text: str, was: FormerValue | None = None
) -> tuple[s.Statement, ...]:
    """Which deal it is about, and what each placeholder of the text says of it as it stands; of what is hidden from the
    actor, who reads it, nothing is said."""
    words = dict.fromkeys(word for _, word, _, _ in Formatter().parse(text) if word)
    hidden = access.hidden_fields(work.actor.role, process) if work.actor is not None else frozenset[str]()
    if not hidden.isdisjoint(process.account_fields):
        words.pop("paid", None), words.pop("balance", None)
    if was is not None and was.field in hidden:
        words.pop("was", None)
    deal = deal_queries.as_seen(work, deal)
    found: list[s.Statement] = [s.DealSaid(deal.id, f"{deal.pipeline}.{deal.stage}")]
    for word in words:
        found += [_stay(work, deal, word)] if word in OF_STAY else _said(process, deal, word, was)
    return tuple(found)


def _stay(work: UnitOfWork, deal: Deal, word: str) -> s.Statement:
    """How long it has stood on its stage, in the company's days."""
    calendar, since = work.company.calendar, deal.entered_at
    days = calendar.days_stood(since, work.now) if word == "days_here" else calendar.day_number(since, work.now)
    return s.DaysSaid(word, since, days)


def _said(process: Process, deal: Deal, word: str, was: FormerValue | None) -> Iterator[s.Statement]:
    name, _, ending = word.rpartition("_")
    if word == "was" and was is not None:
        yield s.FormerSaid(was.field, was.value)
    elif word in ("paid", "balance"):
        amount = balances.paid(process, deal) if word == "paid" else balances.balance(process, deal)
        if amount is not None:
            yield s.SumSaid(word, amount)
    elif word in process.fields:
        yield from _of_field(process, deal, word)
    elif word == "responsible" or (name == "responsible" and ending in OF_PERSON):
        if deal.responsible_id is not None:
            yield s.PersonSaid("responsible", deal.responsible_id)
    elif name in process.fields and ending in OF_PERSON:
        yield from _of_person(process, deal, name)
    elif name in process.fields and ending in OF_TIME:
        yield from _of_field(process, deal, name)


def _of_field(process: Process, deal: Deal, name: str) -> Iterator[s.Statement]:
    field, value = process.fields[name], deal.fields.get(name)
    if value is None:
        return
    if isinstance(field, DateLike):
        begins = start_of(value)
        yield s.MomentSaid(name, begins) if isinstance(begins, datetime) else s.DaySaid(name, begins)
    elif isinstance(field, Amount):
        yield s.SumSaid(name, value)
    elif isinstance(field, PersonNaming):
        yield from _of_person(process, deal, name)
    else:
        yield s.ValueSaid(name, codec.encode_value(field, value))


def _of_person(process: Process, deal: Deal, name: str) -> Iterator[s.Statement]:
    field, value = process.fields[name], deal.fields.get(name)
    if isinstance(field, PersonNaming) and value is not None:
        yield s.PersonSaid(name, field.person_of(value))
