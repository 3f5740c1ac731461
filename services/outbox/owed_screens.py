"""Screens that a person has not seen yet: written with what caused them, gone when they are shown.

A press takes effect in a transaction, and its screen is shown after the commit. Between the two the process may be
killed, or Telegram out of reach; what then was to be seen stands here, a person's newest screen only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from models.tables.updates import OwedScreenRow

MOST = 50  # chats that are looked at in one go
_VALUES = ("cause", "calls", "employee_id", "holder", "at")
OWE = {
    name: (insert := dialect.insert(OwedScreenRow)).on_conflict_do_update(
        index_elements=["chat_id"], set_={column: insert.excluded[column] for column in _VALUES}
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
OWED = select(OwedScreenRow).where(OwedScreenRow.chat_id == bindparam("chat"))
SHOWN = delete(OwedScreenRow).where(
    OwedScreenRow.chat_id == bindparam("chat"), OwedScreenRow.cause == bindparam("because")
)
# another bot's own care, as long as it runs
ORPHANS = or_(OwedScreenRow.holder.is_(None), OwedScreenRow.holder.not_in(bindparam("others", expanding=True)))
WAITING = (
    select(OwedScreenRow)
    .where(and_(ORPHANS, OwedScreenRow.chat_id.not_in(bindparam("busy", expanding=True))))
    .order_by(OwedScreenRow.at, OwedScreenRow.chat_id)
    .limit(MOST)
)


@dataclass(frozen=True, slots=True)
class OwedScreen:
    """What is to be shown in a chat: calls of Telegram's, in their order; `cause` is the update that it answers,
    `holder` the bot that was to show it."""

    chat_id: int
    cause: int
    calls: tuple[Mapping[str, Any], ...]
    employee_id: int | None
    holder: int | None
    at: datetime


def owe(
    tx: Connection, chat_id: int, cause: int, calls: Collection[Mapping[str, Any]], employee_id: int | None,
    holder: int, at: datetime,
) -> None:  # fmt: skip
    """Note what a chat is to see; it takes the place of what it has not seen yet."""
    given = {
        "chat_id": chat_id, "cause": cause, "calls": list(calls), "employee_id": employee_id, "holder": holder,
        "at": at,
    }  # fmt: skip
    tx.execute(OWE[tx.dialect.name], given)


def owe_first(tx: Connection, chat_id: int, cause: int, call: Mapping[str, Any], holder: int, at: datetime) -> None:
    """Note what a chat is to see before what it is to see already."""
    row = tx.execute(OWED, {"chat": chat_id}).one_or_none()
    then, who = (row.calls or (), row.employee_id) if row is not None else ((), None)
    owe(tx, chat_id, cause, [call, *then], who, holder, at)


def shown(tx: Connection, seen: Iterable[tuple[int, int]]) -> None:
    """Forget what has been shown: (chat, cause) of each; what came after it stays."""
    given = [{"chat": chat, "because": cause} for chat, cause in seen]
    if given:
        tx.execute(SHOWN, given)


def waiting(tx: Connection, others: Collection[int], busy: Collection[int]) -> list[OwedScreen]:
    """What is to be shown and is no concern of the `others` that run, but for the `busy` chats; the oldest first."""
    rows = tx.execute(WAITING, {"others": list(others), "busy": list(busy)})
    return [
        OwedScreen(row.chat_id, row.cause, tuple(row.calls or ()), row.employee_id, row.holder, row.at) for row in rows
    ]
