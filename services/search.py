"""Finding a client or a deal by whatever a person has: a number, a phone in any notation, a name; and duplicates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Text, bindparam, select, type_coerce

from models import access
from models.entities import Client, Deal
from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from models.values import phone as phones
from models.values.clean_text import one_line, squeeze
from models.values.invalid_value import InvalidValue
from services.clients import client_cards
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork

MOST = 8
NUMBER = re.compile(r"(?:№ ?|сделка ?№? ?|лид ?№? ?)?(?:(20[0-9]{2})-)?([0-9]{1,6})")
NEWEST = 2000  # open leads looked through by name or phone; a lead has no client's card yet, and so no index

LEADS = (
    select(DealRow)
    .where(
        DealRow.status == "open",
        DealRow.kind == "lead",
        DealRow.client_id.is_(None),
        DealRow.deleted_at.is_(None),
    )
    .order_by(DealRow.id.desc())
)
LEADS_BY_PHONE = LEADS.where(type_coerce(DealRow.fields, Text).like(bindparam("like"))).limit(MOST * 2)
LEADS_BY_NAME = LEADS.with_only_columns(DealRow.id, DealRow.title).limit(NEWEST)
BY_IDS = select(DealRow).where(DealRow.id.in_(bindparam("ids", expanding=True))).order_by(DealRow.id.desc())
CONTACTS = (
    select(ClientRow.id)
    .where(ClientRow.company_id == bindparam("id"), ClientRow.merged_into_id.is_(None))
    .order_by(ClientRow.id)
    .limit(MOST)
)


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What was found. `phone` is the number (E.164) if one was asked for, so that an unknown one can begin a lead."""

    asked: str
    clients: tuple[Client, ...] = ()
    deals: tuple[Deal, ...] = ()
    phone: str | None = None

    @property
    def nothing(self) -> bool:
        return not self.clients and not self.deals


def look(work: UnitOfWork, text: str) -> SearchResults:
    """Deals by number («2026-0042», «0042», «42»), else clients and leads by phone, else by the words of a name.

    Only deals that the actor may see (C-8).
    """
    asked = one_line(text, limit=100)
    numbered = _by_number(work, asked)
    if numbered:
        return SearchResults(asked, deals=tuple(numbered))
    number = find_phone(asked)
    if number is not None:
        leads = _leads(work, lambda: work.tx.execute(LEADS_BY_PHONE, {"like": f'%"{number}"%'}).all(), number)
        return SearchResults(asked, tuple(client_cards.find_by_phone(work, number)[:MOST]), leads, number)
    return SearchResults(asked, tuple(client_cards.search(work, asked, MOST)), _leads_by_name(work, asked))


def find_phone(text: str) -> str | None:
    """The first phone number in a text as E.164, None if there is none."""
    found = phones.find_phones(text)
    if found:
        return found[0]
    try:
        return phones.parse_phone(text)
    except InvalidValue:
        return None


def _by_number(work: UnitOfWork, asked: str) -> list[Deal]:
    match = NUMBER.fullmatch(squeeze(asked))
    if match is None:
        return []
    this = work.company.calendar.today(work.now).year
    years = (int(match[1]),) if match[1] else (this, this - 1)
    found = (deal_queries.by_number(work, f"{year}-{int(match[2]):04d}") for year in years)
    return [one for one in found if one is not None]


def _leads(work: UnitOfWork, read: Callable[[], Any], number: str | None = None) -> tuple[Deal, ...]:
    """The leads that the actor may see; by a phone only where he may see the field that it stands in."""
    rows: list[Row[Any]] = read()
    found = [one for one in deal_queries.read_all(work, rows) if work.actor is None or access.can_view(work.actor, one)]
    if number is not None:
        found = [one for one in found if number in deal_queries.as_seen(work, one).fields.values()]
    return tuple(found)[:MOST]


def _leads_by_name(work: UnitOfWork, asked: str) -> tuple[Deal, ...]:
    words = _words(asked)
    if not any(len(word) >= 2 for word in words):
        return ()
    hits = [row.id for row in work.tx.execute(LEADS_BY_NAME) if _begin(words, _words(row.title))][: MOST * 2]
    return _leads(work, lambda: work.tx.execute(BY_IDS, {"ids": hits}).all()) if hits else ()


def _begin(words: list[str], title: list[str]) -> bool:
    """Whether each word begins some word of the title."""
    return all(any(one.startswith(word) for one in title) for word in words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", squeeze(text))


def duplicates(work: UnitOfWork, found: Client) -> list[Client]:
    """Other cards of the same kind with one of the client's phones."""
    others = {
        one.id: one
        for number in found.phones
        for one in client_cards.find_by_phone(work, number)
        if one.id != found.id and one.kind == found.kind
    }
    return list(others.values())[:MOST]


def contacts(work: UnitOfWork, company: Client) -> list[Client]:
    """The people of a company."""
    return [client_cards.get(work, key) for key in work.tx.execute(CONTACTS, {"id": company.id}).scalars().all()]
