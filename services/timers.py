"""What rings: a due timer, task or call list becomes messages; an undeliverable message goes to the next person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from models import access
from models.engine import engine_run, moves
from models.engine.silences import SILENCE
from models.entities import Deal, Employee
from models.history.deal_lines import EscalationSnoozed
from models.notices.notice import Notice
from models.outbox import EMPTY, DeliveryState, Envelope, Planned, Scheduled
from models.roles import Role
from models.values import spans
from services import field_chat, notice_rights
from services.deals import deal_queries, plans
from services.escalations import call_lists, handovers, silent_deals, step_holds, task_escalations
from services.outbox import notices, queue, schedule
from services.people import employees, presence
from services.unit_of_work import UnitOfWork


def fire(work: UnitOfWork, row: Scheduled) -> None:
    """Do what a due row asks and finish it, in one transaction. A row that is no longer wanted becomes void."""
    work.scheduled_for = row.scheduled_for
    match row.kind:
        case "timer":
            done = _fire_timer(work, row)
        case "task":
            done = task_escalations.fire(work, row)
        case "list":
            done = call_lists.fire(work, row)
        case "person":
            done = handovers.fire(work, row)
        case _:
            raise ValueError(f"a row of kind {row.kind} does not fire")
    queue.finish(work, row, DeliveryState.SENT if done else DeliveryState.VOID)


def _fire_timer(work: UnitOfWork, row: Scheduled) -> bool:
    found = deal_queries.find(work, row.deal_id) if row.deal_id is not None else None
    if found is None or found.process not in work.company.processes:
        return False
    process = work.process(found.process)
    state = deal_queries.state_of(work, found)
    acts = silent_deals.last_acts(work, found) if row.rule == SILENCE else moves.NO_ACTS
    plan = moves.plan_timer(process, state, row.rule, row.dedup_key, work.moment, acts)
    if not plan.effects:
        return False
    later = step_holds.until(work, found, row, plan)
    if later is not None:
        queue.finish(work, row)
        schedule.put(work, [schedule.timer(found.id, row.rule, row.dedup_key, later)])
        return False
    # the row itself is still pending: the rule's next timer must not collide with it
    queue.finish(work, row)
    plans.apply(work, found, plan)
    return True


def _notice(
    work: UnitOfWork,
    row: Scheduled,
    person: Employee,
    said: Notice,
    rule: str,
    cause: str,
    *,
    envelope: Envelope = EMPTY,
) -> Planned:
    """A message that follows from a row of the schedule, as late as that is."""
    # who asks from the spot waits for the answer now (M-10)
    at = work.now if rule in field_chat.KINDS else notices.polite(work, person)
    if work.is_late:
        envelope = replace(envelope, late=True)
    return notices.to(
        work, person, said, rule=rule, cause=cause, at=at, deal_id=row.deal_id, envelope=envelope,
        scheduled_for=row.scheduled_for,
    )  # fmt: skip


def undeliverable(work: UnitOfWork, rows: Sequence[Scheduled], why: str) -> None:
    """Telegram refuses this person, or he has left: every message goes to the next one above, with the reason.

    The next one is somebody who may open what it is about (promise 5).
    """
    for row in rows:
        queue.finish(work, row, DeliveryState.REFUSED, failure=why)
        person = employees.get(work, row.reader_id)
        about = deal_queries.find_even_deleted(work, row.deal_id) if row.deal_id else None
        if about is not None and about.kind == "practice":
            continue  # what a learner does not get, nobody gets (K-2)
        if field_chat.is_by_above(work, row):  # who stands above asks himself: nobody answers for the one who is away
            field_chat.unheard(work, row, person)
            continue
        said = row.notice
        passed_by = {*row.envelope.passed, person.id, getattr(said, "from_id", None) or 0}
        successor = _next_above(work, row.envelope.role or person.role, passed_by, about)
        if successor is None:
            field_chat.unheard(work, row, person)
            continue
        envelope = row.envelope.passed_by(person.id, person.name)
        cause = f"{row.dedup_key}-for-{person.id}"
        schedule.put(work, [_notice(work, row, successor, said, row.rule, cause, envelope=envelope)])


def not_his(work: UnitOfWork, row: Scheduled) -> None:
    """Its reader may not read it any more: it goes to whoever is to hear it in his place, if anybody need."""
    if notice_rights.is_nobodys_duty(work, row):
        queue.finish(work, row, DeliveryState.VOID)
    else:
        undeliverable(work, [row], "not his to read any more")


def _next_above(work: UnitOfWork, role_then: Role, passed: set[int], about: Deal | None) -> Employee | None:
    for role in (role_then, *presence.roles_above(role_then)):
        for one in employees.of_role(work, role):
            can_open = about is None or access.can_view(one, about)
            if can_open and one.id not in passed and one.unreachable_at is None:
                return one
    return None


def snooze(work: UnitOfWork, deal_id: int, rule: str, days: int) -> datetime:
    """Put an escalation off by working days, or by weeks (C-6); gives until when. The same rule rings again then, if
    the deal still stands there."""
    found = deal_queries.get(work, deal_id)
    process = work.process(found.process)
    robot = dict(process.rules_of(found.pipeline, found.stage)).get(rule)
    anchor = (
        found.entered_at.isoformat()
        if robot is None
        else engine_run.anchor_of(robot, deal_queries.state_of(work, found))
    )
    schedule.void_timers(work, found.id, [rule])
    at = work.company.calendar.later(work.now, spans.put_off(days))
    schedule.put(work, [schedule.timer(found.id, rule, anchor, at)])
    plans.note(work, found, EscalationSnoozed(rule, days))
    return at
