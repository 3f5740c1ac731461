"""Who changes the status of a ledger's entry, and whom one asks who may not (M-14)."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from models.entities import Deal, Employee
from models.errors import NotFound
from models.history.message_lines import QuestionLine
from models.notices.chat_notices import QuestionAsked
from models.tables.outbox import ScheduledRow
from services.deals import deal_queries, plans
from services.outbox import notices, schedule
from services.people import employees
from services.register import register_entries
from services.register import register_queries as where
from services.unit_of_work import UnitOfWork

RULE = "ledger_status"
KNOWN = (
    select(ScheduledRow.id)
    .where(
        ScheduledRow.deal_id == bindparam("deal"),
        ScheduledRow.rule == RULE,
        ScheduledRow.dedup_key == bindparam("cause"),
    )
    .limit(1)
)


def can_change(work: UnitOfWork, found: Deal) -> bool:
    """Whether the actor sets the status, by moving the deal: its responsible, or those above (M-14)."""
    return where.CHANGE.allows(work.actor, own=found.responsible_id == work.actor_id)


def ask_above(work: UnitOfWork, deal_id: int, text: str) -> list[Employee]:
    """Who may not change the status asks the supervisor (M-14), the owner where there is none; gives who was asked.

    The question has a button to answer and stands in the history. Asked twice on one stage, it is sent once.
    """
    where.check_sells(work)
    found = deal_queries.find(work, deal_id)
    if found is None or register_entries.find_entry(work, found) is None:
        raise NotFound("deal")
    above = employees.of_role(work, "supervisor") or employees.of_role(work, "owner")
    told = [one for one in above if one.id != work.actor_id]
    cause = f"{work.actor_id}-{found.stage}-{found.entered_at.isoformat()}"
    if not told or _is_asked(work, found.id, cause):
        return told
    plans.note(work, found, QuestionLine(text))
    said = QuestionAsked(text, work.actor_id)
    rows = [
        notices.to(work, one, said, rule=RULE, cause=cause, at=work.now, deal_id=found.id) for one in told
    ]  # fmt: skip
    schedule.put(work, rows)
    return told


def _is_asked(work: UnitOfWork, deal_id: int, cause: str) -> bool:
    return work.tx.execute(KNOWN, {"deal": deal_id, "cause": cause}).first() is not None
