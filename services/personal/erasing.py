"""Every row of a person, without him: by the marks of the columns, in one transaction.

What stays is what the law wants kept, and what the company counts: payments, numbers of papers and deals, stages,
days, sums. Nobody can be told from it any more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, update

from models.outbox import DeliveryState
from models.personal.erasure import DoneOutside, LeftOutside
from models.personal.marks import MARKS, TableMarks, Whose
from models.process.process import Process
from models.tables import metadata
from models.tables.claims import ClaimRow
from models.tables.clients import ClientRow
from models.tables.columns import Json
from models.tables.deals import DealRow
from models.tables.files import FileRow
from models.tables.outbox import PinRow, ScheduledRow
from models.tables.tasks import TaskRow
from models.tables.updates import DONE, InboxRow
from models.values import person_name, phone
from services.deals import deal_queries, deal_words
from services.personal import loose_rows, mixed_columns, person_words
from services.personal.person_keys import PersonKeys
from services.unit_of_work import UnitOfWork

SENT = select(ScheduledRow.employee_id, ScheduledRow.message_id).where(
    ScheduledRow.message_id.is_not(None), ScheduledRow.employee_id.is_not(None)
)
FLIGHT = timedelta(minutes=3)  # a message is tried twice, 45 seconds each; then what became of it is written down
CARRIED_OUT = update(InboxRow).where(InboxRow.state == DONE, InboxRow.body != "").values(body="")


def erase(work: UnitOfWork, keys: PersonKeys) -> tuple[Counter[str], LeftOutside]:
    """Empty and delete all that tells of the person. How many rows of which table, and what is to be done outside."""
    # what is taken away without its client tells nothing of what else may be his
    words = person_words.of(work, keys) if keys.phones or keys.clients else person_words.NOBODY
    loose = loose_rows.to_erase(work, "scheduled", keys, words)
    left = _left(work, keys, loose)
    counts = Counter[str]()
    for name, marks in MARKS.items():
        if not marks.tells:
            continue
        table = metadata.tables[name]
        where: ColumnElement[bool]
        if marks.whose is Whose.CONTENT:
            where = next(iter(table.primary_key)).in_(loose_rows.to_erase(work, name, keys, words))
        else:
            where = whose(table, marks, keys)
            if marks.mixed:
                _mix(work, table, marks, where)
        counts[name] += _empty(work, table, marks, where)
    _empty(work, metadata.tables["scheduled"], MARKS["scheduled"], ScheduledRow.id.in_(loose))
    _settle(work, keys, loose)
    _find_by_what_stays(work, keys)
    forget_updates(work)
    person_name.is_same.cache_clear()
    phone.format_phone.cache_clear()
    return Counter({name: number for name, number in counts.items() if number}), left


def _find_by_what_stays(work: UnitOfWork, keys: PersonKeys) -> None:
    """His words went with the rest; his deals are still found by their numbers."""
    rows = work.tx.execute(select(DealRow).where(DealRow.id.in_(keys.deals))).all()
    deal_words.rewrite(work, deal_queries.read_all(work, rows))


def forget_updates(work: UnitOfWork) -> None:
    """What came in and was carried out serves nothing any more, and any press may have carried his card along: the
    bodies of all go, whoever they are of. They are not counted as his."""
    work.tx.execute(CARRIED_OUT)


def whose(table: Table, marks: TableMarks, keys: PersonKeys) -> ColumnElement[bool]:
    """Which rows of the table are the person's, where they hang on his card or deals."""
    match marks.whose:
        case Whose.CLIENT:
            return (table.c.id if table.name == "client" else table.c.client_id).in_(keys.clients)
        case Whose.DEAL:
            return (table.c.id if table.name == "deal" else table.c.deal_id).in_(keys.deals)
        case Whose.TASK:
            return table.c.task_id.in_(select(TaskRow.id).where(TaskRow.deal_id.in_(keys.deals)))
        case _:
            raise ValueError(f"{table.name} is found by nobody's number")


def _shas(work: UnitOfWork, keys: PersonKeys) -> tuple[str, ...]:
    files = select(FileRow.sha).where(FileRow.deal_id.in_(keys.deals), FileRow.sha.is_not(None)).distinct()
    return tuple(sorted(sha for sha in work.tx.execute(files).scalars() if sha))


def _left(work: UnitOfWork, keys: PersonKeys, loose: list[Any]) -> LeftOutside:
    """What is to be done outside. A message that may have arrived, and whose number nobody knows, cannot be changed."""
    his = ScheduledRow.done_at.is_(None) & (ScheduledRow.deal_id.in_(keys.deals) | ScheduledRow.id.in_(loose))
    underway = select(ScheduledRow.id, ScheduledRow.delivery_state).where(his, ScheduledRow.kind == "notice")
    rows = work.tx.execute(underway).all()
    flying = tuple(sorted(row.id for row in rows if row.delivery_state == DeliveryState.SENDING))
    unsure = sum(row.delivery_state == DeliveryState.UNSURE for row in rows)
    pins = select(PinRow.deal_id).where(PinRow.deal_id.in_(keys.deals), PinRow.sending_at.is_not(None))
    return LeftOutside(
        _shas(work, keys), _messages(work, keys, loose), flying, tuple(sorted(work.tx.execute(pins).scalars())),
        DoneOutside(kept=unsure),
    )  # fmt: skip


