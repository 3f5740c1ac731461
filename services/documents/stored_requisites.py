"""The company's requisites in the database: one row of settings that the owner fills in (K-11)."""

from __future__ import annotations

from collections.abc import Mapping

from services import company_settings
from services.documents import requisites
from services.documents.requisites import RequisiteCard, Requisites
from services.people import employees
from services.unit_of_work import UnitOfWork


def get(work: UnitOfWork) -> Requisites:
    """What is known so far; empty ones before the owner has told any. Papers are made for everybody: no check."""
    return Requisites.from_json(company_settings.get(work.tx, company_settings.REQUISITES) or {})


def read_card(work: UnitOfWork, raw: str) -> RequisiteCard | None:
    """What a pasted card would make of them; None for a text that is none. Nothing is kept."""
    return requisites.with_card(get(work), raw)


def put_card(work: UnitOfWork, raw: str) -> Requisites:
    """Keep all of a pasted card that can be; NotAllowed for anybody but the owner."""
    employees.check_owner(work)
    card = read_card(work, raw)
    after = card.after if card is not None else get(work)
    company_settings.put(work.tx, company_settings.REQUISITES, after.to_json())
    return after


def put(work: UnitOfWork, changes: Mapping[str, str]) -> Requisites:
    """Keep what the owner has typed (names as in `services.documents.requisites.TITLES`) and give all of it.

    Raises NotAllowed for anybody else, Wrong for a value that cannot be; then nothing is kept.
    """
    employees.check_owner(work)
    after = get(work).changed(changes)
    company_settings.put(work.tx, company_settings.REQUISITES, after.to_json())
    return after
