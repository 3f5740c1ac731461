"""Reading deals: as the actor may see them, as the engine sees them; where they can go; their history."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Row,
    Select,
    Subquery,
    Text,
    bindparam,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from models import access
from models.engine import foresight, holds, transitions, visit_changes, visit_faces
from models.engine.deal_state import DealState
from models.engine.effects import Reason
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.field_values import FieldValues
from models.fields import codec
from models.history.line import HistoryEntry
from models.process.actions import Action, CarryOver, Move
from models.tables.deals import DealCounterRow, DealRow, HistoryRow
from models.tables.people import EmployeeRow
from models.tables.tasks import TaskRow
from models.tables.visits import HalfHourRow, VisitRow
from models.values.product_text import ProductText
from models.visits import AGREED
from services import facts
from services.deals import deal_rows, deal_visits, history
from services.deals.deal_rows import DealRows
from services.deals.deal_visits import Visits
from services.people import employees
from services.unit_of_work import UnitOfWork

EVER = select(DealRow).where(DealRow.id == bindparam("id"))
BY_ID = EVER.where(DealRow.deleted_at.is_(None))


ASSIGNED = select(TaskRow.id).where(
    TaskRow.deal_id == bindparam("id"), TaskRow.assignee_id == bindparam("who"), TaskRow.state != "void"
)


# who drives out sees where to before he has a task there (K-21)
COMES = (
    select(VisitRow.id)
    .outerjoin(HalfHourRow, HalfHourRow.visit_id == VisitRow.id)
    .where(
        VisitRow.deal_id == bindparam("id"),
        VisitRow.state.in_((*AGREED, "held")),
        or_(VisitRow.employee_id == bindparam("who"), HalfHourRow.employee_id == bindparam("who")),
    )
    .limit(1)
)
STILL_COMES = COMES.where(VisitRow.state != "held")


# the lead that a deal of one's own was: its history and its files stay in reach (F-L7)
SUCCESSOR_OF_ACTOR = select(DealRow.id).where(
    DealRow.origin_id == bindparam("id"), DealRow.responsible_id == bindparam("who"), DealRow.deleted_at.is_(None)
)


IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
# the same of many at once
AT_WORK: CompoundSelect[Any] = union_all(
    select(TaskRow.deal_id).where(
        TaskRow.deal_id.in_(IDS), TaskRow.assignee_id == bindparam("who"), TaskRow.state != "void"
    ),
    select(VisitRow.deal_id)
    .outerjoin(HalfHourRow, HalfHourRow.visit_id == VisitRow.id)
    .where(
        VisitRow.deal_id.in_(IDS),
        VisitRow.state.in_((*AGREED, "held")),
        or_(VisitRow.employee_id == bindparam("who"), HalfHourRow.employee_id == bindparam("who")),
    ),
    # by its origin, never by the index of all that the actor leads
    select(DealRow.origin_id).where(
        DealRow.origin_id.in_(IDS),
        func.coalesce(DealRow.responsible_id, 0) == bindparam("who"),
        DealRow.deleted_at.is_(None),
    ),
)


LOAD = (
    select(DealCounterRow.responsible_id, func.sum(DealCounterRow.n).label("n"))
    .where(DealCounterRow.n != 0, DealCounterRow.responsible_id != 0, DealCounterRow.kind != "practice")
    .group_by(DealCounterRow.responsible_id)
)


def read(work: UnitOfWork, row: Row[Any]) -> Deal:
    """A deal from its row, with typed fields; those that are views of visits are read where the process has any."""
    process = work.company.processes.get(row.process)
    has_visits = process is not None and process.visit_kinds
    return _made(work, row, deal_visits.of_deal(work, row.id) if has_visits else deal_visits.NONE)


def read_all(work: UnitOfWork, rows: Sequence[Row[Any]]) -> list[Deal]:
    """Many deals from their rows, the visits of all by one statement."""
    processes = work.company.processes
    with_visits = [row.id for row in rows if (found := processes.get(row.process)) and found.visit_kinds]
    visits = deal_visits.of_deals(work, with_visits)
    return [_made(work, row, visits.get(row.id, deal_visits.NONE)) for row in rows]


def _made(work: UnitOfWork, row: Row[Any], visits: Visits) -> Deal:
    process = work.company.processes.get(row.process)
    fields = codec.decode(process.fields if process else {}, row.fields)
    if not visits:
        return Deal.from_row(row._mapping, fields=fields)
    if process is not None:
        fields |= visit_faces.all_shown(process.visit_kinds, visits, work.company.calendar)
    return Deal.from_row(row._mapping, fields=fields, visits=visits)


def find(work: UnitOfWork, deal_id: int) -> Deal | None:
    """The deal, whoever asks; None if there is none or it was deleted."""
    row = work.tx.execute(BY_ID, {"id": deal_id}).one_or_none()
    return read(work, row) if row else None


def find_even_deleted(work: UnitOfWork, deal_id: int) -> Deal | None:
    """The same, a deleted one as it was then: to judge who may read what was said of it, never to show it."""
    row = work.tx.execute(EVER, {"id": deal_id}).one_or_none()
    return read(work, row) if row else None


def get(work: UnitOfWork, deal_id: int) -> Deal:
    """The deal as the actor may see it: NotFound, or NotAllowed (C-8)."""
    found = find(work, deal_id)
    if found is None:
        raise NotFound("deal")
    if work.actor and not can_open(work, found):
        raise NotAllowed(holder(work, found) if access.KNOW_DEAL.allows(work.actor) else None)
    return found


def known_at_work(work: UnitOfWork, deals: Collection[int]) -> set[int]:
    """Those of the deals that the actor may open for what he does on them, though he leads none of them (C-8)."""
    if work.actor is None or not deals:
        return set()
    return set(work.tx.execute(AT_WORK, {"ids": list(deals), "who": work.actor.id}).scalars())


def can_open(work: UnitOfWork, found: Deal) -> bool:
    """Whether the actor may see the deal: by his role, or for what he does on it (C-8)."""
    if work.actor is None or access.can_view(work.actor, found):
        return True
    who = {"id": found.id, "who": work.actor.id}
    return any(
        work.tx.execute(statement, who).first() is not None for statement in (ASSIGNED, COMES, SUCCESSOR_OF_ACTOR)
    )


def as_seen(work: UnitOfWork, found: Deal) -> Deal:
    """The deal as the actor may read it: without what is hidden from his role. Nobody's work reads all of it."""
    process = work.company.processes.get(found.process)
    return found if work.actor is None or process is None else access.as_seen(work.actor.role, process, found)


