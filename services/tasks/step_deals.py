"""On which deal is a step that was typed: what the words name, or what the person has worked on last."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from models.entities import Deal
from models.search import search_words
from models.tables.deals import DealRow
from services.deals import deal_queries
from services.search import finder
from services.tasks import next_steps
from services.unit_of_work import UnitOfWork

MOST_NAMED, MOST_WORDS, LEAST_NAME = 6, 6, 4

LATELY = (
    select(DealRow)
    .where(DealRow.responsible_id == bindparam("who"), DealRow.status == "open", DealRow.deleted_at.is_(None))
    .order_by(DealRow.entered_at.desc(), DealRow.id.desc())
    .limit(6)
)


def named(work: UnitOfWork, text: str) -> list[Deal]:
    """The open deals on which the actor may set a step and that the words name: by number, phone, the client's name in
    whatever case it stands; those that the most of the words name."""
    names = [word for word in search_words.words(text) if word.isalpha() and len(word) >= LEAST_NAME][:MOST_WORDS]
    return [one for one in finder.named(work, text, names) if next_steps.may_set(work, one)][:MOST_NAMED]


def lately(work: UnitOfWork) -> list[Deal]:
    """The open deals of the actor on which something was done last."""
    rows = work.tx.execute(LATELY, {"who": work.actor_id}).all()
    return deal_queries.read_all(work, rows)
