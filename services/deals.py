"""Deals: begin, move, fill in, hand over. Each verb asks the engine and carries its plan out in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Text, and_, bindparam, exists, func, insert, or_, select, type_coerce, update

from models import access
from models.engine import moves, transitions
from models.engine.deal_state import DealState
from models.engine.effects import Plan, Reason, Refusal
from models.entities import Deal, Event
from models.errors import AlreadyDone, CardOutdated, MoveRefused, NotAllowed, NotFound
from models.fields import codec
from models.process.process import Process
from models.tables.deals import deal, event, tally
from models.tables.people import employee
from models.tables.tasks import item, task
from models.tables.visits import booking
from models.values.clean_text import is_meaningful_name, one_line
from models.values.invalid_value import N_, Wrong
from services import carry, clients, facts, footnotes, ledgers, numbers, people
from services.work import Work

BY_ID = select(deal).where(deal.c.id == bindparam("id"), deal.c.deleted_at.is_(None))
# a line that only a person can tick, as the checklist was given or edited since (K-5)
BY_HAND = exists().where(
    item.c.task_id == task.c.id,
    or_(type_coerce(item.c.fill, Text) == "[]", item.c.optional, item.c.paper.is_not(None)),
)
TASKS = (
    select(task.c.name, task.c.state, task.c.outcome, and_(task.c.state == "open", BY_HAND).label("by_hand"))
    .where(task.c.deal_id == bindparam("id"))
    .order_by(task.c.id)
)
ASSIGNED = select(task.c.id).where(
    task.c.deal_id == bindparam("id"), task.c.assignee_id == bindparam("who"), task.c.state != "void"
)
# who drives out sees where to before he has a task there (K-21)
BOOKED = select(booking.c.id).where(
    booking.c.deal_id == bindparam("id"), booking.c.employee_id == bindparam("who"), booking.c.state == "booked"
)
# the lead that a deal of one's own was: its history and its files stay in reach (F-L7)
BECAME = select(deal.c.id).where(
    deal.c.origin_id == bindparam("id"), deal.c.responsible_id == bindparam("who"), deal.c.deleted_at.is_(None)
)
LAST = (
    select(event.c.at, employee.c.name, event.c.to_stage)
    .outerjoin(employee, employee.c.id == event.c.actor_id)
    .where(event.c.deal_id == bindparam("id"), event.c.kind.not_in(footnotes.KINDS))
    .order_by(event.c.version.desc(), event.c.seq.desc())
    .limit(1)
)
LOAD = (
    select(tally.c.responsible_id, func.sum(tally.c.n).label("n"))
    .where(tally.c.n != 0, tally.c.responsible_id != 0, tally.c.kind != "practice")
    .group_by(tally.c.responsible_id)
)
ADD = insert(deal).returning(deal.c.id)
LEARNT = "🎓 "  # stands in the title of a learner's deal, so that every list and message shows it (K-2)


def read(work: Work, row: Row[Any]) -> Deal:
    """A deal from its row, with typed fields."""
    process = work.company.processes.get(row.process)
    return Deal(
        row.id,
        row.number,
        row.process,
        row.pipeline,
        row.kind,
        row.stage,
        row.status,
        row.title,
        row.client_id,
        row.responsible_id,
        row.source,
        codec.decode(process.fields if process else {}, row.fields),
        row.version,
        row.entered_at,
        row.came_from,
        row.origin_id,
        row.created_at,
        row.closed_at,
    )


def find(work: Work, deal_id: int) -> Deal | None:
    """The deal, whoever asks; None if there is none or it was deleted."""
    row = work.tx.execute(BY_ID, {"id": deal_id}).one_or_none()
    return read(work, row) if row else None


def get(work: Work, deal_id: int) -> Deal:
    """The deal as the actor may see it: NotFound, or NotAllowed (C-8)."""
    found = find(work, deal_id)
    if found is None:
        raise NotFound("deal")
    if work.actor and not access.can_view(work.actor, found):
        who = {"id": deal_id, "who": work.actor.id}
        assigned = any(work.tx.execute(statement, who).first() is not None for statement in (ASSIGNED, BOOKED, BECAME))
        if not access.can_view(work.actor, found, assigned=assigned):
            raise NotAllowed(_holder(work, found) if work.actor.role in access.SALES else None)
    return found


def get_editable(work: Work, deal_id: int, version: int | None = None) -> Deal:
    """The deal for a change; CardOutdated if the button was drawn for another version (promise 3)."""
    found = get(work, deal_id)
    if work.actor and not access.can_edit(work.actor, found):
        raise NotAllowed
    if version is not None and version != found.version:
        raise outdated(work, found)
    return found


def outdated(work: Work, found: Deal) -> CardOutdated:
    """Who changed the deal last, and when."""
    last = work.tx.execute(LAST, {"id": found.id}).one_or_none()
    return CardOutdated(last.name if last else None, last.at if last else None, found.stage)


def state_of(work: Work, found: Deal) -> DealState:
    """The deal as the engine sees it."""
    tasks: dict[str, str | None] = {}
    by_hand = set[str]()
    for row in work.tx.execute(TASKS, {"id": found.id}):
        if row.state != "void":
            tasks[row.name] = row.outcome if row.state == "done" else None
        if row.by_hand:
            by_hand.add(row.name)
    known = facts.of(work, found)
    place = (found.pipeline, found.stage, found.entered_at)
    return DealState(*place, found.fields, tasks, known, found.came_from, frozenset(by_hand))


def move(work: Work, deal_id: int, version: int | None, to: str) -> Deal:
    """Move to a stage (C-1). Raises MoveRefused with every reason, CardOutdated if somebody was faster.

    Whoever moves a deal that is nobody's becomes its responsible.
    """
    found = get_editable(work, deal_id, version)
    return perform(work, found, moves.plan_move(work.process(found.process), state_of(work, found), to, work.moment))


def options(work: Work, found: Deal) -> tuple[transitions.Option, ...]:
    """The stage menu."""
    return transitions.options(work.process(found.process), state_of(work, found), work.moment)


def foresee(work: Work, found: Deal, values: Mapping[str, Any], to: str) -> list[Reason]:
    """What would stand against a move to the stage if these values were filled in."""
    return transitions.why_not(work.process(found.process), state_of(work, found).with_fields(values), to, work.moment)


def fill(work: Work, deal_id: int, values: Mapping[str, Any]) -> Deal:
    """Set fields to typed values; timers that hang on their dates follow. NotAllowed for a field of other roles."""
    found = get_editable(work, deal_id)
    fields = work.process(found.process).fields
    if work.actor and not all(fields[name].can_fill(work.actor.role) for name in values if name in fields):
        raise NotAllowed
    return perform(
        work, found, moves.plan_fields(work.process(found.process), state_of(work, found), values, work.moment)
    )


def tap(work: Work, deal_id: int, rule: str, values: Mapping[str, Any]) -> Deal:
    """Press a robot's own button; `values` are the answers to what it asks."""
    found = get_editable(work, deal_id)
    process = work.process(found.process)
    if values:
        found = perform(work, found, moves.plan_fields(process, state_of(work, found), values, work.moment))
    return perform(work, found, moves.plan_tap(process, state_of(work, found), rule, work.moment))


