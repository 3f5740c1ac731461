"""The money of a deal: what is to be paid, what was, what is left (K-14). Read from the deal's fields alone."""

from __future__ import annotations

from decimal import Decimal

from models.field_values import FieldValues
from models.process.process import Process

PAID_IN_FULL = "paid_in_full"


def total(process: Process, fields: FieldValues) -> Decimal | None:
    """What the client is to pay; None while nobody has said it, or where the process keeps no payments."""
    value = fields.get(process.payments.total) if process.payments else None
    return value if isinstance(value, Decimal) else None


def paid(process: Process, fields: FieldValues) -> Decimal:
    """What has come in under all payment fields together."""
    return sum((fields.get(name) or Decimal(0) for name in process.payment_fields), Decimal(0))


def balance(process: Process, fields: FieldValues) -> Decimal | None:
    """What is still to be paid; None while the total is not known."""
    whole = total(process, fields)
    return None if whole is None else whole - paid(process, fields)


def is_paid_in_full(process: Process, fields: FieldValues) -> bool:
    """Whether nothing is left to pay (K-18)."""
    left = balance(process, fields)
    return left is not None and left <= 0
