"""Forms about payments."""

from __future__ import annotations

from dataclasses import dataclass

from models.ids import DealId, PaymentId
from services.form_purposes import Purpose, purpose


@purpose("pay")
@dataclass(frozen=True, slots=True)
class PaymentPurpose(Purpose):
    """Money that has come in."""

    deal: DealId


@purpose("unpay")
@dataclass(frozen=True, slots=True)
class ReversalPurpose(Purpose):
    """Why a payment is taken back; `why` once it was typed."""

    deal: DealId
    payment: PaymentId
    why: str | None = None