def begin(
    work: Work,
    process: Process,
    pipeline: str,
    values: Mapping[str, Any],
    *,
    source: str | None = None,
    stage: str | None = None,
    client_id: int | None = None,
    responsible_id: int | None = None,
    origin_id: int | None = None,
    title: str | None = None,
    makes_client: bool = True,
) -> Deal:
    """A new deal in a pipeline: numbered by itself (K-9), its client found by phone, its robots set going (F-L1).

    `makes_client`: without a client known by phone, a deal gets a new one; a lead waits for its conversion (F-L5). A
    learner's deal has numbers of its own, a mark in its title, and no client's card (K-2).
    """
    line = process.pipelines[pipeline]
    practice = line.kind == "practice"
    if client_id is None and makes_client and not practice:
        client_id = _client(work, process, line.kind, values)
    key = work.add(
        ADD,
        number=_number(work, practice),
        process=process.process,
        pipeline=pipeline,
        kind=line.kind,
        stage=stage or line.first,
        status="open",
        title=(LEARNT if practice else "")
        + (title or _title(line.new.title if line.new else "{name}", values, process.title)),
        client_id=None if practice else client_id,
        responsible_id=responsible_id,
        source=source,
        fields=codec.encode(process.fields, values),
        version=0,
        entered_at=work.now,
        origin_id=origin_id,
        created_at=work.now,
    )
    found = find(work, key)
    assert found is not None
    ledgers.count(work, found, +1)
    return perform(work, found, moves.plan_begin(process, state_of(work, found), work.moment), kind="created")


def _number(work: Work, practice: bool) -> str:
    """Practice uses up no number of real deals (K-2, K-9)."""
    if practice:
        return numbers.next_of_year(work, "practice", "У-{year}-{n:04d}")
    return numbers.next_of_year(work, "deal", "{year}-{n:04d}")


def _client(work: Work, process: Process, kind: str, values: Mapping[str, Any]) -> int | None:
    number = values.get(process.client.phone)
    known = clients.find_by_phone(work, number) if number else []
    if known:
        return known[0].id
    if kind == "lead":  # a lead becomes a client when it is converted (F-L5)
        return None
    return clients.for_lead(work, process.client, dict(values), frozenset({"contact"}))


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _title(template: str, values: Mapping[str, Any], fallback: str) -> str:
    filled = template.format_map(_Gaps({key: value for key, value in values.items() if isinstance(value, str)}))
    return one_line(filled, limit=120).strip(" ·—-") or fallback


