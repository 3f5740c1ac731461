"""What goes by itself when its time is over: a few rows in each transaction, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from models.personal.erasure import ErasureReason
from models.personal.retention import Retention
from models.tables.clients import ClientRow
from models.tables.deals import DealRow, HistoryRow
from models.tables.forms import DraftRow
from models.tables.outbox import ScheduledRow
from models.tables.sms import SmsRow
from services.oversight import journal
from services.personal import erasures, person_keys
from services.personal.person_keys import PersonKeys
from services.unit_of_work import UnitOfWork

BATCH = 200  # rows in one transaction
MOST = 500  # people in one night
IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_other = aliased(DealRow, name="other")
# what «Почему мне это пришло?» and a late answer to a message need stays: the rule, the deal, the message's number
SAID = (
    select(ScheduledRow.id)
    .where(
        ScheduledRow.done_at < bindparam("before"), ScheduledRow.kind == "notice",
        or_(ScheduledRow.payload.is_not(None), ScheduledRow.said.is_not(None)),
    )
    .limit(BATCH)
)  # fmt: skip
UNSAY = update(ScheduledRow).where(ScheduledRow.id.in_(IDS)).values(payload=None, said=None, failure=None)
SENT = select(SmsRow.id).where(SmsRow.at < bindparam("before"), SmsRow.text != "").limit(BATCH)
UNSEND = update(SmsRow).where(SmsRow.id.in_(IDS)).values(text="", said=None, failure=None)
LEFT_FORMS = delete(DraftRow).where(DraftRow.updated_at < bindparam("before"))
NOT_ERASED = ~exists().where(HistoryRow.deal_id == DealRow.id, HistoryRow.kind == "erased")
DELETED = (
    select(DealRow.id)
    .where(DealRow.deleted_at < bindparam("before"), NOT_ERASED)
    .order_by(DealRow.id)
    .limit(bindparam("most"))
)
# leads that came to nothing, of people who have no card
OLD_LEADS = (
    select(DealRow.id)
    .where(
        DealRow.kind == "lead", DealRow.status == "lost", DealRow.closed_at < bindparam("before"),
        DealRow.client_id.is_(None), DealRow.deleted_at.is_(None), NOT_ERASED,
        ~exists().where(and_(_other.origin_id == DealRow.id, _other.deleted_at.is_(None))),
    )
    .order_by(DealRow.id)
    .limit(bindparam("most"))
)  # fmt: skip
DEAL = select(DealRow.id, DealRow.client_id, DealRow.origin_id, DealRow.created_at).where(
    DealRow.id == bindparam("key")
)
HANGS_ON = select(ClientRow.id).where(
    or_(ClientRow.company_id == bindparam("client"), ClientRow.merged_into_id == bindparam("client"))
)
OTHERS = select(DealRow.id).where(DealRow.client_id == bindparam("client"), DealRow.id.not_in(IDS))


def forget_messages(work: UnitOfWork) -> bool:
    """Empty some texts of messages whose time is over; whether there may be more."""
    before = work.now - timedelta(days=work.company.kept.messages)
    full = False
    for wanted, change in ((SAID, UNSAY), (SENT, UNSEND)):
        ids: Sequence[int] = work.tx.execute(wanted, {"before": before}).scalars().all()
        if ids:
            work.tx.execute(change, {"ids": list(ids)})
        full = full or len(ids) == BATCH
    return full


def forget_drafts(work: UnitOfWork) -> int:
    """Forms that nobody has gone on with; how many."""
    before = work.now - timedelta(days=work.company.kept.drafts)
    return work.tx.execute(LEFT_FORMS, {"before": before}).rowcount


def due(tx: Connection, now: datetime, kept: Retention) -> list[tuple[int, ErasureReason]]:
    """Deals and leads whose time is over: only looked for, so that nobody's press waits for it."""
    deleted = {"before": now - timedelta(days=kept.deleted), "most": MOST}
    leads = {"before": now - timedelta(days=kept.leads), "most": MOST}
    found: list[tuple[int, ErasureReason]] = [(key, "deleted") for key in tx.execute(DELETED, deleted).scalars()]
    return found + [(key, "expired") for key in tx.execute(OLD_LEADS, leads).scalars()]


def erase_due(work: UnitOfWork, deal_id: int, reason: ErasureReason) -> None:
    """Erase one of them, with the client's card if nothing else hangs on it."""
    erasures.erase(work, _keys(work, deal_id), reason)


def note_run(work: UnitOfWork, people: int) -> None:
    """The journal says how many were erased because their time was over."""
    journal.note(work, "retention_ran", count=people)


def _keys(work: UnitOfWork, deal_id: int) -> PersonKeys:
    """The deal alone; with its card and the lead that it was, where the card was made of it and serves nothing else."""
    alone = person_keys.of_deals((deal_id,))
    row = work.tx.execute(DEAL, {"key": deal_id}).one()
    if row.client_id is None:
        return alone
    own, lead = {deal_id}, row.origin_id
    while lead is not None:
        own.add(lead)
        lead = work.tx.execute(DEAL, {"key": lead}).one().origin_id
    card = work.tx.execute(select(ClientRow.created_at).where(ClientRow.id == row.client_id)).scalar_one()
    began = min(work.tx.execute(DEAL, {"key": key}).one().created_at for key in own)
    others = work.tx.execute(OTHERS, {"client": row.client_id, "ids": sorted(own)}).first()
    hangs = work.tx.execute(HANGS_ON, {"client": row.client_id}).first()
    if card < began or others is not None or hangs is not None:
        return alone
    return PersonKeys((row.client_id,), tuple(sorted(own)), frozenset())
