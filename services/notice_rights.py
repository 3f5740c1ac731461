"""Who may read a message: asked when it is sent, hours after it was written, and at every press on it since (C-8)."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from models import access
from models.entities import Deal, Employee
from models.fields.groups import PersonNaming
from models.notices.document_notices import PaperReady
from models.notices.money_notices import RefundMade, RefundWanted
from models.notices.task_notices import CallsDue
from models.outbox import Scheduled
from models.process.process import Process
from models.roles import Role, find_role
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork

OWN_TASK = select(TaskRow.assignee_id, TaskRow.role).where(TaskRow.id == bindparam("key"))
SAID_TO_OTHERS = select(ScheduledRow.id).where(
    ScheduledRow.kind == "notice", ScheduledRow.rule == bindparam("of_rule"),
    ScheduledRow.dedup_key == bindparam("same"), ScheduledRow.deal_id.is_not_distinct_from(bindparam("deal")),
    ScheduledRow.employee_id != bindparam("who"),
).limit(1)  # fmt: skip


def may_read(work: UnitOfWork, row: Scheduled) -> bool:
    """Whether the actor, whose message it is, may read it as things stand: he has another role since, or the deal is
    a colleague's now. A deleted deal is judged as it was: nobody may read more of it than while it was there; and what
    was sent of it tells nothing any more, but that he need not come, or that his task is off."""
    me = work.actor
    if me is None or isinstance(row.notice, CallsDue):  # a list of his own tasks, made when it is read
        return True
    stays = _sees_as_much(me.role, _written_for(row))
    deal = deal_queries.find_even_deleted(work, row.deal_id) if row.deal_id is not None else None
    if deal is None:
        return stays
    if deal.deleted_at is not None and row.message_id is not None and not row.notice.tells_of_loss:
        return False
    process = work.company.processes.get(deal.process)
    if isinstance(row.notice, RefundWanted | RefundMade) and process and not access.can_see_account(me.role, process):
        return False
    if deal_queries.can_open(work, deal) or _is_own_task(work, me, row):
        return True
    return stays and (row.notice.tells_of_loss or _is_news(process, deal, me, row.envelope.to))


def _written_for(row: Scheduled) -> Role:
    """The reader's role when it was written. A version before noted none: what it sent counts as written for the role
    that it was addressed to, else as for an owner; who sees the deal reads it by that."""
    to = row.envelope.to
    return row.envelope.role or find_role(to if isinstance(to, str) else None) or "owner"


def _sees_as_much(now: Role, then: Role) -> bool:
    return then == now or now in access.OWNER or (now in access.ALL_SEEING and then not in access.OWNER)


def is_nobodys_duty(work: UnitOfWork, row: Scheduled) -> bool:
    """Whether nobody else need hear what its reader may not read any more: others do, or it was news, or his own
    wish."""
    if row.envelope.role is not None and row.envelope.to == row.envelope.role:
        return True
    given = {"of_rule": row.rule, "same": row.dedup_key, "deal": row.deal_id, "who": row.employee_id}
    return isinstance(row.notice, PaperReady) or work.tx.execute(SAID_TO_OTHERS, given).first() is not None


def _is_own_task(work: UnitOfWork, me: Employee, row: Scheduled) -> bool:
    """It is given to him, or to all of his role."""
    found = work.tx.execute(OWN_TASK, {"key": row.task_id}).one_or_none() if row.task_id is not None else None
    if found is None:
        return False
    return bool(found.assignee_id == me.id if found.assignee_id is not None else found.role == me.role)


def _is_news(process: Process | None, deal: Deal, me: Employee, to: str | int | None) -> bool:
    """What those who drive out or plan are told of a deal that is not theirs to open (M-8). Whoever sells is told of
    his own deals, and of nobody's."""
    if me.role in access.SALES:
        return False
    field = process.fields.get(to) if process is not None and isinstance(to, str) else None
    if isinstance(field, PersonNaming) and isinstance(to, str):
        named = deal.fields.get(to)
        return named is not None and me.id in field.people_of(named)
    return to is None or to in (me.role, me.id)
