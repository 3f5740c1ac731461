"""A deal passes from hand to hand: taken, assigned (C-6)."""

from __future__ import annotations

from models import access
from models.entities import Deal, Employee
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.history.deal_lines import ResponsibleChanged
from models.notices.deal_notices import DealAssigned
from services.deals import before_press, deal_queries, hooks
from services.deals import changes as deal_changes
from services.people import employees
from services.unit_of_work import UnitOfWork


def take(work: UnitOfWork, deal_id: int) -> Deal:
    """Become the responsible of a deal that is nobody's; AlreadyDone names who was faster."""
    found = deal_queries.find(work, deal_id)
    if found is None:
        raise NotFound("deal")
    if work.actor is None or not access.TAKE_DEAL.allows(work.actor, free=True):
        raise NotAllowed
    if found.responsible_id is not None:
        raise AlreadyDone(deal_queries.holder(work, found))
    return hand_over(work, found, work.actor)


def assign(work: UnitOfWork, deal_id: int, to: int) -> Deal:
    """Hand the deal to somebody else (C-6); he is told."""
    found = deal_queries.get(work, deal_id)
    if work.actor is None or not access.can_assign(work.actor):
        raise NotAllowed
    person = employees.get(work, to)
    if not person.active or person.role not in access.SALES:
        raise NotFound("employee")
    return hand_over(work, found, person)


def hand_over(work: UnitOfWork, found: Deal, person: Employee, *, told: bool = True) -> Deal:
    """Change the responsible; open tasks of the old one go along, the new one is told, unless it is told him otherwise.

    Gives the deal as it is then.
    """
    before_press.look(work, found)
    changes = deal_changes.begin(work, found)
    old = found.responsible_id
    changes.responsible_id = person.id
    changes.note(ResponsibleChanged(to=person.name, of=employees.get(work, old).name if old else None))
    hooks.handed_over(changes, old, person)
    if told and person.id != work.actor_id:
        changes.say("responsible", "assigned", DealAssigned())
    return deal_changes.write(changes)
