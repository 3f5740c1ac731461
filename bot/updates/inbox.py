"""The inbox: every update as it came, stored before Telegram is told that it arrived (promise 1).

An update takes effect once: its effects and the mark «done» are one transaction, and the mark hits exactly one row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from models.tables.updates import DONE, FAILED, PENDING, InboxRow
from models.values import clean_text
from scheduler.clock import Clock

INT64 = 2**63
# in JSON as plain ASCII: NUL, half of a pair without its partner; and a backslash that somebody typed, after which
# nothing can be told
ODD = re.compile(r"\\\\|\\u(?:0000|d[89ab]..(?!\\ud[c-f])|(?<!\\ud[89ab]..\\u)d[c-f]..)", re.IGNORECASE)
ASCII = json.JSONEncoder(separators=(",", ":"))

STORE = {
    name: dialect.insert(InboxRow)
    .on_conflict_do_nothing(index_elements=["bot_id", "update_id"])
    .returning(InboxRow.id, InboxRow.update_id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_earlier = aliased(InboxRow, name="earlier")
NOT_DONE = and_(InboxRow.id == bindparam("key"), InboxRow.state == PENDING)
MARK = update(InboxRow).where(NOT_DONE).values(state=DONE, done_at=bindparam("at"), failure=None)
# with several replicas another one may still hold an earlier update of the same chat
MARK_IN_TURN = MARK.where(
    ~exists().where(_earlier.chat_id == bindparam("chat"), _earlier.state == PENDING, _earlier.id < InboxRow.id)
)
STATE = select(InboxRow.state).where(InboxRow.id == bindparam("key"))
PUT_BY = (
    update(InboxRow)
    .where(InboxRow.id.in_(bindparam("ids", expanding=True)), InboxRow.state == PENDING)
    .values(state=DONE, done_at=bindparam("at"), failure="nobody we know, not answered", body="")
)
# written so that the index of pending rows serves them: all others are done, and there may be a million
_waiting = and_(InboxRow.bot_id + 0 == bindparam("bot"), sql(f"inbox.state = {PENDING}"))
CHATS = select(InboxRow.chat_id).distinct().where(_waiting)
LEFT_CHATS = CHATS.where(InboxRow.received_at < bindparam("before"))
OF_CHAT_ANY = select(InboxRow.id).where(sql(f"inbox.state = {PENDING}"), InboxRow.chat_id == bindparam("chat")).limit(1)
OF_CHAT = (
    select(InboxRow.id, InboxRow.chat_id, InboxRow.body, InboxRow.attempts)
    .where(_waiting, InboxRow.chat_id == bindparam("chat"), InboxRow.id > bindparam("after"))
    .order_by(InboxRow.id)
    .limit(bindparam("most"))
)
AGAIN = (
    update(InboxRow)
    .where(InboxRow.state == FAILED)
    .values(state=PENDING, attempts=0, done_at=None)
    .returning(InboxRow.id, InboxRow.chat_id)
)
COUNT_FAILED = select(func.count()).select_from(InboxRow).where(InboxRow.state == FAILED)
OLD = (
    select(InboxRow.id)
    .where(
        InboxRow.id > bindparam("after"), InboxRow.state == DONE, InboxRow.body != "",
        InboxRow.done_at < bindparam("before"),
    )
    .order_by(InboxRow.id)
    .limit(bindparam("most"))
)  # fmt: skip
BLANK = update(InboxRow).where(InboxRow.id.in_(bindparam("ids", expanding=True))).values(body="")


class AlreadyHandled(Exception):
    """The update has taken effect before: raised in the transaction, so that nothing happens twice."""


class OutOfOrder(Exception):
    """An earlier update of the same chat is still undone, at another replica."""


def _nothing() -> None: ...


def _never(_: int) -> bool:
    return False


@dataclass(slots=True)
class InboxItem:
    """One stored update on its way to a handler."""

    id: int
    update: dict[str, Any] = field(repr=False)
    chat_id: int
    attempts: int
    clock: Clock = field(repr=False)
    shared: bool = False
    marked: bool = False
    left: bool = False  # another run has left it, perhaps in the middle
    begun_before: bool = False  # that run may have begun it: it was the first of its chat
    counted: bool = False  # this attempt is counted already
    heard: bool = False  # it is not put by: it has its turn, also if it has to be handled again
    spared: int = 0  # attempts that failed with the database, and were not held against it
    committed: Callable[[], None] = field(default=_nothing, repr=False)  # call it when only showing is left
    pressed_again: Callable[[int], bool] = field(default=_never, repr=False)  # whether a message has been, after this

    def mark_done(self, tx: Connection) -> None:
        """Mark it done, inside the transaction of its effects, best as its first statement.

        Raises AlreadyHandled (or OutOfOrder, with replicas): let it pass, so that the transaction rolls back. Who
        catches a rollback and acts in another transaction marks again there.
        """
        given = {"key": self.id, "at": self.clock()}
        if self.shared:
            hit = tx.execute(MARK_IN_TURN, {**given, "chat": self.chat_id}).rowcount
        else:
            hit = tx.execute(MARK, given).rowcount
        if hit != 1:
            state = tx.execute(STATE, {"key": self.id}).scalar_one_or_none()
            raise OutOfOrder if state == PENDING else AlreadyHandled
        self.marked = True


def store(
    tx: Connection, bot_id: int, updates: Iterable[dict[str, Any]], clock: Clock, shared: bool
) -> list[InboxItem]:
    """Store what is new, in the order given; what is known already (or has no id) is passed over."""
    now, rows, found = clock(), list[dict[str, Any]](), dict[int, dict[str, Any]]()
    for raw in updates:
        number = raw.get("update_id")
        if not isinstance(number, int) or not 0 <= number < INT64 or number in found:
            continue
        cleaned, body = clean(raw)
        found[number] = cleaned
        rows.append(
            {
                "bot_id": bot_id, "update_id": number, "chat_id": chat_of(cleaned), "body": body, "state": PENDING,
                "attempts": 0, "received_at": now,
            }
        )  # fmt: skip
    if not rows:
        return []
    # many in one statement; what is done once for one row is not done so for many
    stored = tx.execute(STORE[tx.dialect.name], rows if len(rows) > 1 else rows[0]).all()
    chats = {row["update_id"]: row["chat_id"] for row in rows}
    keys = sorted((row.id, row.update_id) for row in stored)
    return [InboxItem(key, found[number], chats[number], 0, clock, shared) for key, number in keys]


def waiting_chats(tx: Connection, bot_id: int, before: datetime | None = None) -> list[int]:
    """The chats with updates that have not taken effect; with `before` only with some that came before it."""
    if before is None:
        return list(tx.execute(CHATS, {"bot": bot_id}).scalars())
    return list(tx.execute(LEFT_CHATS, {"bot": bot_id, "before": before}).scalars())


def has_waiting(tx: Connection, chat: int) -> bool:
    """Whether a chat has updates that have not taken effect."""
    return tx.execute(OF_CHAT_ANY, {"chat": chat}).first() is not None


def waiting_of(
    tx: Connection, bot_id: int, chat: int, clock: Clock, shared: bool, *, after: int, most: int, left: bool = False
) -> list[InboxItem]:
    """A chat's updates that have not taken effect, in order; `left`: by another run."""
    rows = tx.execute(OF_CHAT, {"bot": bot_id, "chat": chat, "after": after, "most": most}).all()
    found = [InboxItem(row.id, _read(row.body), row.chat_id, row.attempts, clock, shared, left=left) for row in rows]
    for first in found[:1]:
        first.begun_before = left
    return found