def landed(work: UnitOfWork, left: LeftOutside, asked_at: datetime) -> LeftOutside:
    """Messages that were on their way when he was erased have to be changed as well, once their numbers are known; of
    those that nobody has heard of in all the time that a sending may take, nobody ever will."""
    if not (left.flying or left.pins):
        return left
    waited = work.now >= asked_at + FLIGHT
    sent = work.tx.execute(SENT.add_columns(ScheduledRow.id).where(ScheduledRow.id.in_(left.flying))).all()
    pins = work.tx.execute(select(PinRow).where(PinRow.deal_id.in_(left.pins))).all()
    drawn = [one for one in pins if waited or one.sending_at is None]
    found = sorted({(one.employee_id or 0, one.message_id or 0) for one in (*sent, *drawn) if one.message_id})
    lost = tuple(key for key in left.flying if key not in {row.id for row in sent})
    return replace(
        left,
        messages=tuple(dict.fromkeys((*left.messages, *found))),
        flying=() if waited else lost,
        pins=tuple(one.deal_id for one in pins if one not in drawn),
        done=replace(left.done, kept=left.done.kept + (len(lost) if waited else 0)),
    )


def _messages(work: UnitOfWork, keys: PersonKeys, loose: list[Any]) -> tuple[tuple[int, int], ...]:
    """Messages in the chats of our people that told of him."""
    pins = select(PinRow.employee_id, PinRow.message_id).where(
        PinRow.deal_id.in_(keys.deals), PinRow.message_id.is_not(None), PinRow.employee_id.is_not(None)
    )
    asked = (SENT.where(ScheduledRow.deal_id.in_(keys.deals)), SENT.where(ScheduledRow.id.in_(loose)), pins)
    return tuple(sorted({(row[0] or 0, row[1] or 0) for one in asked for row in work.tx.execute(one)}))


def _empty(work: UnitOfWork, table: Table, marks: TableMarks, where: ColumnElement[bool]) -> int:
    if marks.goes:
        return work.tx.execute(delete(table).where(where)).rowcount
    values = {name: _nothing(table, name) for name in marks.personal.split()}
    if not values:
        return 0
    return work.tx.execute(update(table).where(where).values(values)).rowcount


def _nothing(table: Table, name: str) -> Any:
    column = table.c[name]
    if column.nullable:
        return None
    if isinstance(column.type, Json):
        return [] if name == "photos" else {}
    return ""


def _mix(work: UnitOfWork, table: Table, marks: TableMarks, where: ColumnElement[bool]) -> None:
    """Let each column's eraser say what stays of each value."""
    processes = _processes(work, table)
    keys = list(table.primary_key)
    for row in work.tx.execute(select(table).where(where)).all():
        process = processes(row)
        left = {name: mixed_columns.ERASERS[table.name, name](work, process, row) for name in marks.mixed.split()}
        if any(left[name] != getattr(row, name) for name in left):
            mine = [key == getattr(row, key.name) for key in keys]
            work.tx.execute(update(table).where(*mine).values(left))


def _processes(work: UnitOfWork, table: Table) -> Any:
    """How the process of a row's deal is found."""
    known: dict[int, Process | None] = {}

    def of(row: Any) -> Process | None:
        if table.name == "deal":
            return work.company.processes.get(row.process)
        if table.name == "item":
            key = row.task_id
            wanted = select(DealRow.process).join(TaskRow, TaskRow.deal_id == DealRow.id).where(TaskRow.id == key)
        else:
            key = row.deal_id
            wanted = select(DealRow.process).where(DealRow.id == key)
        if key not in known:
            known[key] = work.company.processes.get(work.tx.execute(wanted).scalar_one())
        return known[key]

    return of


def _settle(work: UnitOfWork, keys: PersonKeys, loose: list[Any]) -> None:
    """Nothing of him is under way any more, and who looks at a card of before sees that it has changed."""
    planned = update(ScheduledRow).where(
        ScheduledRow.deal_id.in_(keys.deals) | ScheduledRow.id.in_(loose), ScheduledRow.done_at.is_(None)
    )
    work.tx.execute(planned.values(delivery_state=DeliveryState.VOID, done_at=work.now, holder=None))
    claims = update(ClaimRow).where(ClaimRow.deal_id.in_(keys.deals), ClaimRow.state == "open")
    work.tx.execute(claims.values(state="settled", settled_at=work.now))
    work.tx.execute(update(DealRow).where(DealRow.id.in_(keys.deals)).values(version=DealRow.version + 1))
    work.tx.execute(update(ClientRow).where(ClientRow.company_id.in_(keys.clients)).values(company_id=None))
    work.tx.execute(update(ClientRow).where(ClientRow.id.in_(keys.clients)).values(erased_at=work.now))
