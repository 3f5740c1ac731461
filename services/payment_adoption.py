"""A process begins to keep payments: money that stood in plain fields of its deals becomes lines of the ledger.

Done once for each payment field, at start. What the field holds is the truth: so much of it as no line tells becomes
one, dated by the day on which the field was filled in. So nothing is lost, and nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from models.history.deal_lines import FieldFilled
from models.history.money_lines import PaymentCame
from models.process.process import Process
from models.tables.deals import DealRow, HistoryRow
from models.tables.payments import PaymentRow
from models.values.received_payment import FROM_CARD
from services import company_settings
from services.deals import history
from services.unit_of_work import UnitOfWork

CHUNK = 1000  # deals read at once
UNKNOWN = ""  # how it was paid, nobody was asked
DEALS = (
    select(DealRow.id, DealRow.fields, DealRow.version, DealRow.created_at)
    .where(DealRow.process == bindparam("process"), DealRow.id > bindparam("after"))
    .order_by(DealRow.id)
    .limit(CHUNK)
)
TOLD = (
    select(PaymentRow.deal_id, PaymentRow.field, func.sum(PaymentRow.amount).label("amount"))
    .where(PaymentRow.deal_id.in_(bindparam("deals", expanding=True)))
    .group_by(PaymentRow.deal_id, PaymentRow.field)
)
FILLED = (
    select(HistoryRow.deal_id, HistoryRow.at, HistoryRow.actor_id, HistoryRow.data)
    .where(HistoryRow.deal_id.in_(bindparam("deals", expanding=True)), HistoryRow.kind == FieldFilled.kind)
    .order_by(HistoryRow.id)
)
ADD = insert(PaymentRow)


@dataclass(frozen=True, slots=True)
class FoundMoney:
    """Money of a deal that no line tells; `amount` in kopecks, `at` and `by`: when it was entered and by whom."""

    deal: Row[Any]
    field: str
    amount: int
    at: datetime
    by: int | None


def adopt(work: UnitOfWork) -> int:
    """Write the lines that are missing; gives how many there were. Of several replicas that start one does it."""
    kept: Mapping[str, Sequence[str]] = company_settings.lock(work.tx, company_settings.PAYMENT_FIELDS, {})
    now = {name: list(one.payment_fields) for name, one in work.company.processes.items() if one.payment_fields}
    written = 0
    for name, fields in now.items():
        new = [field for field in fields if field not in kept.get(name, ())]
        if new:
            written += _of_process(work, work.process(name), new)
    if any(set(fields) - set(kept.get(name, ())) for name, fields in now.items()):
        company_settings.put(work.tx, company_settings.PAYMENT_FIELDS, {**kept, **now})
    return written


def _of_process(work: UnitOfWork, process: Process, fields: Sequence[str]) -> int:
    written = 0
    for deals in _chunks(work.tx, process.process):
        found = _found(work, deals, fields)
        for one in found:
            _write(work, one)
        written += len(found)
    return written


def _chunks(tx: Connection, process: str) -> Iterator[list[Row[Any]]]:
    after = 0
    while deals := list(tx.execute(DEALS, {"process": process, "after": after})):
        after = deals[-1].id
        yield deals


def _found(work: UnitOfWork, deals: Sequence[Row[Any]], fields: Sequence[str]) -> list[FoundMoney]:
    held = [(deal, name, deal.fields.get(name)) for deal in deals for name in fields]
    money = [(deal, name, amount) for deal, name, amount in held if isinstance(amount, int) and amount > 0]
    keys = {"deals": list({deal.id for deal, _, _ in money})}
    if not money:
        return []
    told = {(row.deal_id, row.field): int(row.amount) for row in work.tx.execute(TOLD, keys)}
    filled = {(row.deal_id, row.data.get("field")): row for row in work.tx.execute(FILLED, keys)}
    found = []
    for deal, name, amount in money:
        missing, line = amount - told.get((deal.id, name), 0), filled.get((deal.id, name))
        if missing > 0:
            at, by = (line.at, line.actor_id) if line is not None else (deal.created_at, None)
            found.append(FoundMoney(deal, name, missing, at, by))
    return found


def _write(work: UnitOfWork, one: FoundMoney) -> None:
    """A line of the ledger, and one below the deal's last step: the buttons that people look at stay good."""
    day, deal = work.company.calendar.local(one.at).date(), one.deal.id
    line = {"deal_id": deal, "field": one.field, "amount": one.amount, "paid_on": day, "method": UNKNOWN}
    work.tx.execute(ADD, {**line, "note": FROM_CARD, "author_id": one.by, "at": work.now})
    seq = work.tx.execute(history.NEXT, {"deal": deal, "version": one.deal.version}).scalar_one()
    came = PaymentCame(one.field, one.amount, day, UNKNOWN, FROM_CARD)
    work.tx.execute(history.ADD, history.row(work, deal, one.deal.version, seq, came))
