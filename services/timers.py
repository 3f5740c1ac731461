"""What rings: a due timer, task or call list becomes messages; an undeliverable message goes to the next person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from models import access
from models.engine import moves
from models.entities import Deal, Employee
from models.tables.tasks import TaskRow
from services import field_chat
from services.deals import deal_queries, plans
from services.outbox import schedule
from services.people import employees
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork

ABOVE = {"manager": ("supervisor", "owner"), "installer": ("supervisor", "owner"), "supervisor": ("owner",)}


def fire(work: UnitOfWork, row: Row[Any]) -> None:
    """Do what a due row asks and finish it, in one transaction. A row that is no longer wanted becomes void."""
    work.meant_at = row.meant_at
    match row.kind:
        case "timer":
            done = _ring_timer(work, row)
        case "task":
            done = _ring_task(work, row)
        case "list":
            done = _ring_list(work, row)
        case _:
            raise ValueError(f"a row of kind {row.kind} does not ring")
    schedule.finish(work, row.id, row.attempts, state=schedule.DONE if done else schedule.VOID)


def _ring_timer(work: UnitOfWork, row: Row[Any]) -> bool:
    found = deal_queries.find(work, row.deal_id)
    if found is None or found.process not in work.company.processes:
        return False
    process = work.process(found.process)
    plan = moves.plan_timer(process, deal_queries.state_of(work, found), row.rule, row.anchor, work.moment)
    if not plan.effects:
        return False
    # the row itself is still pending: the rule's next timer must not collide with it
    schedule.finish(work, row.id, row.attempts, state=schedule.DONE)
    plans.apply(work, found, plan)
    return True


def _ring_task(work: UnitOfWork, row: Row[Any]) -> bool:
    found = work.tx.execute(select(TaskRow).where(TaskRow.id == row.task_id)).one_or_none()
    if found is None or found.state != "open":
        return False
    person = employees.find_working(work, found.assignee_id)
    about = deal_queries.find(work, found.deal_id) if person is None else None
    if about is not None and about.kind == "practice":
        return False  # the learner has left: it is nobody's business (K-2)
    told = [person] if person else _stand_ins(work, found.role or "manager")
    payload = {"kind": "task", "text": "", "task": found.id, "due": True}
    rows = [_notice(work, row, one, "task", f"due-{one.id}-{row.anchor}", payload, task_id=found.id) for one in told]
    schedule.put(work, rows)
    return True


def _stand_ins(work: UnitOfWork, role: str) -> list[Employee]:
    """Those of the role; nobody there: those above. A task of somebody who has left is not silent either."""
    for one in (role, *ABOVE.get(role, ("supervisor", "owner"))):
        found = employees.of_role(work, one)
        if found:
            return found
    return []


def _ring_list(work: UnitOfWork, row: Row[Any]) -> bool:
    person = employees.get(work, row.employee_id)
    calls = task_queries.mine(
        UnitOfWork(work.tx, work.now, work.company, person), list_=row.rule, until=work.now, most=100
    )
    if not calls:
        return False
    payload = {"kind": "list", "text": row.rule, "day": row.anchor}
    schedule.put(work, [_notice(work, row, person, row.rule, f"list-{row.anchor}", payload)])
    return True


def _notice(
    work: UnitOfWork,
    row: Row[Any],
    person: Employee,
    rule: str,
    anchor: str,
    payload: dict[str, Any],
    *,
    task_id: int | None = None,
) -> dict[str, Any]:
    # who asks from the spot waits for the answer now (M-10)
    at = work.now if rule in field_chat.KINDS else schedule.polite_time(work.company.calendar, person, work.now)
    return schedule.row(
        work,
        "notice",
        rule,
        anchor,
        at,
        deal_id=row.deal_id,
        task_id=task_id,
        employee_id=person.id,
        payload={**payload, "late": True} if work.is_late else payload,
        meant_at=row.meant_at,
    )


def undeliverable(work: UnitOfWork, rows: list[Row[Any]], why: str) -> None:
    """Telegram refuses this person, or he has left: every message goes to the next one above, with the reason.

    The next one is somebody who may open what it is about (promise 5).
    """
    for row in rows:
        schedule.finish(work, row.id, row.attempts, failure=why)
        person = employees.get(work, row.employee_id)
        about = deal_queries.find(work, row.deal_id) if row.deal_id else None
        if about is not None and about.kind == "practice":
            continue  # what a learner does not get, nobody gets (K-2)
        if field_chat.is_by_above(work, row):  # who stands above asks himself: nobody answers for the one who is away
            field_chat.unheard(work, row, person)
            continue
        passed_by = {*(row.payload or {}).get("passed", ()), person.id, int((row.payload or {}).get("from") or 0)}
        heir = _next_above(work, person, passed_by, about)
        if heir is None:
            field_chat.unheard(work, row, person)
            continue
        passed = [*(row.payload or {}).get("passed", ()), person.id]
        payload = {**(row.payload or {}), "passed": passed, "instead_of": person.name}
        schedule.put(work, [_notice(work, row, heir, row.rule, f"{row.anchor}-for-{person.id}", payload)])


def _next_above(work: UnitOfWork, person: Employee, passed: set[int], about: Deal | None) -> Employee | None:
    for role in (person.role, *ABOVE.get(person.role, ("supervisor", "owner"))):
        for one in employees.of_role(work, role):
            may_open = about is None or access.can_view(one, about)
            if may_open and one.id not in passed and one.unreachable_at is None:
                return one
    return None


def snooze(work: UnitOfWork, deal_id: int, rule: str, days: int) -> None:
    """Put an escalation off: the same rule rings again in so many days, if the deal still stands there (C-6)."""
    found = deal_queries.get(work, deal_id)
    process = work.process(found.process)
    robot = dict(process.rules_of(found.pipeline, found.stage)).get(rule)
    anchor = (
        found.entered_at.isoformat() if robot is None else moves.anchor_of(robot, deal_queries.state_of(work, found))
    )
    schedule.void_timers(work, found.id, [rule])
    at = work.now + timedelta(days=days)
    schedule.put(work, [schedule.row(work, "timer", rule, anchor, at, deal_id=found.id)])
    plans.note(work, found, "snoozed", {"rule": rule, "days": days})
