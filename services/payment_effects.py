"""What a plan does with the ledger of payments, and what becomes of it when its deal is converted or taken away."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import bindparam, update

from models import access
from models.engine import balances, engine_run
from models.engine import effects as e
from models.entities import Deal
from models.errors import DealHasMoney
from models.fields.payment_field import PaymentField
from models.history.money_lines import PaymentCame, PaymentTakenBack, RefundNoted
from models.notices.money_notices import RefundMade, RefundWanted
from models.outbox import Scheduled
from models.process.own_tasks import RETURN_MONEY
from models.tables.payments import PaymentRow
from models.values import money
from models.values.invalid_value import N_, InvalidValue
from services import payments
from services.deals import deal_queries, hooks
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies
from services.obsolete_notices import obsolete_row_when
from services.unit_of_work import UnitOfWork

MOVE = update(PaymentRow).where(PaymentRow.deal_id == bindparam("lead")).values(deal_id=bindparam("to_deal"))


@applies(e.PaymentEntered)
def _entered(changes: DealChanges, effect: e.PaymentEntered) -> None:
    received = effect.received
    payments.write(changes.work, changes.before.id, effect.field, received)
    amount = money.to_kopecks(abs(received.amount))
    if not received.is_refund:
        changes.note(PaymentCame(effect.field, amount, received.paid_on, received.method, received.note))
        return
    changes.note(RefundNoted(effect.field, amount, received.paid_on, received.method, received.note))


@applies(e.RefundDue)
def _left(changes: DealChanges, effect: e.RefundDue) -> None:
    changes.say("supervisor", engine_run.MONEY, RefundWanted(money.to_kopecks(effect.amount)))


@obsolete_row_when(RefundWanted)
def _is_settled(work: UnitOfWork, row: Scheduled) -> bool:
    """Said at night, it is heard in the morning: by then the money may have gone back, or somebody has said why not."""
    found = deal_queries.find(work, row.deal_id) if row.deal_id is not None else None
    return found is None or deal_queries.state_of(work, found).tasks.get(RETURN_MONEY, "") is not None


@hooks.converted.register
def _goes_along(work: UnitOfWork, lead: Deal, begun: Deal, across: bool) -> None:
    """Money that was entered on a lead is money of the deal that it has become: it stands there, and only there."""
    if not across and any(lead.fields.get(name) for name in work.process(lead.process).payment_fields):
        work.tx.execute(MOVE, {"lead": lead.id, "to_deal": begun.id})


@hooks.removed.register
def _removed(work: UnitOfWork, found: Deal) -> None:
    """DealHasMoney: money of a client's is never out of sight."""
    process = work.company.processes.get(found.process)
    held = balances.paid_at_all(process, found) if process else Decimal(0)
    if held:
        raise DealHasMoney(held)


@applies(e.PaymentReversed)
def _reversed(changes: DealChanges, effect: e.PaymentReversed) -> None:
    line = payments.write_reversal(changes.work, changes.before.id, effect.payment_id, effect.why)
    changes.note(PaymentTakenBack(line.field, money.to_kopecks(line.amount), effect.why))


@hooks.plan_applied.register
def _tell_refund(changes: DealChanges, plan: e.Plan) -> None:
    """Money leaves: somebody above knows of it, and of all of it at once, whatever fields it came out of."""
    given = [one.received for one in plan.effects if isinstance(one, e.PaymentEntered) and one.received.is_refund]
    if given and not access.can_decide(changes.work.actor):
        amount = sum((-one.amount for one in given), Decimal(0))
        changes.say("supervisor", engine_run.MONEY, RefundMade(money.to_kopecks(amount), given[0].note))


@hooks.plan_applied.register
def _check_covered(changes: DealChanges, plan: e.Plan) -> None:
    """InvalidValue if more has come in than there is to pay and was agreed to, or more was given back than came: asked
    last, when the card is as it becomes (K-13)."""
    entered = [effect for effect in plan.effects if isinstance(effect, e.PaymentEntered)]
    for name in {effect.field for effect in entered if effect.received.is_refund}:
        if (changes.fields.get(name) or Decimal(0)) < 0:
            raise InvalidValue("payment.too_much", N_("Столько вернуть нельзя: деньги уже вернули."))
    came = [effect for effect in entered if not effect.received.is_refund]
    for total in {field.of for one in came if isinstance(field := changes.process.fields[one.field], PaymentField)}:
        was, account = (balances.account(changes.process, total, one.fields) for one in (changes.before, changes))
        over = sum((one.received.over for one in came if one.field in account.slots), Decimal(0))
        agreed = min(was.left or Decimal(0), Decimal(0)) - over
        if account.total is not None and account.left is not None and account.left < agreed:
            message = N_("Это больше, чем клиент должен заплатить: {limit}.")
            raise InvalidValue("payment.over", message, limit=account.total).quoting(account.field)
