"""A file that comes late for a task whose deal has gone on: it fills the field that the task asked for (truth 8)."""

from __future__ import annotations

from models.engine import moves
from models.entities import Deal
from models.fields.groups import FileLike
from services.deals import deal_commands, deal_queries
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork


def hand_in(work: UnitOfWork, home: Deal, name: str | None, key: int) -> None:
    """Count the kept file for its field, so that the robots that wait for it run; only if the actor is late with it.

    In time, a file lies in its folder until the line of the checklist is ticked: then more may still come.
    """
    deal = deal_queries.find(work, home.id)
    process = work.company.processes.get(deal.process) if deal else None
    field = process.fields.get(name) if process and name else None
    if deal is None or process is None or name is None or not isinstance(field, FileLike) or not _is_late(work, deal):
        return
    there = deal.fields.get(name) or ()
    if key not in there:
        value = (*there, key) if field.many else (key,)
        plan = moves.plan_fields(process, deal_queries.state_of(work, deal), {name: value}, work.moment)
        deal_commands.perform(work, deal, plan)


def _is_late(work: UnitOfWork, deal: Deal) -> bool:
    place = f"{deal.pipeline}.{deal.stage}"
    tasks = task_queries.of_deal(work, deal.id)
    return any(one.assignee_id == work.actor_id and one.origin != place for one in tasks)
