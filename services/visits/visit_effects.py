"""What becomes of visits when their deal changes: agreed, moved, called off, and who is told (K-20, K-21, C-5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from models.engine import visit_changes
from models.engine.deal_state import DealState
from models.engine.effects import Plan, VisitSet
from models.entities import Deal
from models.field_values import FieldValues
from models.notices.deal_notices import VisitCalledOff
from models.notices.task_notices import TaskWithdrawn
from models.notices.visit_notices import ClientCallWanted, VisitHandedOn
from models.outbox import Planned, Scheduled
from models.process.own_tasks import CLIENT_WAITS
from models.process.process import Process
from models.visits import Visit
from services.clients import client_cards
from services.deals import deal_visits, hooks
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies
from services.obsolete_notices import obsolete_row_when, obsolete_when
from services.outbox import notices, recipients, schedule
from services.people import employees
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows, bookings


@applies(VisitSet)
def _set(changes: DealChanges, effect: VisitSet) -> None:
    """The visit is kept in the same transaction as the card: SlotTaken if somebody was faster (K-20)."""
    visit, was = effect.visit, effect.was
    key = 0 if was is None else was.id or changes.new_visits.get(visit.name, 0)
    if visit.state == "off" and was is not None and was.state != "off" and changes.work.actor is not None:
        visit = replace(visit, off_by=changes.work.actor.id)
    kind = changes.process.visit_kinds[visit.name]
    row = bookings.put(changes.work, changes.before.id, kind, replace(effect, visit=visit), key)
    if was is None:
        changes.new_visits[visit.name] = row
    changes.visits_changed = True
    _tell_of_other(changes, visit, was)
    if was is not None and _still_goes(was, changes.work.now):
        goes_on = visit.current or not was.is_ahead(changes.work.now)  # one that has begun is followed by another
        stands = (visit.is_agreed() and goes_on) or visit.state == "held"
        still = visit.people if stands else ()
        gone = [who for who in was.people if who not in still]
        changes.called_off.append(replace(was, people=tuple(gone)))


def _tell_of_other(changes: DealChanges, visit: Visit, was: Visit | None) -> None:
    """Somebody else comes, at the time that was agreed: who leads the deal need not move it, as he may have been told
    to (the one who came is ill, or has left)."""
    work = changes.work
    if was is None or changes.practice or work.actor_id == changes.responsible_id or not visit.is_ahead(work.now):
        return
    same = (was.starts_at, was.more_starts) == (visit.starts_at, visit.more_starts)
    come, gone = set(visit.people) - set(was.people), set(was.people) - set(visit.people)
    if was.is_agreed() and same and gone and len(come) == 1 and visit.starts_at is not None:
        [who] = come
        name = employees.get(work, who).name
        changes.say("responsible", "visit", VisitHandedOn(name, who, visit.id, visit.name, visit.starts_at))


@obsolete_when(VisitHandedOn)
def _is_otherwise(work: UnitOfWork, said: VisitHandedOn) -> bool:
    """It has been moved or given on again meanwhile."""
    found = booking_rows.of_ids(work, [said.booking])
    stands = found and found[0].is_ahead(work.now) and found[0].starts_at == said.starts_at
    return not stands or said.person not in found[0].people


def _still_goes(visit: Visit, now: datetime) -> bool:
    """Whether somebody is to come, or may be there still."""
    return visit.is_agreed() and visit.last_ends_at is not None and visit.last_ends_at > now


@hooks.field_set.register
def _note_task(changes: DealChanges, name: str, before: Any, value: Any) -> None:
    """Whose task goes to somebody else with the visit, he is told that by the task."""
    kind = changes.process.faces.get(name)
    if kind is None or name != kind.who or before is None or changes.practice:
        return
    tasks = task_queries.of_deal(changes.work, changes.before.id)
    jobs = [task for task in tasks if visit_changes.is_job(changes.process, kind, task.name)]
    changes.told_by_task |= {task.assignee_id for task in jobs}


@hooks.plan_applied.register
def _tell(changes: DealChanges, plan: Plan) -> None:
    """Who was to come hears that he need not, once: with a task there he hears that it was taken back or given on."""
    work = changes.work
    if changes.practice or not changes.called_off:
        return
    busy = changes.told_by_task | {task.assignee_id for task in task_queries.of_deal(work, changes.before.id)}
    told = {said.to for said in changes.notices if isinstance(said.notice, TaskWithdrawn)}
    told |= {who for said in changes.notices for who in _meant(changes, said.to)}
    for visit in changes.called_off:
        for who in visit.people:
            if who not in (work.actor_id, *busy, *told) and visit.starts_at is not None:
                changes.say(who, "task", VisitCalledOff(visit.starts_at))
                told.add(who)


@obsolete_row_when(VisitCalledOff)
def _comes_again(work: UnitOfWork, row: Scheduled) -> bool:
    """He is to come at that hour after all: it was agreed again before he heard."""
    said = row.notice
    assert isinstance(said, VisitCalledOff)
    found = booking_rows.of_deal(work, row.deal_id) if row.deal_id is not None else []
    return any(one.starts_at == said.starts_at and row.employee_id in one.people for one in found)


def _meant(changes: DealChanges, to: str | int) -> tuple[int, ...]:
    """Whom a message to one of the visits' fields reaches: he has heard of it by the process's own words."""
    kind = changes.process.faces.get(to) if isinstance(to, str) else None
    value = changes.fields.get(to) if isinstance(to, str) and kind is not None and to == kind.who else None
    if value is None:
        return ()
    return tuple(value.people) if kind is not None and to == kind.slot else (value,)


@hooks.begun.register
def _begin(work: UnitOfWork, deal_id: int, process: Process, values: FieldValues) -> None:
    """A deal begins with its visits, as its fields say; a hold of the same person's is given up."""
    given = {name: value for name, value in values.items() if name in process.faces and value is not None}
    if not given:
        return
    state = DealState("", "", work.now, visits=deal_visits.of_deal(work, deal_id))
    for change in visit_changes.write(process, state, given, work.moment).sets:
        key = change.was.id if change.was is not None else 0
        bookings.put(work, deal_id, process.visit_kinds[change.visit.name], change, key)


