"""Which message of a person said what of a deal: who corrects the message in Telegram corrects that (door A1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from models.ids import DealId
from models.tables.forms import TypedAnswerRow
from services.unit_of_work import UnitOfWork

LIFE = timedelta(hours=48)  # Telegram lets a message be corrected for so long

OF_MESSAGE = (TypedAnswerRow.employee_id == bindparam("who"), TypedAnswerRow.message_id == bindparam("message"))
READ = select(TypedAnswerRow).where(*OF_MESSAGE)
ADD = insert(TypedAnswerRow)
DROP = delete(TypedAnswerRow).where(*OF_MESSAGE)
FORGET = delete(TypedAnswerRow).where(TypedAnswerRow.at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """What a message said of a deal. `field`: the value of that field, `value` as it is kept in JSON; without a field
    the `value` is the text of a note, and None for what cannot be corrected by correcting the message."""

    deal: DealId
    field: str | None
    value: Any


def remember(work: UnitOfWork, deal_id: int, said: Mapping[int, tuple[str | None, Any]]) -> None:
    """Note what the actor's messages, by their numbers, have said of the deal: a field and its value as JSON, or the
    text of a note."""
    for message, (field, value) in said.items():
        key = {"who": work.actor_id, "message": message}
        work.tx.execute(DROP, key)
        work.tx.execute(
            ADD,
            {
                "employee_id": work.actor_id, "message_id": message, "deal_id": deal_id, "field": field,
                "value": value, "at": work.now,
            },
        )  # fmt: skip


def find(work: UnitOfWork, message_id: int | None) -> TypedAnswer | None:
    """What a message of the actor has said; None if it was no answer, or too long ago."""
    row = work.tx.execute(READ, {"who": work.actor_id, "message": message_id}).one_or_none()
    if row is None or work.now - row.at > LIFE:
        return None
    return TypedAnswer(DealId(row.deal_id), row.field, row.value)


def forget_old(work: UnitOfWork) -> int:
    """Those that can be corrected no more; how many."""
    return work.tx.execute(FORGET, {"before": work.now - LIFE}).rowcount
