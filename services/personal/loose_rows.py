"""Rows that hang on nobody's card and tell of a person by what they say: which of them are his.

All of them are of the moment: a half-filled form, an update, a screen under way. Where one may tell of him it is
erased, a namesake's too; what hangs on somebody else's card or deal stays. Given out is only what is surely his: a row
that hangs on him, and of the others the lines that name him.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import select

from models.notices.backup_notices import BackupKeyGiven
from models.notices.deal_notices import VisitCalledOff
from models.notices.oversight_notices import CompanyAsked, LooksLimited, TableTaken
from models.notices.people_notices import CallsUndone, Joined, MergeAsked, WorkGiven, WorkLeft
from models.notices.personal_notices import DossierNotSent
from models.notices.trouble_notices import TroubleBegan, TroubleOver, UpdateGap
from models.notices.visit_notices import ClientCallWanted
from models.tables.forms import DraftRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from models.tables.undo import UndoRow
from models.tables.updates import PENDING, InboxRow, OwedScreenRow
from services import company_settings
from services.personal.person_keys import PersonKeys
from services.personal.person_words import PersonWords
from services.unit_of_work import UnitOfWork


class Tie(Enum):
    """By what a row is a person's."""

    HIS = "his"  # it hangs on his card or deal
    SHARED = "shared"  # on his and on somebody else's
    OTHERS = "others"  # on somebody else's
    UNKNOWN = "unknown"  # on nobody's: it is read


@dataclass(frozen=True, slots=True)
class LooseRow:
    """A row by its primary key, and what of it is read."""

    key: Any
    tie: Tie
    content: Any
    in_use: bool = False  # it is still to be carried out: it stays until then


# of a deal that is deleted: they hang on none, and name it by number
DEALS_OF = {VisitCalledOff.kind: "deal", ClientCallWanted.kind: "deal"}
# they name cards by number
CARDS_OF = {
    MergeAsked.kind: ("one", "other"), CompanyAsked.kind: ("client", "company"), DossierNotSent.kind: ("client",),
}  # fmt: skip
OF_OUR_OWN = frozenset(
    one.kind
    for one in (
        WorkLeft, WorkGiven, Joined, CallsUndone, LooksLimited, TableTaken, TroubleBegan, TroubleOver, UpdateGap,
        BackupKeyGiven,
    )
)  # fmt: skip
Reader = Callable[[UnitOfWork, PersonKeys], list[LooseRow]]
READERS: dict[str, Reader] = {}


def reads(table: str) -> Callable[[Reader], Reader]:
    """Register how a table's rows are looked at."""

    def register(reader: Reader) -> Reader:
        READERS[table] = reader
        return reader

    return register


def to_erase(work: UnitOfWork, table: str, keys: PersonKeys, words: PersonWords) -> list[Any]:
    """The primary keys of all rows that are his, or may be."""
    return [
        one.key for one in READERS[table](work, keys)
        if not one.in_use
        and (one.tie in (Tie.HIS, Tie.SHARED) or (one.tie is Tie.UNKNOWN and words.may_be_in(one.content)))
    ]  # fmt: skip


def to_give(
    work: UnitOfWork, table: str, keys: PersonKeys, words: PersonWords
) -> tuple[list[Any], list[tuple[Any, list[str]]]]:
    """The primary keys of the rows that are all his; of others the lines that name him."""
    rows = READERS[table](work, keys)
    parts = [(one.key, words.lines_of(one.content)) for one in rows if one.tie in (Tie.SHARED, Tie.UNKNOWN)]
    return [one.key for one in rows if one.tie is Tie.HIS], [(key, lines) for key, lines in parts if lines]


def _tie(named: Collection[Any], his: Collection[int]) -> Tie:
    """By the numbers that a row names."""
    known = {one for one in named if one is not None}
    if not known:
        return Tie.UNKNOWN
    if known.issubset(his):
        return Tie.HIS
    return Tie.OTHERS if known.isdisjoint(his) else Tie.SHARED


