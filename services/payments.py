"""The ledger of payments: append-only; a correction is a line that takes an earlier one back (K-13, K-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from models import access
from models.engine import balances, moves
from models.engine import effects as e
from models.entities import Deal
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.fields import payment_field
from models.history.money_lines import PaymentCame, PaymentTakenBack
from models.ids import DealId, PaymentId
from models.tables.payments import PaymentRow
from models.tables.people import EmployeeRow
from models.values import money
from models.values.invalid_value import N_, InvalidValue
from models.values.received_payment import ReceivedPayment
from services.deals import deal_commands, deal_queries, hooks
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies
from services.unit_of_work import UnitOfWork

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
    """A line of the ledger. `amount` in roubles, below zero for a reversal."""

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
    """Take a payment back with a line of its own (K-14): NotFound, NotAllowed; AlreadyDone if it was taken back."""
    found = deal_queries.get_editable(work, deal_id)
    line = next((one for one in of_deal(work, deal_id) if one.id == payment_id), None)
    if line is None or line.reverses_id is not None:
        raise NotFound("payment")
    if line.is_reversed:
        raise AlreadyDone(None)
    process = work.process(found.process)
    plan = moves.plan_reversal(
        process, deal_queries.state_of(work, found), payment_id, line.field, line.amount, why, work.moment,
        decides=access.can_decide(work.actor),
    )  # fmt: skip
    return deal_commands.perform(work, found, plan)


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


@applies(e.PaymentEntered)
def _entered(changes: DealChanges, effect: e.PaymentEntered) -> None:
    received = effect.received
    write(changes.work, changes.before.id, effect.field, received)
    amount = money.to_kopecks(received.amount)
    changes.note(PaymentCame(effect.field, amount, received.paid_on, received.method, received.note))


@applies(e.PaymentReversed)
def _reversed(changes: DealChanges, effect: e.PaymentReversed) -> None:
    line = write_reversal(changes.work, changes.before.id, effect.payment_id, effect.why)
    changes.note(PaymentTakenBack(line.field, money.to_kopecks(line.amount), effect.why))


@hooks.plan_applied.register
def _check_covered(changes: DealChanges, plan: e.Plan) -> None:
    """InvalidValue if more has come in than there is to pay: asked last, when the card is as it becomes (K-13)."""
    if not any(isinstance(effect, e.PaymentEntered) for effect in plan.effects):
        return
    left = balances.balance(changes.process, changes)
    if left is not None and left < 0:
        over = balances.paid(changes.process, changes) + left
        raise InvalidValue("payment.over", N_("Это больше, чем клиент должен заплатить: {limit}."), limit=over)


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


def check_may_see(work: UnitOfWork) -> None:
    """Raise NotAllowed for who may not see money."""
    if work.actor is not None and not access.can_see_money(work.actor):
        raise NotAllowed
