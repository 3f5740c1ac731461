"""The words by which deals are found, kept true in the transaction that changes the deal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from models.entities import Deal
from models.process.process import Process
from models.search import deal_words
from models.search.deal_words import Word
from models.tables.deals import DealWordRow
from models.tables.documents import PaperRow
from services.unit_of_work import UnitOfWork

ADD = {
    name: module.insert(DealWordRow).on_conflict_do_nothing()
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}
DROP = delete(DealWordRow).where(
    DealWordRow.word == bindparam("token"),
    DealWordRow.deal_id == bindparam("deal"),
    DealWordRow.field == bindparam("said_by"),
)
FORGET = delete(DealWordRow).where(DealWordRow.deal_id.in_(bindparam("deals", expanding=True)))
PAPERS = (
    select(PaperRow.deal_id, PaperRow.name, PaperRow.number)
    .where(PaperRow.deal_id.in_(bindparam("deals", expanding=True)))
    .distinct()
)


def begin(work: UnitOfWork, process: Process, made: Deal) -> None:
    """A deal has come."""
    _add(work, {made.id: deal_words.of(process, made)})


def renew(work: UnitOfWork, process: Process, before: Deal, after: Deal) -> None:
    """A deal has changed. Where nothing did that it is found by, nothing is read or written: a move costs no more."""
    if before.title == after.title and before.fields == after.fields:
        return
    old, new = deal_words.of(process, before), deal_words.of(process, after)
    gone = [{"token": word, "deal": after.id, "said_by": field} for word, field in sorted(old - new)]
    if gone:
        work.tx.execute(DROP, gone)
    _add(work, {after.id: new - old})


def note_paper(work: UnitOfWork, deal_id: int, name: str, number: str) -> None:
    """A paper has its number."""
    _add(work, {deal_id: deal_words.of_paper(name, number)})


def forget(work: UnitOfWork, deals: Collection[int]) -> None:
    """These deals are found no more."""
    work.tx.execute(FORGET, {"deals": list(deals)})


def rewrite(work: UnitOfWork, deals: Collection[Deal]) -> None:
    """All words of these deals as they are to be, whatever was kept: of a deleted one, and of a learner's, none."""
    forget(work, [one.id for one in deals])
    there = {one.id: one for one in deals if one.deleted_at is None and one.kind != "practice"}
    found: dict[int, set[Word]] = defaultdict(set)
    for one in there.values():
        found[one.id] |= deal_words.of(work.company.processes.get(one.process), one)
    for row in work.tx.execute(PAPERS, {"deals": list(there)}):
        found[row.deal_id].update(deal_words.of_paper(row.name, row.number))
    _add(work, found)


def _add(work: UnitOfWork, words: Mapping[Any, Collection[Word]]) -> None:
    every = ((key, *one) for key, some in words.items() for one in sorted(some))
    rows = [{"deal_id": key, "word": word, "field": field} for key, word, field in every]
    if rows:
        work.tx.execute(ADD[work.tx.dialect.name], rows)
