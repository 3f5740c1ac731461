"""Consents: what the site's form, a form of the bot or a person's hand has noted; who is asked is the card or the lead.

The newest one counts. It goes along by itself when a lead becomes a deal and cards are joined, and comes back when they
are parted: it is read by the cards and deals that are the person's now.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, or_, select, update

from models.errors import AlreadyDone
from models.personal.consent import Consent, ConsentSource
from models.tables.personal import ConsentRow
from services.personal.person_keys import PersonKeys
from services.unit_of_work import UnitOfWork


def note(
    work: UnitOfWork, source: ConsentSource, *, client_id: int | None = None, deal_id: int | None = None,
    given_on: date | None = None,
) -> None:  # fmt: skip
    """The person has consented, on that day (default: today)."""
    work.tx.execute(
        insert(ConsentRow).values(
            client_id=client_id, deal_id=deal_id, source=source, given_on=given_on or work.moment.today,
            author_id=work.actor_id, at=work.now,
        )
    )  # fmt: skip


def find(work: UnitOfWork, keys: PersonKeys) -> Consent | None:
    """The newest consent of the person, be it withdrawn; None if there never was one."""
    row = work.tx.execute(
        select(ConsentRow)
        .where(or_(ConsentRow.client_id.in_(keys.clients), ConsentRow.deal_id.in_(keys.deals)))
        .order_by(ConsentRow.id.desc())
        .limit(1)
    ).one_or_none()
    return Consent(row.id, row.source, row.given_on, row.withdrawn_on) if row is not None else None


def withdraw(work: UnitOfWork, consent: Consent) -> None:
    """He takes it back, today. AlreadyDone if he has."""
    taken = (
        update(ConsentRow)
        .where(ConsentRow.id == consent.id, ConsentRow.withdrawn_on.is_(None))
        .values(withdrawn_on=work.moment.today, withdrawn_by_id=work.actor_id)
    )
    if work.tx.execute(taken).rowcount != 1:
        raise AlreadyDone
