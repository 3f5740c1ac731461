"""A next step that somebody has set himself puts off the reminders of the same deal to him, until its time, and never
for more than three working days. What goes to anybody else is not put off."""

from __future__ import annotations

from datetime import datetime

from models.engine import due_dates
from models.engine.effects import NoticePlanned, Plan
from models.entities import Deal
from models.outbox import Scheduled
from models.process.triggers import Stuck
from models.values.spans import Days
from services.tasks import next_steps
from services.unit_of_work import UnitOfWork

LONGEST = Days(days=3)  # working days beyond the reminder's own time


def until(work: UnitOfWork, deal: Deal, row: Scheduled, plan: Plan) -> datetime | None:
    """Until when a reminder that rings is put off; None if it is told now."""
    robot = dict(work.process(deal.process).rules_of(deal.pipeline, deal.stage)).get(row.rule)
    if robot is None or not isinstance(robot.on, Stuck) or not all(map(_is_to_responsible, plan.effects)):
        return None
    own = [one for one in next_steps.of_deal(work, deal.id) if one.assignee_id == deal.responsible_id]
    first = next((one.due_at for one in own if one.due_at > work.now), None)
    if first is None:
        return None
    calendar = work.company.calendar
    meant = due_dates.stuck_due(robot.on, deal.entered_at, work.moment)
    at = min(first, calendar.later(meant, LONGEST)) if meant is not None else first
    return at if at > work.now else None


def _is_to_responsible(effect: object) -> bool:
    return isinstance(effect, NoticePlanned) and not effect.escalated and effect.to == "responsible"
