"""Money that came in, as a person enters it; the ledger keeps it, the deal's field holds the sum (K-13, K-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.values import money
from models.values.invalid_value import N_

FROM_CARD = N_("Перенесено с карточки")  # the note of a payment that the program has entered itself


@dataclass(frozen=True, slots=True)
class ReceivedPayment:
    """`amount` in roubles, below zero if it was given back to the client; `method` is one of the process's payment
    methods. `over` is how much more than is due it may be, as the person has said when he was asked.
    """

    amount: Decimal
    paid_on: date
    method: str
    note: str = ""
    over: Decimal = Decimal(0)

    @property
    def is_refund(self) -> bool:
        """Whether it was given back to the client."""
        return self.amount < 0

    def to_data(self) -> dict[str, Any]:
        """JSON: whole kopecks and an ISO date."""
        return {
            "amount": money.to_kopecks(self.amount),
            "on": self.paid_on.isoformat(),
            "by": self.method,
            "note": self.note,
            **({"over": money.to_kopecks(self.over)} if self.over else {}),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ReceivedPayment:
        """The payment out of its JSON."""
        amount, over = (money.from_kopecks(data.get(key, 0)) for key in ("amount", "over"))
        return cls(amount, date.fromisoformat(data["on"]), data["by"], data.get("note", ""), over)
