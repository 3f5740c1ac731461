"""Money and claims in the history (K-13, K-14, K-24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from models.history.line import HistoryLine, line


@line("paid")
@dataclass(frozen=True, slots=True)
class PaymentCame(HistoryLine):
    """Money came in under a payment field; `amount` in kopecks."""

    field: str
    amount: int
    paid_on: Annotated[date, Field(alias="on")]
    method: Annotated[str, Field(alias="by")]
    note: str = ""


@line("unpaid")
@dataclass(frozen=True, slots=True)
class PaymentTakenBack(HistoryLine):
    """A payment was taken back; `amount` in kopecks."""

    field: str = ""
    amount: int = 0
    text: str = ""


@line("returned")
@dataclass(frozen=True, slots=True)
class RefundNoted(HistoryLine):
    """Money was given back to the client out of a payment field; `amount` in kopecks, `text` is why."""

    field: str
    amount: int
    paid_on: Annotated[date, Field(alias="on")]
    method: Annotated[str, Field(alias="by")]
    text: str = ""


@line("money_kept")
@dataclass(frozen=True, slots=True)
class MoneyKept(HistoryLine):
    """Why the client's money stays though the deal is over."""

    text: str = ""


@line("claim")
@dataclass(frozen=True, slots=True)
class ClaimMade(HistoryLine):
    """The client is not content."""

    number: str = ""
    text: str = ""


@line("claim_settled")
@dataclass(frozen=True, slots=True)
class ClaimWasSettled(HistoryLine):
    """He is again: his word."""

    text: str = ""
