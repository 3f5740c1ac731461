"""What is open already of whoever has a phone number: who writes again goes to the one who has it (truth 29)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, select

from models import access
from models.entities import Deal, Employee
from models.search import search_words
from models.tables.deals import DealRow, DealWordRow
from services.clients import client_cards
from services.deals import deal_queries
from services.people import employees
from services.unit_of_work import UnitOfWork

LEADS = (
    select(DealRow)
    .where(
        DealRow.status == "open",
        DealRow.kind == "lead",
        DealRow.client_id.is_(None),
        DealRow.deleted_at.is_(None),
        DealRow.id.in_(select(DealWordRow.deal_id).where(DealWordRow.word == bindparam("number"))),
    )
    .order_by(DealRow.id.desc())
    .limit(16)
)
TOGETHER = timedelta(minutes=10)  # the same form sent twice is one lead


def of_phone(work: UnitOfWork, number: str, but: int | None = None) -> list[Deal]:
    """The open deals and leads of that number (E.164) but one, the newest first, whoever may see them."""
    rows = work.tx.execute(LEADS, {"number": search_words.phone_tokens(number)[0]}).all()
    leads = (one for one in deal_queries.read_all(work, rows) if number in one.fields.values())
    clients = client_cards.find_by_phone(work, number)
    of_clients = (one for client in clients for one in deal_queries.all_of_client(work, client.id))
    every = {one.id: one for one in (*leads, *of_clients)}
    found = [one for one in every.values() if one.status == "open" and one.kind != "practice" and one.id != but]
    return sorted(found, key=lambda one: one.id, reverse=True)


def just_sent(work: UnitOfWork, known: list[Deal], pipeline: str) -> Deal | None:
    """The lead from outside that came within the last minutes."""
    return next(
        (
            one
            for one in known
            if one.pipeline == pipeline and one.source != "manual" and work.now - one.created_at < TOGETHER
        ),
        None,
    )


def owner_of(work: UnitOfWork, known: list[Deal]) -> Employee | None:
    """Who has the newest of them, and works here, and leads deals."""
    people = (employees.find_working(work, one.responsible_id) for one in known)
    return next((one for one in people if one is not None and one.role in access.SALES), None)
