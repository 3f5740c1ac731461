"""Money that came in, as a person enters it; the ledger keeps it, the deal's field holds the sum (K-13, K-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.values import money


@dataclass(frozen=True, slots=True)
class ReceivedPayment:
    """`amount` in roubles, above zero; `method` is one of the process's payment methods."""

    amount: Decimal
    paid_on: date
    method: str
    note: str = ""

    def to_data(self) -> dict[str, Any]:
        """JSON: whole kopecks and an ISO date."""
        return {
            "amount": money.to_kopecks(self.amount),
            "on": self.paid_on.isoformat(),
            "by": self.method,
            "note": self.note,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ReceivedPayment:
        """The payment out of its JSON."""
        return cls(money.from_kopecks(data["amount"]), date.fromisoformat(data["on"]), data["by"], data.get("note", ""))