@reads("draft")
def _drafts(work: UnitOfWork, keys: PersonKeys) -> list[LooseRow]:
    """Forms about a card, a deal or a task of one are whose that is."""
    rows = work.tx.execute(select(DraftRow.employee_id, DraftRow.data)).all()
    tasks = set(work.tx.execute(select(TaskRow.id).where(TaskRow.deal_id.in_(keys.deals))).scalars()) if rows else set()
    return [LooseRow(row.employee_id, _of_forms(row.data, keys, tasks), row.data) for row in rows]


def _of_forms(data: Mapping[str, Any], keys: PersonKeys, tasks: Collection[int]) -> Tie:
    """Of the open form with those that wait behind it."""
    ties = {_of_form(one, keys, tasks) for one in (data, *(data.get("behind") or ()))}
    return ties.pop() if len(ties) == 1 else Tie.SHARED


def _of_form(data: Mapping[str, Any], keys: PersonKeys, tasks: Collection[int]) -> Tie:
    purpose = data.get("purpose")
    said = purpose if isinstance(purpose, Mapping) else {}
    ties = [
        _tie([said.get("client")], keys.clients),
        _tie([said.get("deal"), data.get("deal_id")], keys.deals),
        _tie([said.get("task")], tasks),
    ]
    return next((tie for tie in (Tie.SHARED, Tie.HIS, Tie.OTHERS) if tie in ties), Tie.UNKNOWN)


@reads("undo")
def _undo(work: UnitOfWork, keys: PersonKeys) -> list[LooseRow]:
    """What his cards were before they were joined, and his deals before somebody's press."""
    rows = work.tx.execute(select(UndoRow.id, UndoRow.data)).all()
    return [LooseRow(row.id, _of_undo(row.data, keys), row.data) for row in rows]


def _of_undo(data: Mapping[str, Any], keys: PersonKeys) -> Tie:
    if "deal" in data:
        return _tie([data["deal"]], keys.deals)
    return _tie([data.get("keep"), data.get("drop")], keys.clients)


@reads("setting")
def _uploads(work: UnitOfWork, keys: PersonKeys) -> list[LooseRow]:
    """Files and words that wait to be put somewhere, or have gone to his deals."""
    found = company_settings.beginning_with(work.tx, company_settings.UPLOAD)
    told = ("files", "words", "sender", "name")
    return [
        LooseRow(name, _tie([value.get("deal_id")], keys.deals), [value.get(one) for one in told])
        for name, value in found
    ]


@reads("inbox")
def _updates(work: UnitOfWork, keys: PersonKeys) -> list[LooseRow]:
    rows = work.tx.execute(select(InboxRow.id, InboxRow.state, InboxRow.body).where(InboxRow.body != ""))
    return [LooseRow(row.id, Tie.UNKNOWN, _decoded(row.body), row.state == PENDING) for row in rows]


def _decoded(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


@reads("owed_screen")
def _screens(work: UnitOfWork, keys: PersonKeys) -> list[LooseRow]:
    rows = work.tx.execute(select(OwedScreenRow.chat_id, OwedScreenRow.calls))
    return [LooseRow(row.chat_id, Tie.UNKNOWN, row.calls) for row in rows]


@reads("scheduled")
def _messages(work: UnitOfWork, keys: PersonKeys) -> list[LooseRow]:
    """Messages that hang on no deal: that two cards may be one, for example. Those about our own people, the program
    and its troubles are none of his, whoever has his surname."""
    rows = work.tx.execute(
        select(ScheduledRow.id, ScheduledRow.payload).where(
            ScheduledRow.deal_id.is_(None), ScheduledRow.kind == "notice", ScheduledRow.payload.is_not(None)
        )
    )
    return [LooseRow(row.id, _of_message(row.payload, keys), row.payload) for row in rows]


def _of_message(payload: Mapping[str, Any], keys: PersonKeys) -> Tie:
    kind = str(payload.get("kind"))
    if kind in OF_OUR_OWN:
        return Tie.OTHERS
    if kind in DEALS_OF:
        return _tie([payload.get(DEALS_OF[kind])], keys.deals)
    return _tie([payload.get(name) for name in CARDS_OF.get(kind, ())], keys.clients)
