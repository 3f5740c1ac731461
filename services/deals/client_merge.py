"""Two cards of one client become one: deals, phones and contacts go over, and every deal's history says so."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, update

from models import access
from models.entities import Client
from models.errors import NotAllowed
from models.history.deal_lines import ClientsMerged
from models.tables.clients import ClientPhoneRow, ClientRow, ClientWordRow
from models.tables.deals import DealRow
from services.clients import client_cards
from services.deals import history
from services.unit_of_work import UnitOfWork

# a new version: a button of the card as it was says whose card it is now
MOVE_DEALS = (
    update(DealRow)
    .where(DealRow.client_id == bindparam("gone"))
    .values(client_id=bindparam("kept"), version=DealRow.version + 1)
    .returning(DealRow.id, DealRow.version)
)


def merge(work: UnitOfWork, keep_id: int, drop_id: int) -> Client:
    """Make two cards one: what hung on the other hangs on `keep`, and the other leads there from now on. NotAllowed."""
    if work.actor is None or work.actor.role not in access.SALES:
        raise NotAllowed
    keep, drop = client_cards.get(work, keep_id), client_cards.get(work, drop_id)
    if keep.id == drop.id:
        return keep
    _move_deals(work, keep, drop)
    _join_facts(work, keep, drop)
    work.tx.execute(update(ClientRow).where(ClientRow.merged_into_id == drop.id).values(merged_into_id=keep.id))
    work.tx.execute(update(ClientRow).where(ClientRow.id == drop.id).values(merged_into_id=keep.id))
    work.tx.execute(delete(ClientPhoneRow).where(ClientPhoneRow.client_id == drop.id))
    work.tx.execute(delete(ClientWordRow).where(ClientWordRow.client_id == drop.id))
    for number in drop.phones:
        client_cards.add_phone(work, keep.id, number)
    return client_cards.get(work, keep.id)


def _move_deals(work: UnitOfWork, keep: Client, drop: Client) -> None:
    line = ClientsMerged(drop.name, keep.name)
    moved = work.tx.execute(MOVE_DEALS, {"gone": drop.id, "kept": keep.id}).all()
    rows = [history.row(work, one.id, one.version, 0, line) for one in moved]
    if rows:
        work.tx.execute(history.ADD, rows)


def _join_facts(work: UnitOfWork, keep: Client, drop: Client) -> None:
    """Notes are kept both; nobody becomes his own company."""
    note = "\n".join(part for part in (keep.note, drop.note) if part) or None
    company = keep.company_id or drop.company_id
    company = None if company in (keep.id, drop.id) else company
    work.tx.execute(update(ClientRow).where(ClientRow.id == keep.id).values(note=note, company_id=company))
    others = update(ClientRow).where(ClientRow.company_id == drop.id, ClientRow.id != keep.id)
    work.tx.execute(others.values(company_id=keep.id))
