"""All that is known of one person, as he may ask for it: what the tables say by their marks, and his files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, select

from models.entities import Deal
from models.jobs import GiveDossier
from models.notices.personal_notices import DossierNotSent
from models.personal.marks import MARKS, Whose
from models.process.process import Process
from models.tables import metadata
from models.tables.deals import DealRow
from models.tables.files import FileRow
from services.deals import deal_queries
from services.outbox import notices, schedule
from services.people import employees
from services.personal import erasing, loose_rows, person_words
from services.personal.person_keys import PersonKeys
from services.unit_of_work import UnitOfWork

Shown = Callable[[UnitOfWork, Process, Deal], Mapping[str, str]]  # a deal's fields as text, as a person reads them


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of his: its place in what is given out, and its bytes on our disk (None: Telegram alone has them)."""

    id: int
    path: str
    sha: str | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is given out: `data` as JSON, and `files`."""

    data: Mapping[str, object]
    files: tuple[KeptFile, ...] = ()

    def text(self) -> bytes:
        """The JSON, to be read."""
        return json.dumps(self.data, ensure_ascii=False, indent=2).encode()


def gather(work: UnitOfWork, keys: PersonKeys, shown: Shown) -> Dossier:
    """Everything about the person. No rights are asked: whoever asked for it is the owner."""
    tables = {marks.title: rows for name, marks in MARKS.items() if marks.tells and (rows := _rows(work, name, keys))}
    consents = _told(work, metadata.tables["consent"], _consents(keys))
    data = {
        "Составлено": work.now.isoformat(timespec="minutes"),
        "Оператор": work.company.name,
        "Сделки по полям": [_deal(work, row, shown) for row in _deals(work, keys)],
        "Согласия": consents,
        "Как это хранится": tables,
    }
    return Dossier(data, files_of(work, keys))


def _consents(keys: PersonKeys) -> ColumnElement[bool]:
    table = metadata.tables["consent"]
    return table.c.client_id.in_(keys.clients) | table.c.deal_id.in_(keys.deals)


def _deals(work: UnitOfWork, keys: PersonKeys) -> list[Row[Any]]:
    return list(work.tx.execute(select(DealRow).where(DealRow.id.in_(keys.deals)).order_by(DealRow.id)))


def _deal(work: UnitOfWork, row: Row[Any], shown: Shown) -> dict[str, Any]:
    process = work.company.processes.get(row.process)
    said: Mapping[str, Any] = row.fields
    if process is not None:
        texts = shown(work, process, deal_queries.read(work, row))
        said = {
            str(process.fields[name].title): text for name, text in texts.items() if text and name in process.fields
        }
    return {"Номер": row.number, "Название": row.title, "Начата": row.created_at.isoformat(), "Поля": dict(said)}


def _rows(work: UnitOfWork, name: str, keys: PersonKeys) -> list[dict[str, Any]]:
    """Rows that are all his; of a row that is not, what names him."""
    table, marks = metadata.tables[name], MARKS[name]
    found = [] if marks.whose is Whose.CONTENT else _told(work, table, erasing.whose(table, marks, keys))
    if name not in loose_rows.READERS:
        return found
    key = next(iter(table.primary_key))
    whole, parts = loose_rows.to_give(work, name, keys, person_words.of(work, keys))
    found += _told(work, table, key.in_(whole))
    return found + [{key.name: one, "строки": lines} for one, lines in parts]


def _told(work: UnitOfWork, table: Table, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = work.tx.execute(select(table).where(where).order_by(*table.primary_key))
    return [{name: _plain(value) for name, value in row._mapping.items() if value is not None} for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def files_of(work: UnitOfWork, keys: PersonKeys) -> tuple[KeptFile, ...]:
    """His files, in order."""
    rows = work.tx.execute(
        select(FileRow.id, FileRow.name, FileRow.sha, DealRow.number)
        .join(DealRow, DealRow.id == FileRow.deal_id)
        .where(FileRow.deal_id.in_(keys.deals))
        .order_by(FileRow.id)
    )
    return tuple(KeptFile(row.id, f"{row.number}/{row.id} {row.name.replace('/', '_')}", row.sha) for row in rows)


def tell_unsent(work: UnitOfWork, employee_id: int | None, job: GiveDossier) -> None:
    """It could not be sent: the owner who waits for it hears so now."""
    person = employees.find_working(work, employee_id)
    if person is not None:
        said = DossierNotSent(job.client, job.lead, job.part, job.of)
        cause = f"{job.client or ''}-{job.lead or ''}-{job.part}"
        schedule.put(work, [notices.to(work, person, said, rule=GiveDossier.kind, cause=cause, at=work.now)])