def get_editable(work: UnitOfWork, deal_id: int, version: int | None = None) -> Deal:
    """The deal for a change; CardOutdated if the button was drawn for another version (promise 3)."""
    found = get(work, deal_id)
    if work.actor and not access.can_edit(work.actor, found):
        raise NotAllowed
    if version is not None and version != found.version:
        raise history.outdated(work, found)
    return found


def state_of(work: UnitOfWork, found: Deal, rows: DealRows | None = None) -> DealState:
    """The deal as the engine sees it; `rows` if they have been read, and nothing was written since."""
    tasks: dict[str, str | None] = {}
    origins: dict[str, str] = {}
    by_hand, stood = set[str](), set[str]()
    for row in (rows or deal_rows.read(work, found.id)).tasks():
        stood.add(f"{transitions.STOOD}{row.origin}")  # what was given there and taken back tells it too
        if row.state not in ("open", "done"):
            continue
        tasks[row.name] = row.outcome if row.state == "done" else None
        origins[row.name] = row.origin
        if row.by_hand:
            by_hand.add(row.name)
    known = facts.of(work, found) | stood
    place = (found.pipeline, found.stage, found.entered_at)
    seen = work.confirmed
    confirmed = seen.fields if seen is not None and seen.deal == found.id else frozenset[str]()
    by = frozenset(by_hand)
    visits = deal_visits.as_heard(work, found.id, found.visits)
    return DealState(*place, found.fields, tasks, known, found.came_from, by, origins, confirmed, visits)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the deal can go, and what should stay true of it and is not (sentences of the process file)."""

    options: tuple[transitions.Option, ...] = ()
    not_held: tuple[ProductText, ...] = ()


def standing(work: UnitOfWork, found: Deal, rows: DealRows) -> Standing:
    """The stage menu, and whether the deal adds up."""
    process, state = work.process(found.process), state_of(work, found, rows)
    broken = holds.broken(process, state, work.moment)
    return Standing(foresight.options(process, state, work.moment), tuple(one.why for one in broken))


def options(work: UnitOfWork, found: Deal) -> tuple[transitions.Option, ...]:
    """The stage menu."""
    return foresight.options(work.process(found.process), state_of(work, found), work.moment)


def shut_by(work: UnitOfWork, found: Deal, to: str, pipeline: str | None = None) -> tuple[ProductText, ...]:
    """The titles of the stages to which nothing will lead back from `to` (M-2)."""
    process = work.process(found.process)
    if not process.has_one_way:
        return ()
    line = pipeline or found.pipeline
    shut = transitions.shuts(process, state_of(work, found), line, to)
    return tuple(process.stage(line, name).title for name in shut)


def shut_by_actions(work: UnitOfWork, found: Deal, actions: Sequence[Action]) -> tuple[ProductText, ...]:
    """The same of what a press does: the stages that it moves the deal to, or carries it over to."""
    places = [(found.pipeline, one.move) for one in actions if isinstance(one, Move) and one.move != "previous"]
    for one in actions:
        if isinstance(one, CarryOver):
            pipeline, _, stage = one.carry.partition(".")
            places.append((pipeline, stage or next(iter(work.process(found.process).pipelines[pipeline].stages))))
    shut = (title for pipeline, stage in places for title in shut_by(work, found, stage, pipeline))
    return tuple(dict.fromkeys(shut))


def foresee(work: UnitOfWork, found: Deal, values: FieldValues, to: str) -> list[Reason]:
    """What would stand against a move to the stage if these values were filled in."""
    process = work.process(found.process)
    state = visit_changes.write(process, state_of(work, found), values, work.moment).deal
    return foresight.why_not(process, state, to, work.moment)


def find_day(work: UnitOfWork, found: Deal, to: str, field: str) -> tuple[date, str] | None:
    """The first day of that field on which the deal could move to the stage, or to another one that hangs on the same
    day: (the day, the stage)."""
    return foresight.find_day(work.process(found.process), state_of(work, found), to, field, work.moment)


def holder(work: UnitOfWork, found: Deal) -> str | None:
    """The name of the responsible; None if the deal is nobody's."""
    return employees.get(work, found.responsible_id).name if found.responsible_id else None