@hooks.becomes.register
def _goes_along(work: UnitOfWork, found: Deal, deal_id: int, values: FieldValues) -> None:
    """What the fields that go along say of visits is true of the new deal alone: the visits stand there as they are,
    with whoever comes, and the client told of them or not."""
    faces = work.process(found.process).faces
    names = sorted({faces[name].name for name, value in values.items() if name in faces and value is not None})
    if names:
        booking_rows.give(work, found.id, deal_id, names)


@hooks.removed.register
def _removed(work: UnitOfWork, found: Deal) -> None:
    """Nobody drives out to a deal that is gone, and nobody waits for him who was told of it."""
    owed = [one for one in _called_off_before(work, found) if one.told]
    freed = bookings.free_all(work, found.id, visit_changes.WHY["deleted"])
    if found.kind == "practice":
        return
    for visit in freed:
        if visit.starts_at is not None and _still_goes(visit, work.now):
            schedule.put(work, [*_told_of_deletion(work, found, visit, visit.starts_at)])
            owed += [visit] if visit.told else []
    for visit in owed:
        if visit.starts_at is not None:
            schedule.put(work, [*_client_waits(work, found, visit, visit.starts_at)])


def _called_off_before(work: UnitOfWork, found: Deal) -> list[Visit]:
    """What was called off while the deal was there, and its client has not been called yet."""
    if task_queries.last_state(work, found.id, CLIENT_WAITS) not in ("open", "void"):
        return []
    last = [rows[-1] for rows in deal_visits.of_deal(work, found.id).values()]
    return [one for one in last if one.state == "off" and one.starts_at is not None and one.starts_at > work.now]


def _told_of_deletion(work: UnitOfWork, found: Deal, visit: Visit, starts_at: datetime) -> Iterator[Planned]:
    """The messages hang on no deal: it could not be opened any more."""
    for who in visit.people:
        if who != work.actor_id:
            said = VisitCalledOff(starts_at, found.title, found.id)
            yield notices.to(work, employees.get(work, who), said, rule="task", cause=f"deleted-{visit.id}")


def _client_waits(work: UnitOfWork, found: Deal, visit: Visit, starts_at: datetime) -> Iterator[Planned]:
    """Whom to call, with the number, for no card has it any more."""
    process = work.company.processes.get(found.process)
    if process is None:
        return
    client = client_cards.contact_of(work, found, process.client)
    waits = ClientCallWanted(client.name or found.title, client.phones[0] if client.phones else "", starts_at, found.id)
    for reader in recipients.recipients(work, process, found.fields, found.responsible_id, "responsible"):
        yield notices.to(work, reader, waits, rule="visit", cause=f"deleted-{visit.id}")
