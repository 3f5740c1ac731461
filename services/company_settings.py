"""What is kept beside the tables under a name: requisites, edited checklists, what the bot remembers of itself.

A value is whatever JSON holds. Every name, or what the names of a kind begin with, stands here, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models.tables.settings import SettingRow

REQUISITES = "requisites"  # services.documents.stored_requisites
SMS_PROVIDER = "sms_gateway"  # services.sms.sms_messages
BOT_USERNAME = "bot_username"  # bot.app
HOUSEKEEPING_AT = "housekeeping_at"  # bot.housekeeping
OLD_FILES_PASSED = "files_kept_to"  # bot.jobs.fetch_job
FILES_TAKEN = "files_taken"  # services.files.quotas: as counted last night
CHECKLIST = "checklist:"  # and the task's place: services.tasks.task_templates
PROCESS_FILES = "process_files"  # bot.replicas
PAYMENT_FIELDS = "payment_fields"  # by process, whose money has its lines: services.payment_adoption
VISITS_ADOPTED = "visits_adopted"  # services.visits.visit_adoption
SEARCH_WORDS = "search_words"  # services.search.word_filling: of which files the words of search are
WRITTEN_AT = "written_at"  # bot.troubles.trouble_watch: a write that was tried after a trouble
HEARD_AT = "heard_at"  # services.operation.update_gaps: when updates were last asked for with success
CLIENT_LISTS = "client_lists"  # services.oversight.list_rules
LOOKS_LIFTED = "looks_lifted:"  # and for whom: services.oversight.list_rules
UPLOAD = "file:"  # and whose, and which: services.files.uploads

READ = select(SettingRow.value).where(SettingRow.name == bindparam("key"))
LOCKED = READ.with_for_update()
BEGINNING = select(SettingRow.name, SettingRow.value).where(
    func.substr(SettingRow.name, 1, func.length(bindparam("prefix"))) == bindparam("prefix")
)
DROP = delete(SettingRow).where(SettingRow.name == bindparam("key"))
REPLACE = (
    update(SettingRow)
    .where(SettingRow.name == bindparam("key"), SettingRow.value == bindparam("seen", type_=SettingRow.value.type))
    .values(value=bindparam("body"))
)
INSERTS = {name: module.insert(SettingRow) for name, module in (("sqlite", sqlite), ("postgresql", postgresql))}
BEGIN = {name: insert.on_conflict_do_nothing() for name, insert in INSERTS.items()}
PUT = {
    name: insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded.value})
    for name, insert in INSERTS.items()
}


def get(tx: Connection, name: str) -> Any:
    """The value; None if there is none."""
    return tx.execute(READ, {"key": name}).scalar_one_or_none()


def put(tx: Connection, name: str, value: Any) -> None:
    """Keep the value in the place of whatever was there."""
    tx.execute(PUT[tx.dialect.name], {"name": name, "value": value})


def lock(tx: Connection, name: str, default: Any) -> Any:
    """The value, which nobody else changes until this transaction ends; `default` is kept first if there is none."""
    tx.execute(BEGIN[tx.dialect.name], {"name": name, "value": default})
    return tx.execute(LOCKED, {"key": name}).scalar_one()


def replace(tx: Connection, name: str, seen: Any, value: Any) -> bool:
    """Keep the value if what is there is what was `seen`; of several who saw the same, one is told True."""
    if seen is None:
        return tx.execute(BEGIN[tx.dialect.name], {"name": name, "value": value}).rowcount == 1
    return tx.execute(REPLACE, {"key": name, "seen": seen, "body": value}).rowcount == 1


def remove(tx: Connection, name: str) -> None:
    """Forget the value; nothing happens if there is none."""
    tx.execute(DROP, {"key": name})


def beginning_with(tx: Connection, prefix: str) -> Iterator[tuple[str, Any]]:
    """Name and value of each whose name begins so."""
    rows: list[Row[Any]] = list(tx.execute(BEGINNING, {"prefix": prefix}))
    for row in rows:
        yield row.name, row.value