def title_for_heir(work: Work, lead: Deal) -> str | None:
    """The title that a deal begun from this one keeps: one that a person has given; else its own pipeline makes one."""
    process = work.process(lead.process)
    made = process.pipelines[lead.pipeline].new
    return None if made and lead.title == _title(made.title, lead.fields, process.title) else lead.title


def perform(work: Work, found: Deal, outcome: Plan | Refusal, kind: str | None = None) -> Deal:
    """Carry a plan out, or raise what stands against it."""
    if isinstance(outcome, Refusal):
        raise MoveRefused(outcome)
    return carry.carry_out(work, found, outcome, kind=kind)


def take(work: Work, deal_id: int) -> Deal:
    """Become the responsible of a deal that is nobody's; AlreadyDone names who was faster."""
    found = find(work, deal_id)
    if found is None:
        raise NotFound("deal")
    if work.actor is None or work.actor.role not in access.SALES:
        raise NotAllowed
    if found.responsible_id is not None:
        raise AlreadyDone(_holder(work, found))
    return carry.hand_over(work, found, work.actor)


def _holder(work: Work, found: Deal) -> str | None:
    return people.get(work, found.responsible_id).name if found.responsible_id else None


def assign(work: Work, deal_id: int, to: int) -> Deal:
    """Hand the deal to somebody else (C-6); he is told."""
    found = get(work, deal_id)
    if work.actor is None or not access.can_assign(work.actor):
        raise NotAllowed
    person = people.get(work, to)
    if not person.active or person.role not in access.SALES:
        raise NotFound("employee")
    return carry.hand_over(work, found, person)


def comment(work: Work, deal_id: int, text: str) -> Deal:
    """A line in the deal's history by a person."""
    found = get(work, deal_id)
    carry.note(work, found, "comment", {"text": text})
    return found


def rename(work: Work, deal_id: int, title: str) -> Deal:
    """Give the deal another title; Wrong for one without a letter or digit."""
    found = get_editable(work, deal_id)
    cleaned = one_line(title, limit=120)
    if not is_meaningful_name(cleaned):
        raise Wrong(
            "title.meaningless", N_("В названии должна быть хотя бы одна буква или цифра."), N_("Кухня угловая")
        )
    if found.kind == "practice" and not cleaned.startswith(LEARNT):
        cleaned = LEARNT + cleaned
    carry.note(work, found, "renamed", {"title": cleaned})
    work.tx.execute(update(deal).where(deal.c.id == deal_id).values(title=cleaned))
    return get(work, deal_id)


HISTORY = (
    select(event, employee.c.name)
    .outerjoin(employee, employee.c.id == event.c.actor_id)
    .where(event.c.deal_id == bindparam("id"))
    .order_by(event.c.id.desc())
    .limit(bindparam("most"))
)


def history(work: Work, found: Deal, most: int = 25) -> list[Event]:
    """The newest lines of the deal's history."""
    rows = work.tx.execute(HISTORY, {"id": found.id, "most": most})
    return [Event(row.at, row.name, row.kind, row.from_stage, row.to_stage, row.rule, row.data or {}) for row in rows]


def workload(work: Work) -> dict[int, int]:
    """How many open deals each employee has."""
    rows = work.tx.execute(LOAD)
    return {row.responsible_id: int(row.n) for row in rows}


def delete(work: Work, deal_id: int) -> None:
    """Take a deal away (a mistake, a test); its timers are void, its buttons answer that it is gone."""
    found = get(work, deal_id)
    if work.actor is None or work.actor.role not in access.MANAGEMENT:
        raise NotAllowed
    carry.remove(work, found)


def by_number(work: Work, number: str) -> Deal | None:
    """The deal of that number, if the actor may see it."""
    row = work.tx.execute(select(deal).where(deal.c.number == number, deal.c.deleted_at.is_(None))).one_or_none()
    if row is None:
        return None
    found = read(work, row)
    return found if work.actor is None or access.can_view(work.actor, found) else None


BORN = select(deal).where(deal.c.origin_id == bindparam("id"), deal.c.deleted_at.is_(None)).order_by(deal.c.id.desc())


def born_of(work: Work, deal_id: int) -> Deal | None:
    """The latest deal that a lead was converted to."""
    row = work.tx.execute(BORN.limit(1), {"id": deal_id}).one_or_none()
    return read(work, row) if row else None


def of_client(work: Work, client_id: int, most: int = 20) -> Sequence[Deal]:
    """The client's deals that the actor may see, newest first."""
    rows = work.tx.execute(
        select(deal)
        .where(deal.c.client_id == client_id, deal.c.deleted_at.is_(None))
        .order_by(deal.c.id.desc())
        .limit(most)
    )
    found = [read(work, row) for row in rows]
    return [one for one in found if work.actor is None or access.can_view(work.actor, one)]
