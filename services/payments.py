"""The ledger of payments: append-only (K-13, K-14).

A correction is a line that takes an earlier one back; what is given back to the client is a line below zero of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from models import access, rights
from models.engine import balances, moves
from models.entities import Deal
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.fields import payment_field
from models.fields.base import AnswerContext
from models.fields.payment_field import PaymentField
from models.history.money_lines import MoneyKept
from models.ids import DealId, PaymentId
from models.process.process import Process
from models.tables.payments import PaymentRow
from models.tables.people import EmployeeRow
from models.values import money
from models.values.invalid_value import N_, InvalidValue
from models.values.received_payment import ReceivedPayment
from services.deals import deal_commands, deal_queries, plans
from services.unit_of_work import UnitOfWork

PAYMENT = rights.thing("payment", N_("Платежи"), ids=(PaymentId,), tables=("payment",))
ENTER = PAYMENT.right(N_("отменять и возвращать"), (access.MANAGEMENT, ("any",)), (access.MANAGER, ("own", "free")))

ADD = insert(PaymentRow)
_BACK = aliased(PaymentRow)
_ALL = (
    select(PaymentRow, EmployeeRow.name.label("author"), _BACK.id.label("reversed_by"))
    .outerjoin(EmployeeRow, EmployeeRow.id == PaymentRow.author_id)
    .outerjoin(_BACK, _BACK.reverses_id == PaymentRow.id)
)
OF_DEAL = _ALL.where(PaymentRow.deal_id == bindparam("deal")).order_by(PaymentRow.id)


@dataclass(frozen=True, slots=True)
class Payment:
    """A line of the ledger. `amount` in roubles, below zero for a refund and for the reversal of a payment."""

    id: PaymentId
    deal_id: DealId
    field: str
    amount: Decimal
    paid_on: date
    method: str
    note: str | None
    author: str | None
    at: datetime
    reverses_id: int | None
    is_reversed: bool

    @property
    def is_refund(self) -> bool:
        """Whether the money was given back to the client."""
        return self.amount < 0 and self.reverses_id is None


def of_deal(work: UnitOfWork, deal_id: int) -> list[Payment]:
    """Every line of the deal's ledger, the oldest first; no rights are asked."""
    return [
        Payment(
            row.id, row.deal_id, row.field, money.from_kopecks(row.amount), row.paid_on, row.method, row.note,
            row.author, row.at, row.reverses_id, row.reversed_by is not None,
        )
        for row in work.tx.execute(OF_DEAL, {"deal": deal_id})
    ]  # fmt: skip


def find_same(work: UnitOfWork, deal_id: int, received: ReceivedPayment) -> Payment | None:
    """A payment of the same sum, day and method that stands in the ledger already: perhaps entered twice."""
    return next(
        (
            one
            for one in reversed(of_deal(work, deal_id))
            if not one.is_reversed
            and one.reverses_id is None
            and (one.amount, one.paid_on, one.method) == (received.amount, received.paid_on, received.method)
        ),
        None,
    )


def reverse(work: UnitOfWork, deal_id: int, payment_id: int, why: str) -> Deal:
    """Take a line back with one of its own (K-14): NotFound, NotAllowed; AlreadyDone if it was taken back."""
    found = deal_queries.get_editable(work, deal_id)
    ENTER.check(work.actor, **access.leads(work.actor, found))
    line = get_reversible(work, found, payment_id)
    process = work.process(found.process)
    plan = moves.plan_reversal(
        process, deal_queries.state_of(work, found), payment_id, line.field, line.amount, why, work.moment,
        decides=access.can_decide(work.actor),
    )  # fmt: skip
    return deal_commands.perform(work, found, plan)


def get_reversible(work: UnitOfWork, found: Deal, payment_id: int) -> Payment:
    """A line that can be taken back: NotFound, AlreadyDone; InvalidValue if its money was given back to the client."""
    line = next((one for one in of_deal(work, found.id) if one.id == payment_id), None)
    if line is None or line.reverses_id is not None:
        raise NotFound("payment")
    if line.is_reversed:
        raise AlreadyDone(None)
    if (found.fields.get(line.field) or Decimal(0)) < line.amount:
        message = N_("Часть этих денег уже вернули клиенту. Если это ошибка, сначала отмените возврат.")
        raise InvalidValue("payment.returned", message)
    return line


def refund(work: UnitOfWork, deal_id: int, field: str, given: ReceivedPayment) -> Deal:
    """Money was given back to the client: out of the account that the payment field belongs to, the latest payments
    first. `given` is below zero. NotAllowed, NotFound; InvalidValue for more than came in."""
    found = deal_queries.get_editable(work, deal_id)
    ENTER.check(work.actor, **access.leads(work.actor, found))
    process = work.process(found.process)
    known = process.fields.get(field)
    if not isinstance(known, PaymentField) or not given.is_refund:
        raise NotFound("button")
    access.check_may_fill(work.actor, process, field)
    account = balances.account(process, known.of, found.fields)
    context = AnswerContext(work.moment, found.fields, process.fields)
    payment_field.check_refund(known, -given.amount, context)
    left, values = -given.amount, dict[str, ReceivedPayment]()
    for slot in reversed(account.slots):
        part = min(left, found.fields.get(slot) or Decimal(0))
        if part > 0:
            values[slot] = replace(given, amount=-part)
            left -= part
    return deal_commands.put(work, found, values)


def note_kept(work: UnitOfWork, deal: Deal, why: str) -> None:
    """The client's money stays though the deal is over: only somebody above says so. NotAllowed."""
    access.DECIDE.check(work.actor)
    plans.note(work, deal, MoneyKept(why))


def write(work: UnitOfWork, deal_id: int, field: str, received: ReceivedPayment) -> None:
    """Write a line; the caller sets the field's sum in the same transaction. Wrong for a day that cannot be."""
    payment_field.check_day(received.paid_on, work.moment)
    work.tx.execute(
        ADD,
        {
            "deal_id": deal_id,
            "field": field,
            "amount": money.to_kopecks(received.amount),
            "paid_on": received.paid_on,
            "method": received.method,
            "note": received.note or None,
            "author_id": work.actor_id,
            "at": work.now,
        },
    )


def write_reversal(work: UnitOfWork, deal_id: int, payment_id: int, why: str) -> Payment:
    """Write the line that takes another one back. NotFound; AlreadyDone if somebody was faster: the key is unique."""
    line = next((one for one in of_deal(work, deal_id) if one.id == payment_id), None)
    if line is None:
        raise NotFound("payment")
    values = {
        "deal_id": deal_id,
        "field": line.field,
        "amount": -money.to_kopecks(line.amount),
        "paid_on": work.moment.today,
        "method": line.method,
        "note": why,
        "author_id": work.actor_id,
        "at": work.now,
        "reverses_id": payment_id,
    }
    try:
        with work.tx.begin_nested():
            work.tx.execute(ADD, values)
    except IntegrityError:
        raise AlreadyDone(None) from None
    return line


def check_may_see(work: UnitOfWork, process: Process) -> None:
    """Raise NotAllowed for who may not see the money of that process's deals."""
    if work.actor is not None and not access.can_see_account(work.actor.role, process):
        raise NotAllowed