def put_by(tx: Connection, ids: Sequence[int], at: datetime) -> None:
    """Mark as done what nobody will answer, and forget what it said."""
    if ids:
        tx.execute(PUT_BY, {"ids": ids, "at": at})


def replay(tx: Connection, number: int | None = None) -> dict[int, int]:
    """Put quarantined updates back, one or all; the running bot takes them up by itself. Gives each id's chat."""
    statement = AGAIN if number is None else AGAIN.where(InboxRow.id == number)
    return {row.id: row.chat_id for row in tx.execute(statement)}


def count_quarantined(tx: Connection) -> int:
    """How many updates wait for somebody to look at them."""
    return int(tx.execute(COUNT_FAILED).scalar_one())


def blank_bodies(tx: Connection, before: datetime, *, after: int = 0, most: int = 2_000) -> int:
    """Empty the bodies of updates done before a moment (they hold what people wrote): up to `most` from `after` on.

    Gives the last id it came to, 0 when there are no more: call it again with that, in another transaction.
    """
    ids = list(tx.execute(OLD, {"after": after, "before": before, "most": most}).scalars())
    if not ids:
        return 0
    tx.execute(BLANK, {"ids": ids})
    return int(ids[-1])


def chat_of(raw: dict[str, Any]) -> int:
    """Whose turn an update takes: the chat's, or the person's where there is no chat; 0 for unknown kinds."""
    for key, value in raw.items():
        if key == "update_id" or not isinstance(value, dict):
            continue
        holder = value.get("message") if key == "callback_query" else value
        for part, name in ((holder, "chat"), (value, "from")):
            found = part.get(name) if isinstance(part, dict) else None
            number = found.get("id") if isinstance(found, dict) else None
            if isinstance(number, int) and -INT64 <= number < INT64:
                return number
    return 0


def clean(raw: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The update with texts that every database can hold, and its JSON in plain ASCII."""
    body = ASCII.encode(raw)
    if not ODD.search(body):
        return raw, body
    cleaned: dict[str, Any] = _clean(raw)
    return cleaned, ASCII.encode(cleaned)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text.LONE_SURROGATE.sub(clean_text.REPLACEMENT, value).replace("\0", "")
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _read(body: str) -> dict[str, Any]:
    found = json.loads(body) if body else {}
    return found if isinstance(found, dict) else {}
