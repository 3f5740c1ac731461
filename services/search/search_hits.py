"""Which deals and clients have the words that are looked for, found by the tables of words alone.

The term that is found least leads; the others are looked up for each of its deals. Every span is read to a limit, so
that a word which half of all clients have costs no more than a rare one; past it there are «more than» so many.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    text,
    union_all,
)  # fmt: skip

from models.ids import ClientId, DealId, EmployeeId
from models.states import DealStatus
from models.tables.clients import ClientWordRow
from models.tables.deals import DealRow, DealWordRow
from services.search.search_terms import Term
from services.unit_of_work import UnitOfWork

MOST = 10_000  # deals or clients that are counted
PROBE = 300  # rows of a term that are looked at to know which one is rare
READ = 20_000  # rows of a span that are read
SHOWN = (
    DealRow.id, DealRow.number, DealRow.status, DealRow.responsible_id, DealRow.client_id, DealRow.process,
    DealRow.pipeline, DealRow.stage, DealRow.created_at,
)  # fmt: skip
STEMS = {
    "sqlite": "SELECT value AS stem FROM json_each(:stems)",
    "postgresql": 'SELECT unnest(CAST(:stems AS text[])) COLLATE "C" AS stem',
}
KNOWN = {
    name: text(
        f"SELECT stem FROM ({stems}) AS asked WHERE "
        "EXISTS (SELECT 1 FROM client_word WHERE word >= stem || '|' AND word < stem || '}') OR "
        "EXISTS (SELECT 1 FROM deal_word WHERE word >= stem || '|' AND word < stem || '}')"
    )
    for name, stems in STEMS.items()
}
Hidden = Mapping[str, Collection[str]]  # by process: fields by which the actor may not find


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A deal that was found, with what is asked before it is shown."""

    id: DealId
    number: str
    status: DealStatus
    responsible_id: EmployeeId | None
    client_id: ClientId | None
    process: str
    pipeline: str
    stage: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What is looked for. `hidden`: by what not; `only`: if given, the fields by which alone."""

    terms: tuple[Term, ...]
    hidden: Hidden
    only: Collection[str] | None = None


def deals(work: UnitOfWork, sought: SearchTerms) -> list[SearchHit]:
    """The deals that have every term, on their own or by their client's card: at most `MOST` + 1."""
    first, *others = _rarest_first(work, sought)
    found = _union([*_of_deals(first, sought), *_of_clients_deals(first)], READ)
    keys = select(found.c.id).distinct().subquery()
    query = (
        select(*SHOWN)
        .join(keys, keys.c.id == DealRow.id)
        .where(DealRow.deleted_at.is_(None), *(_has(one, sought) for one in others))
        .limit(MOST + 1)
    )
    return [SearchHit(*row) for row in work.tx.execute(query)]


def clients(work: UnitOfWork, sought: SearchTerms) -> list[ClientId]:
    """The clients whose cards have every term: at most `MOST` + 1."""
    first, *others = _rarest_first(work, sought)
    found = _union(_of_clients(first), READ)
    mine = ClientWordRow.client_id == found.c.id
    query = (
        select(found.c.id)
        .where(*(exists().where(mine, _in(ClientWordRow.word, one)) for one in others))
        .distinct()
        .limit(MOST + 1)
    )
    return sorted(work.tx.execute(query).scalars())


def known_stems(work: UnitOfWork, stems: Collection[str]) -> list[str]:
    """Those of the stems that are words of some deal or client: some hundred are looked up by one statement."""
    name = work.tx.dialect.name
    said = json.dumps(list(stems)) if name == "sqlite" else list(stems)
    return list(work.tx.execute(KNOWN[name], {"stems": said}).scalars()) if stems else []


# --- the parts ----------------------------------------------------------------------------------------------------


def _rarest_first(work: UnitOfWork, sought: SearchTerms) -> list[Term]:
    terms = list(sought.terms)
    if len(terms) == 1:
        return terms
    sizes = {one: _size(work, one, sought) for one in terms}
    return sorted(terms, key=sizes.__getitem__)


def _size(work: UnitOfWork, term: Term, sought: SearchTerms) -> int:
    """How many rows a term has, as far as it matters."""
    found = _union([*_of_deals(term, sought), *_of_clients(term)], PROBE)
    return int(work.tx.execute(select(func.count()).select_from(found)).scalar_one())


def _of_deals(term: Term, sought: SearchTerms) -> list[Select[Any]]:
    shown = _shown(sought)
    query = select(DealWordRow.deal_id)
    if sought.hidden:
        query = query.join(DealRow, DealRow.id == DealWordRow.deal_id)
    return [query.where(DealWordRow.word >= low, DealWordRow.word < high, *shown) for low, high in term]


def _of_clients(term: Term) -> list[Select[Any]]:
    query = select(ClientWordRow.client_id)
    return [query.where(ClientWordRow.word >= low, ClientWordRow.word < high) for low, high in term]


def _of_clients_deals(term: Term) -> list[Select[Any]]:
    query = select(DealRow.id).join(ClientWordRow, ClientWordRow.client_id == DealRow.client_id)
    return [query.where(ClientWordRow.word >= low, ClientWordRow.word < high) for low, high in term]


def _union(queries: Sequence[Select[Any]], most: int) -> FromClause:
    """The ids of all of them, of each so many rows at most."""
    parts = [select(one.limit(most).subquery().c[0].label("id")) for one in queries]
    return (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()


def _has(term: Term, sought: SearchTerms) -> ColumnElement[bool]:
    """Whether a deal has the term, on its own or by its client's card."""
    own = exists().where(DealWordRow.deal_id == DealRow.id, _in(DealWordRow.word, term), *_shown(sought))
    card = exists().where(ClientWordRow.client_id == DealRow.client_id, _in(ClientWordRow.word, term))
    return or_(own, card)


def _in(word: Any, term: Term) -> ColumnElement[bool]:
    return or_(*(and_(word >= low, word < high) for low, high in term))


def _shown(sought: SearchTerms) -> list[ColumnElement[bool]]:
    """What the actor may find by."""
    found: list[ColumnElement[bool]] = []
    if sought.only is not None:
        found.append(DealWordRow.field.in_(sorted(sought.only)))
    hidden = [and_(DealRow.process == name, DealWordRow.field.in_(sorted(of))) for name, of in sought.hidden.items()]
    if hidden:
        found.append(not_(or_(*hidden)))
    return found
