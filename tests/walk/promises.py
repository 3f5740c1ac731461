"""Laws about who hears and what was promised: each open deal has a person who will hear of it, and when; no client
waits for what is not so; what hangs on who has left lies before those above."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from models import statements as s
from models.tables.deals import DealRow
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from models.tables.sms import SmsRow
from models.tables.tasks import TaskRow
from services.unit_of_work import UnitOfWork
from tests.walk import facts
from tests.walk.facts import COMING, DealFacts
from tests.walk.truth import law

ABOVE = ("owner", "supervisor")
FAR = timedelta(days=400)  # a deal of another year's month; nothing waits longer
ON_ITS_WAY = ("waiting", "sending")
NOT_TOLD = ("failed", "doubt")  # of these a person hears, and calls
LEFT = ("sent", "delivered")
KINDS = ("timer", "task", "list", "person", "notice")  # rows that speak to people; jobs do not


def _staff(work: UnitOfWork) -> dict[int, Any]:
    """Whoever works here and can be reached."""
    here = select(EmployeeRow).where(
        EmployeeRow.active, EmployeeRow.telegram_id.is_not(None), EmployeeRow.unreachable_at.is_(None)
    )
    return {row.id: row for row in work.tx.execute(here)}


@law
def every_open_deal_has_a_person_who_will_hear(work: UnitOfWork) -> Iterator[str]:
    """Some row that is waiting reaches somebody who works here, or who stands above, and not in a thousand days."""
    staff = _staff(work)
    above = any(one.role in ABOVE for one in staff.values())
    waiting: dict[int, list[Any]] = {}
    for row in work.tx.execute(
        select(ScheduledRow).where(ScheduledRow.done_at.is_(None), ScheduledRow.kind.in_(KINDS))
    ):
        waiting.setdefault(row.deal_id, []).append(row)
    calls = {
        one.deal_id: one
        for one in work.tx.execute(select(TaskRow).where(TaskRow.state == "open", TaskRow.list.is_not(None)))
    }
    lists = [row for row in waiting.get(None, []) if row.kind == "list"]  # type: ignore[call-overload]
    open_deals = select(DealRow).where(DealRow.status == "open", DealRow.deleted_at.is_(None))
    for deal in work.tx.execute(open_deals):
        rows = [*waiting.get(deal.id, []), *(lists if deal.id in calls else [])]
        heard = [row for row in rows if row.run_at <= work.now + FAR and (_reader(work, row, deal) in staff or above)]
        if not heard:
            yield f"№ {deal.number} on {deal.stage}: nobody who works here will hear of it"


def _reader(work: UnitOfWork, row: Any, deal: Any) -> int | None:
    """Whom the row names: its reader, whoever has its task, who leads the deal."""
    if row.employee_id is not None:
        return int(row.employee_id)
    task = work.tx.execute(select(TaskRow.assignee_id).where(TaskRow.id == row.task_id)).first()
    return (task.assignee_id if task is not None else None) or deal.responsible_id


@law
def nothing_that_is_due_is_left_lying(work: UnitOfWork) -> Iterator[str]:
    """After the bell nothing is due any more."""
    due = select(ScheduledRow).where(ScheduledRow.done_at.is_(None), ScheduledRow.run_at <= work.now)
    for row in work.tx.execute(due):
        if row.holder is None and (row.try_at is None or row.try_at <= work.now):
            yield f"row {row.id} {row.kind} {row.rule} of deal {row.deal_id} was due at {row.run_at}"


@law
def what_hangs_on_who_has_left_is_before_those_above(work: UnitOfWork) -> Iterator[str]:
    """Whoever is gone, and still has open tasks or deals, was told of, or will be, to somebody above."""
    told = {
        (row.payload or {}).get("person")
        for row in work.tx.execute(select(ScheduledRow).where(ScheduledRow.kind.in_(("notice", "person"))))
        if (row.payload or {}).get("kind") == "handover"
    }
    told |= set(work.tx.execute(select(ScheduledRow.employee_id).where(ScheduledRow.kind == "person")).scalars())
    for gone in work.tx.execute(select(EmployeeRow).where(EmployeeRow.active.is_(False))):
        tasks = select(func.count()).select_from(TaskRow).join(DealRow, DealRow.id == TaskRow.deal_id).where(
            TaskRow.assignee_id == gone.id, TaskRow.state == "open", DealRow.kind != "practice"
        )  # fmt: skip
        deals = select(func.count()).select_from(DealRow).where(
            DealRow.responsible_id == gone.id, DealRow.status == "open", DealRow.deleted_at.is_(None),
            DealRow.kind != "practice",
        )  # fmt: skip
        n = work.tx.execute(tasks).scalar_one() + work.tx.execute(deals).scalar_one()
        if n and gone.id not in told:
            yield f"{gone.name} is gone, {n} things hang on him, and nobody above has heard"


@law
def no_client_waits_for_what_is_not_so(work: UnitOfWork) -> Iterator[str]:
    """What the last SMS told of a visit is so; or another one, or a task to call him, is on its way."""
    for key in set(work.tx.execute(select(SmsRow.deal_id).where(SmsRow.state.in_(LEFT))).scalars()):
        deal = facts.of(work, key)
        if deal is not None and deal.deal.kind != "practice" and not _is_being_told(deal):
            yield from _false_promises(work, deal)


def _is_being_told(deal: DealFacts) -> bool:
    """Whether another SMS is on its way, or a person has the task to call, or hears that an SMS did not arrive."""
    last = max((row.id for row in deal.sms if row.state in LEFT), default=0)
    coming = any(row.state in ON_ITS_WAY or (row.id > last and row.state in NOT_TOLD) for row in deal.sms)
    calls = any(task.name == "client_waits" for task in deal.tasks if _stands_or_is_newer(task, deal, last))
    return coming or calls


def _stands_or_is_newer(task: Any, deal: DealFacts, last: int) -> bool:
    """Whether the client is to be called, or was after the last SMS."""
    sent_at = next((row.sent_at for row in deal.sms if row.id == last), None)
    return task.state == "open" or (task.state == "done" and (sent_at is None or task.given_at >= sent_at))


def _false_promises(work: UnitOfWork, deal: DealFacts) -> Iterator[str]:
    """The last word on each visit, where it is of a day to come and not so."""
    last: dict[str, tuple[Any, list[s.Statement]]] = {}
    for row in (one for one in deal.sms if one.state in LEFT):
        for said in s.read(row.said):
            of = getattr(said, "of", "")
            kind = deal.process.faces.get(of)
            if kind is None:
                continue
            known = last.get(kind.name)
            last[kind.name] = (row, [*(known[1] if known and known[0].id == row.id else []), said])
    for name, (row, told) in last.items():
        visit = deal.visit(name)
        for one in told:
            if _is_over(work, told) or _is_so(work, visit, one):
                continue
            if any(later.id > row.id for later in deal.sms if later.state in LEFT):
                continue  # he has been told otherwise since, in words without a date
            yield f"№ {deal.deal.number}: SMS {row.id} told «{row.text}», and {name} is {_shown(visit)}"


def _is_over(work: UnitOfWork, told: list[s.Statement]) -> bool:
    """Whether what was told is a thing of the past."""
    moments = [one.at for one in told if isinstance(one, s.MomentSaid)]
    days = [one.on for one in told if isinstance(one, s.DaySaid)]
    return all(at <= work.now for at in moments) and all(day < work.moment.today for day in days)


def _is_so(work: UnitOfWork, visit: Any, said: s.Statement) -> bool:
    if visit is None or visit.state == "off":
        return False
    match said:
        case s.MomentSaid(at=at):
            return bool(visit.starts_at == at and visit.state in (*COMING, "held"))
        case s.DaySaid(on=on):
            return bool(on == (visit.day or (work.moment.day_of(visit.starts_at) if visit.starts_at else None)))
        case s.PersonSaid(person=person):
            return person in (visit.employee_id, *(visit.others or ()))
    return True


def _shown(visit: Any) -> str:
    return "nothing" if visit is None else f"{visit.state} {visit.starts_at or visit.day} by {visit.employee_id}"
