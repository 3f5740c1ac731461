"""Who may not change a client's card, or look at more of them, asks those above; and when that is settled."""

from __future__ import annotations

from models.entities import Client, Employee
from models.errors import NotFound
from models.notices.oversight_notices import CompanyAsked, LooksLimited
from models.notices.people_notices import MergeAsked
from services.clients import client_cards
from services.obsolete_notices import obsolete_when
from services.outbox import notices, schedule
from services.oversight import list_rules
from services.people import employees, presence
from services.unit_of_work import UnitOfWork

RULE = "merge_asked"


def ask_merge(work: UnitOfWork, one: Client, other: Client) -> list[Employee]:
    """Those above are asked to look at two cards; who they are."""
    assert work.actor is not None
    said = MergeAsked(one.id, other.id, one.name, other.name, work.actor.name)
    readers = [
        reader for reader in presence.nearest(work, presence.roles_above(work.actor.role)) if reader.id != work.actor.id
    ]
    cause = f"{min(one.id, other.id)}-{max(one.id, other.id)}-{work.moment.today.isoformat()}"
    schedule.put(work, [notices.to(work, reader, said, rule=RULE, cause=cause) for reader in readers])
    return readers


@obsolete_when(MergeAsked)
def _is_settled(work: UnitOfWork, said: MergeAsked) -> bool:
    """They are one by now, or one of them was erased."""
    try:
        return client_cards.get(work, said.one).id == client_cards.get(work, said.other).id
    except NotFound:
        return True


@obsolete_when(CompanyAsked)
def _has_company(work: UnitOfWork, said: CompanyAsked) -> bool:
    """His card names a firm by now, or was erased."""
    try:
        return client_cards.get(work, said.client).company_id is not None
    except NotFound:
        return True


@obsolete_when(LooksLimited)
def _is_lifted(work: UnitOfWork, said: LooksLimited) -> bool:
    """The limit does not hold for that person any more, or he works here no more."""
    return list_rules.is_lifted(work, said.person) or employees.find_working(work, said.person) is None
