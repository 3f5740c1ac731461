"""Rows that hang on nobody's card and tell of a person by what they say: which of them are his.

All of them are of the moment: a half-filled form, an update, a screen under way. Where one may tell of him it goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import select

from models.notices.backup_notices import BackupKeyGiven
from models.notices.oversight_notices import CompanyAsked, LooksLimited, TableTaken
from models.notices.people_notices import CallsUndone, Joined, MergeAsked, WorkGiven, WorkLeft
from models.notices.trouble_notices import TroubleBegan, TroubleOver, UpdateGap
from models.tables.forms import DraftRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from models.tables.undo import UndoRow
from models.tables.updates import DONE, PENDING, InboxRow, OwedScreenRow
from services import company_settings
from services.personal.person_keys import PersonKeys
from services.personal.person_words import PersonWords
from services.unit_of_work import UnitOfWork

Found = list[Any]  # primary keys
CARDS_OF = {MergeAsked.kind: ("one", "other"), CompanyAsked.kind: ("client", "company")}  # they name cards by number
OF_OUR_OWN = frozenset(
    one.kind
    for one in (
        WorkLeft, WorkGiven, Joined, CallsUndone, LooksLimited, TableTaken, TroubleBegan, TroubleOver, UpdateGap,
        BackupKeyGiven,
    )
)  # fmt: skip
Finder = Callable[[UnitOfWork, PersonKeys, PersonWords], Found]
FINDERS: dict[str, Finder] = {}


def finds(table: str) -> Callable[[Finder], Finder]:
    """Register how a table's rows are found."""

    def register(finder: Finder) -> Finder:
        FINDERS[table] = finder
        return finder

    return register


@finds("draft")
def _drafts(work: UnitOfWork, keys: PersonKeys, words: PersonWords) -> Found:
    """Forms about his card or deals, and those in which he is named."""
    rows = work.tx.execute(select(DraftRow.employee_id, DraftRow.data)).all()
    tasks = set(work.tx.execute(select(TaskRow.id).where(TaskRow.deal_id.in_(keys.deals))).scalars()) if rows else set()
    return [row.employee_id for row in rows if _is_about(row.data, keys, tasks) or words.are_in(row.data)]


def _is_about(data: Mapping[str, Any], keys: PersonKeys, tasks: Collection[int]) -> bool:
    purpose = data.get("purpose")
    said = purpose if isinstance(purpose, Mapping) else {}
    deals = {said.get("deal"), data.get("deal_id")}
    return said.get("client") in keys.clients or not deals.isdisjoint(keys.deals) or said.get("task") in tasks


@finds("undo")
def _undo(work: UnitOfWork, keys: PersonKeys, words: PersonWords) -> Found:
    """What his cards were before they were joined, or parted again."""
    rows = work.tx.execute(select(UndoRow.id, UndoRow.data).where(UndoRow.kind == "merge"))
    return [row.id for row in rows if not {row.data.get("keep"), row.data.get("drop")}.isdisjoint(keys.clients)]


@finds("setting")
def _uploads(work: UnitOfWork, keys: PersonKeys, words: PersonWords) -> Found:
    """Files that wait to be put somewhere, or have gone to his deals."""
    found = company_settings.beginning_with(work.tx, company_settings.UPLOAD)
    return [name for name, value in found if value.get("deal_id") in keys.deals or words.are_in(value.get("files"))]


@finds("inbox")
def _updates(work: UnitOfWork, keys: PersonKeys, words: PersonWords) -> Found:
    """All that were carried out: their bodies serve nothing any more; of the others those in which he is named."""
    rows = work.tx.execute(select(InboxRow.id, InboxRow.state, InboxRow.body).where(InboxRow.body != ""))
    return [row.id for row in rows if row.state == DONE or (row.state != PENDING and words.are_in(_decoded(row.body)))]


def naming(work: UnitOfWork, words: PersonWords) -> Found:
    """Updates in which he is named, carried out or not."""
    rows = work.tx.execute(select(InboxRow.id, InboxRow.body).where(InboxRow.body != ""))
    return [row.id for row in rows if words.are_in(_decoded(row.body))]


def _decoded(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


@finds("owed_screen")
def _screens(work: UnitOfWork, keys: PersonKeys, words: PersonWords) -> Found:
    rows = work.tx.execute(select(OwedScreenRow.chat_id, OwedScreenRow.calls))
    return [row.chat_id for row in rows if words.are_in(row.calls)]


def messages(work: UnitOfWork, keys: PersonKeys, words: PersonWords) -> Found:
    """Messages about no deal in which he is named: that two cards may be one, for example. Those about our own people,
    the program and its troubles are none of his, whoever has his surname."""
    rows = work.tx.execute(
        select(ScheduledRow.id, ScheduledRow.payload).where(
            ScheduledRow.deal_id.is_(None), ScheduledRow.kind == "notice", ScheduledRow.payload.is_not(None)
        )
    )
    return [row.id for row in rows if _names_card(row.payload, keys) or words.are_in(_of_clients(row.payload))]


def _names_card(payload: Mapping[str, Any], keys: PersonKeys) -> bool:
    named = {payload.get(name) for name in CARDS_OF.get(str(payload.get("kind")), ())}
    return not named.isdisjoint(keys.clients)


def _of_clients(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return {} if payload.get("kind") in OF_OUR_OWN else payload
