"""The money of a deal: what is to be paid, what was, what is left (K-14). Read from the deal's fields alone.

A deal may have several accounts, each a sum and the payment fields that pay it (`of`): a design has its own price, and
may become an order with another. The pipeline where the deal stands says which of them counts. What was given back to
the client is below zero in the ledger, and so not counted as paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from models.field_values import FieldValues
from models.process.process import Process

PAID_IN_FULL = "paid_in_full"
DEBT = "debt"
NOTHING = Decimal(0)


class HasMoney(Protocol):
    """A deal, as it is kept, becomes, or as the engine sees it."""

    @property
    def pipeline(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def fields(self) -> FieldValues: ...


@dataclass(frozen=True, slots=True)
class Account:
    """A sum that is to be paid (None while nobody has said it), the fields that pay it, and what stands under them."""

    field: str
    slots: tuple[str, ...]
    total: Decimal | None
    paid: Decimal

    @property
    def left(self) -> Decimal | None:
        """What is still to be paid, below zero if too much was; None while the total is not known."""
        return None if self.total is None else self.total - self.paid


def total_field(process: Process, pipeline: str) -> str | None:
    """The money field that deals of the pipeline pay; None where the process keeps no payments."""
    kept = process.payments
    return kept.totals.get(pipeline, kept.total) if kept else None


def slots(process: Process, pipeline: str) -> tuple[str, ...]:
    """The payment fields of the pipeline's account, in the order of the file."""
    return process.payment_slots.get(total_field(process, pipeline) or "", ())


def account(process: Process, field: str, fields: FieldValues) -> Account:
    """The account of that total."""
    names, whole = process.payment_slots.get(field, ()), fields.get(field)
    paid = sum((fields.get(name) or NOTHING for name in names), NOTHING)
    return Account(field, names, whole if isinstance(whole, Decimal) else None, paid)


def accounts(process: Process, deal: HasMoney) -> list[Account]:
    """The account of the pipeline where the deal stands, then the others that money has come into: a sum that was only
    named for another direction is not owed."""
    own = total_field(process, deal.pipeline)
    if own is None:
        return []
    others = [account(process, name, deal.fields) for name in process.payment_slots if name != own]
    return [account(process, own, deal.fields), *(one for one in others if one.paid)]


def total(process: Process, deal: HasMoney) -> Decimal | None:
    """What the client is to pay; None while nobody has said it, or where the process keeps no payments."""
    value = deal.fields.get(total_field(process, deal.pipeline) or "")
    return value if isinstance(value, Decimal) else None


def paid(process: Process, deal: HasMoney) -> Decimal:
    """What has come in for it and was not given back."""
    return account(process, total_field(process, deal.pipeline) or "", deal.fields).paid


def paid_at_all(process: Process, deal: HasMoney) -> Decimal:
    """What stands on the deal in all its accounts."""
    return sum((one.paid for one in accounts(process, deal)), NOTHING)


def balance(process: Process, deal: HasMoney) -> Decimal | None:
    """What is still to be paid, below zero if too much was; None while the total is not known."""
    field = total_field(process, deal.pipeline)
    return account(process, field, deal.fields).left if field else None


def is_due(process: Process, deal: HasMoney) -> bool:
    """Whether the client is to pay what is left: nobody owes anything for a deal that is lost."""
    stage = process.find_stage(deal.pipeline, deal.stage)
    return stage is None or stage.ending != "lost"


def to_return(process: Process, deal: HasMoney) -> Decimal:
    """What of the client's money should not be ours any more: what was overpaid when the deal is won; when it is lost,
    all that came for the direction where it stands, and for another one (a design before the order) unless that is
    settled: paid in full, nothing over; nothing while it is open."""
    ending = process.stage(deal.pipeline, deal.stage).ending
    if ending is None or process.payments is None:
        return NOTHING
    if ending == "lost":
        own, *others = accounts(process, deal)
        return own.paid + sum((one.paid for one in others if one.left != 0), NOTHING)
    return max(-(balance(process, deal) or NOTHING), NOTHING)


def is_paid_in_full(process: Process, deal: HasMoney) -> bool:
    """Whether nothing is left to pay (K-18), for anything that the deal was."""
    return PAID_IN_FULL in facts(process, deal)


def facts(process: Process, deal: HasMoney) -> frozenset[str]:
    """What conditions know of the money: `debt` if anything is owed in any account, else `paid_in_full` once the sum of
    this direction is known. A deal without a sum owes nothing."""
    if process.payments is None:
        return frozenset()
    own, *others = accounts(process, deal)
    if any(one.left is not None and one.left > 0 for one in (own, *others)):
        return frozenset([DEBT])
    return frozenset() if own.left is None else frozenset([PAID_IN_FULL])