READ = 8  # lines that a card looks at, to tell a few of them
BACK = 40  # lines that it looks back for the last word: a history of hundreds is read at no tap
WORDS = ("comment", "corrected", "call", "forwarded", "question", "answer")
# in the order of the index that keeps two from writing one step: nothing is sorted
NEWEST = (
    select(HistoryRow)
    .where(HistoryRow.deal_id == bindparam("id"))
    .order_by(HistoryRow.version.desc(), HistoryRow.seq.desc())
)


def _named(lines: Subquery) -> Select[Any]:
    """With the name of who has set each line going."""
    return select(lines, EmployeeRow.name).outerjoin(EmployeeRow, EmployeeRow.id == lines.c.actor_id)


_LINES, _BACK = NEWEST.limit(bindparam("most")).subquery(), NEWEST.limit(BACK).subquery()
HISTORY = _named(_LINES).order_by(_LINES.c.version.desc(), _LINES.c.seq.desc())
_WORD = select(_BACK).where(_BACK.c.kind.in_(WORDS)).order_by(_BACK.c.version.desc(), _BACK.c.seq.desc()).limit(1)


def _told(part: str, lines: Subquery) -> Select[Any]:
    """What a card reads of them. What a line holds is read as the text that it is: most lines are only counted."""
    one = lines.c
    return select(
        literal(part).label("part"), one.version, one.seq, one.kind, type_coerce(one.data, Text).label("data"), one.at,
        one.from_stage, one.to_stage, one.rule, one.undone, EmployeeRow.name,
    ).outerjoin(EmployeeRow, EmployeeRow.id == one.actor_id)  # fmt: skip


# one statement for what a card tells of the past
OF_CARD = union_all(_told("line", _LINES), _told("word", _WORD.subquery()))


def history_of(work: UnitOfWork, found: Deal, most: int = 25) -> list[HistoryEntry]:
    """The newest lines of the deal's history."""
    rows = work.tx.execute(HISTORY, {"id": found.id, "most": most})
    return [history.entry(row) for row in rows]


def of_card(
    work: UnitOfWork, found: Deal, most: int, besides: Container[str]
) -> tuple[HistoryEntry | None, tuple[HistoryEntry, ...]]:
    """The newest thing that was said with the client, or of him (a note, a call, words passed on); and the newest lines
    of the history, at most `most` of them, none of the kinds `besides`."""
    rows = work.tx.execute(OF_CARD, {"id": found.id, "most": READ}).all()
    lines = sorted((row for row in rows if row.part == "line"), key=lambda row: (row.version, row.seq), reverse=True)
    word = next((row for row in rows if row.part == "word"), None)
    newest = [row for row in lines if row.kind not in besides][:most]
    return history.raw_entry(word) if word is not None else None, tuple(history.raw_entry(row) for row in newest)


def workload(work: UnitOfWork) -> dict[int, int]:
    """How many open deals each employee has."""
    rows = work.tx.execute(LOAD)
    return {row.responsible_id: int(row.n) for row in rows}


def by_number(work: UnitOfWork, number: str) -> Deal | None:
    """The deal of that number, if the actor may see it."""
    row = work.tx.execute(select(DealRow).where(DealRow.number == number, DealRow.deleted_at.is_(None))).one_or_none()
    if row is None:
        return None
    found = read(work, row)
    return found if work.actor is None or access.can_view(work.actor, found) else None


SUCCESSORS = (
    select(DealRow)
    .where(DealRow.origin_id == bindparam("id"), DealRow.deleted_at.is_(None))
    .order_by(DealRow.id.desc())
)


def successor_of(work: UnitOfWork, deal_id: int) -> Deal | None:
    """The latest deal that a lead was converted to."""
    row = work.tx.execute(SUCCESSORS.limit(1), {"id": deal_id}).one_or_none()
    return read(work, row) if row else None


OF_CLIENT = (
    select(DealRow)
    .where(DealRow.client_id == bindparam("client"), DealRow.deleted_at.is_(None))
    .order_by(DealRow.id.desc())
    .limit(bindparam("most"))
)


def of_client(work: UnitOfWork, client_id: int, most: int = 20) -> Sequence[Deal]:
    """The client's deals that the actor may see, newest first."""
    found = all_of_client(work, client_id, most)
    return [one for one in found if work.actor is None or access.can_view(work.actor, one)]


def all_of_client(work: UnitOfWork, client_id: int, most: int = 20) -> list[Deal]:
    """The same, whoever asks: that they exist and whose they are is no secret, the rest is."""
    return read_all(work, work.tx.execute(OF_CLIENT, {"client": client_id, "most": most}).all())
