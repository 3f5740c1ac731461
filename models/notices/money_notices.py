"""What is said about money that leaves, or should."""

from __future__ import annotations

from dataclasses import dataclass

from models.notices.notice import Notice, notice


@notice("money_left")
@dataclass(frozen=True, slots=True)
class RefundWanted(Notice):
    """The deal is over with so much of the client's money in it; `amount` in kopecks."""

    amount: int


@notice("refund")
@dataclass(frozen=True, slots=True)
class RefundMade(Notice):
    """Money was given back to the client; `amount` in kopecks, `text` is why."""

    amount: int
    text: str = ""
