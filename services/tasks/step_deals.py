"""On which deal is a step that was typed: what the words name, or what the person has worked on last."""

from __future__ import annotations

import re
from collections import Counter

from sqlalchemy import bindparam, select

from models.entities import Deal
from models.ids import DealId
from models.tables.deals import DealRow
from services import search
from services.deals import deal_queries
from services.tasks import next_steps
from services.unit_of_work import UnitOfWork

MOST_NAMED, MOST_WORDS, LEAST_NAME = 6, 6, 4
WORD = re.compile(r"[^\W\d_]+")
ENDING = re.compile(r"(?<=\w{3})(?:ой|ей|ою|ую|ому|ему|ого|его|ым|им|ом|ем|[аяоеыиуюьй])$", re.IGNORECASE)

LATELY = (
    select(DealRow)
    .where(DealRow.responsible_id == bindparam("who"), DealRow.status == "open", DealRow.deleted_at.is_(None))
    .order_by(DealRow.entered_at.desc(), DealRow.id.desc())
    .limit(6)
)


def named(work: UnitOfWork, text: str) -> list[Deal]:
    """The open deals on which the actor may set a step and that the words name: by number, phone, the client's name in
    whatever case it stands; those that the most of the words name."""
    hits = Counter[DealId]()
    known: dict[DealId, Deal] = {}
    for word in (text, *_names(text)):
        for one in _open(work, search.look(work, word)):
            hits[one.id] += 1
            known[one.id] = one
    most = max(hits.values(), default=0)
    return [known[key] for key, n in hits.items() if n == most and next_steps.may_set(work, known[key])][:MOST_NAMED]


def _names(text: str) -> list[str]:
    """Words that may be a client's name, without the ending that a case has changed."""
    words = (word for word in WORD.findall(text) if len(word) >= LEAST_NAME)
    return [ENDING.sub("", word) for word in words][:MOST_WORDS]


def _open(work: UnitOfWork, found: search.SearchResults) -> list[Deal]:
    """Each deal once, whether it was found itself or by its client."""
    of_clients = (one for client in found.clients for one in deal_queries.of_client(work, client.id))
    every = {one.id: one for one in (*found.deals, *of_clients)}
    return [one for one in every.values() if one.status == "open" and deal_queries.can_open(work, one)]


def lately(work: UnitOfWork) -> list[Deal]:
    """The open deals of the actor on which something was done last."""
    rows = work.tx.execute(LATELY, {"who": work.actor_id}).all()
    return deal_queries.read_all(work, rows)
