"""How often each kind of message was sent and each step was taken: what stands at 0 was not walked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import func, select

from models.notices.notice import NOTICES
from models.outbox import DeliveryState
from models.process.actions import SendSms
from models.process.process import Process
from models.tables.deals import DealRow, HistoryRow
from models.tables.outbox import ScheduledRow
from models.tables.sms import SmsRow
from services.unit_of_work import UnitOfWork


def could_be(processes: Iterable[Process]) -> Iterator[str]:
    """Everything that might have happened in these processes."""
    yield from (f"notice {kind.kind}" for kind in NOTICES)
    for process in processes:
        for rule, robot in process.rules.items():
            if any(isinstance(one, SendSms) for one in robot.do):
                yield f"sms {process.process}: {rule}"
        for line, name, stage in process.every_stage:
            if stage.ending is None:
                for way in process.ways(line, name):
                    yield f"step {process.process}: {line}.{name} → {line}.{way.to}"


def of_shop(work: UnitOfWork) -> Counter[str]:
    """What has happened in this shop."""
    found: Counter[str] = Counter()
    sent = select(ScheduledRow.payload).where(
        ScheduledRow.kind == "notice", ScheduledRow.delivery_state == DeliveryState.SENT
    )
    for payload in work.tx.execute(sent).scalars():
        found[f"notice {(payload or {}).get('kind')}"] += 1
    lists = select(func.count()).where(ScheduledRow.kind == "list", ScheduledRow.delivery_state == DeliveryState.SENT)
    found["notice list"] += work.tx.execute(lists).scalar_one()
    texted = select(SmsRow.rule, DealRow.process).join(DealRow, DealRow.id == SmsRow.deal_id)
    for row in work.tx.execute(texted.where(SmsRow.state.in_(("sent", "delivered")))):
        found[f"sms {row.process}: {row.rule}"] += 1
    moved = select(HistoryRow.from_stage, HistoryRow.to_stage, DealRow.process).join(
        DealRow, DealRow.id == HistoryRow.deal_id
    )
    for row in work.tx.execute(moved.where(HistoryRow.kind == "moved")):
        found[f"step {row.process}: {row.from_stage} → {row.to_stage}"] += 1
    return found
