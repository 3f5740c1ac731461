"""Messages to a client that a press has caused: they wait until it can be put back no more, and go with it."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from models import sms as m
from models.jobs import DeliverSms
from models.sms import SmsMessage
from models.tables.outbox import ScheduledRow
from models.tables.sms import SmsRow
from models.undo import DealBefore
from services.deals import hooks
from services.deals.changes import DealChanges
from services.outbox import schedule
from services.sms import sms_delivery, sms_messages
from services.unit_of_work import UnitOfWork

JOBS = select(ScheduledRow).where(
    ScheduledRow.id.in_(bindparam("ids", expanding=True)), ScheduledRow.kind == "job",
    ScheduledRow.rule == DeliverSms.kind,
)  # fmt: skip
# an older one that gave way to what the press had to say: what it tells is so again
GAVE_WAY = select(ScheduledRow).where(
    ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.kind == "job", ScheduledRow.rule == DeliverSms.kind,
    ScheduledRow.done_at.is_(None), ScheduledRow.id < bindparam("before"),
)  # fmt: skip
NOT_SENT = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id.in_(bindparam("ids", expanding=True)), ScheduledRow.kind == "job",
        ScheduledRow.rule == DeliverSms.kind, ScheduledRow.done_at.is_(None), ScheduledRow.holder.is_(None),
    )
    .values(done_at=bindparam("at"), delivery_state="void")
)  # fmt: skip
WAITS_AGAIN = (
    update(SmsRow)
    .where(SmsRow.id == bindparam("key"), SmsRow.state == m.DROPPED)
    .values(state=m.WAITING, state_at=bindparam("now"))
)


@hooks.put_back.register
def _put_back(changes: DealChanges, before: DealBefore) -> None:
    work = changes.work
    caused = _caused(work, before)
    for one in caused:
        if one.state == m.WAITING:
            sms_delivery.dropped(work, one)
    work.tx.execute(NOT_SENT, {"ids": list(before.rows_of("waits").new), "at": work.now})
    first = min(before.rows_of("waits").new, default=0)
    for row in work.tx.execute(GAVE_WAY, {"deal": before.deal, "before": first}) if caused else ():
        job = schedule.read(row).job
        if isinstance(job, DeliverSms):
            work.tx.execute(WAITS_AGAIN, {"key": job.sms, "now": work.now})


def gone_out(work: UnitOfWork, before: DealBefore) -> list[SmsMessage]:
    """What the client has got of it all the same, or may have got."""
    return [one for one in _caused(work, before) if one.state in (m.SENDING, m.SENT, m.DELIVERED, m.DOUBT)]


def _caused(work: UnitOfWork, before: DealBefore) -> list[SmsMessage]:
    keys = list(before.rows_of("waits").new)
    jobs = [schedule.read(row).job for row in work.tx.execute(JOBS, {"ids": keys})] if keys else []
    found = (sms_messages.find(work, one.sms) for one in jobs if isinstance(one, DeliverSms))
    return [one for one in found if one is not None]
