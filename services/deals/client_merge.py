"""Two cards of one client become one: deals, phones and contacts go over, and every deal's history says so.

For a week it can be taken back: what went over goes back, what came since stays where it came.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Executable, bindparam, delete, insert, select, update

from models.entities import Client
from models.errors import NotFound
from models.history.deal_lines import ClientsMerged, ClientsSplit
from models.tables.clients import ClientPhoneRow, ClientRow
from models.tables.deals import DealRow
from models.undo import CardsBefore
from services import undo
from services.clients import client_cards, client_words
from services.deals import client_access, history
from services.unit_of_work import UnitOfWork

LIFE = timedelta(days=7)
# a new version: a button of the card as it was says whose card it is now
MOVE_DEALS = (
    update(DealRow)
    .where(DealRow.client_id == bindparam("gone"))
    .values(client_id=bindparam("kept"), version=DealRow.version + 1)
    .returning(DealRow.id, DealRow.version)
)
MOVE_BACK = MOVE_DEALS.where(DealRow.id.in_(bindparam("ids", expanding=True)))
CONTACTS = select(ClientRow.id).where(ClientRow.company_id == bindparam("of"), ClientRow.id != bindparam("but"))
DEALS = select(DealRow.id).where(DealRow.client_id == bindparam("of"))
MERGED = select(ClientRow.id).where(ClientRow.merged_into_id == bindparam("of"))
CARD = select(ClientRow).where(ClientRow.id == bindparam("key"))


def merge(work: UnitOfWork, keep_id: int, drop_id: int) -> Client:
    """Make two cards one: what hung on the other hangs on `keep`, and the other leads there from now on. NotAllowed."""
    client_access.check(work)
    keep, drop = client_cards.get(work, keep_id), client_cards.get(work, drop_id)
    client_access.check(work, keep, drop)
    if keep.id == drop.id:
        return keep
    was = _as_it_is(work, keep, drop)
    _move_deals(work, keep, drop)
    _join_facts(work, keep, drop)
    work.tx.execute(update(ClientRow).where(ClientRow.merged_into_id == drop.id).values(merged_into_id=keep.id))
    work.tx.execute(update(ClientRow).where(ClientRow.id == drop.id).values(merged_into_id=keep.id))
    work.tx.execute(delete(ClientPhoneRow).where(ClientPhoneRow.client_id == drop.id))
    client_words.renew(work, drop.id)
    for number in drop.phones:
        client_cards.add_phone(work, keep.id, number)
    undo.keep(work, was, keep.id, LIFE)
    return client_cards.get(work, keep.id)


def _as_it_is(work: UnitOfWork, keep: Client, drop: Client) -> CardsBefore:
    def ids(found: Executable) -> tuple[int, ...]:
        return tuple(work.tx.execute(found, {"of": drop.id, "but": keep.id}).scalars())

    note, company = _joined(keep, drop)
    return CardsBefore(
        keep.id, drop.id, (keep.note, note), (keep.company_id, company), drop.phones,
        tuple(one for one in drop.phones if one not in keep.phones), ids(CONTACTS), ids(MERGED), ids(DEALS),
    )  # fmt: skip


def _move_deals(work: UnitOfWork, keep: Client, drop: Client) -> None:
    moved = work.tx.execute(MOVE_DEALS, {"gone": drop.id, "kept": keep.id}).all()
    rows = [history.row(work, one.id, one.version, 0, ClientsMerged(drop.name, keep.name)) for one in moved]
    if rows:
        work.tx.execute(history.ADD, rows)


def _joined(keep: Client, drop: Client) -> tuple[str | None, int | None]:
    """Note and firm of the one card: notes are kept both; nobody becomes his own company."""
    note = "\n".join(part for part in (keep.note, drop.note) if part) or None
    company = keep.company_id or drop.company_id
    return note, None if company in (keep.id, drop.id) else company


def _join_facts(work: UnitOfWork, keep: Client, drop: Client) -> None:
    note, company = _joined(keep, drop)
    work.tx.execute(update(ClientRow).where(ClientRow.id == keep.id).values(note=note, company_id=company))
    others = update(ClientRow).where(ClientRow.company_id == drop.id, ClientRow.id != keep.id)
    work.tx.execute(others.values(company_id=keep.id))


# --- and back ---------------------------------------------------------------------------------------------------


@undo.undoes(CardsBefore)
def split(work: UnitOfWork, was: CardsBefore) -> None:
    """Two cards again. NotFound if one of them went into a third since: that one is taken back first. NotAllowed if a
    colleague leads a deal of the card by now."""
    keep, drop = (work.tx.execute(CARD, {"key": one}).one_or_none() for one in (was.keep, was.drop))
    if keep is None or drop is None or keep.merged_into_id is not None or drop.merged_into_id != keep.id:
        raise NotFound("undo")
    client_access.check(work, client_cards.get(work, keep.id))
    work.tx.execute(update(ClientRow).where(ClientRow.id == drop.id).values(merged_into_id=None))
    _move_cards_back(work, was)
    _move_phones_back(work, was)
    client_words.renew(work, keep.id, drop.id)
    moved = work.tx.execute(MOVE_BACK, {"gone": keep.id, "kept": drop.id, "ids": was.deals}).all()
    rows = [history.row(work, one.id, one.version, 0, ClientsSplit(drop.name, keep.name)) for one in moved]
    if rows:
        work.tx.execute(history.ADD, rows)


def _move_cards_back(work: UnitOfWork, was: CardsBefore) -> None:
    keep, drop = was.keep, was.drop
    for column, (before, after) in ((ClientRow.note, was.note), (ClientRow.company_id, was.company)):
        same = column.is_(None) if after is None else column == after  # what was changed since stays
        work.tx.execute(update(ClientRow).where(ClientRow.id == keep, same).values({column: before}))
    contacts = update(ClientRow).where(ClientRow.id.in_(was.contacts), ClientRow.company_id == keep)
    work.tx.execute(contacts.values(company_id=drop))
    merged = update(ClientRow).where(ClientRow.id.in_(was.merged), ClientRow.merged_into_id == keep)
    work.tx.execute(merged.values(merged_into_id=drop))


def _move_phones_back(work: UnitOfWork, was: CardsBefore) -> None:
    gone = delete(ClientPhoneRow).where(ClientPhoneRow.client_id == was.keep, ClientPhoneRow.phone.in_(was.added))
    work.tx.execute(gone)
    rows = [{"client_id": was.drop, "phone": number, "position": place} for place, number in enumerate(was.phones)]
    if rows:
        work.tx.execute(insert(ClientPhoneRow), rows)
