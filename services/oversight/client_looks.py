"""Looking at clients: whoever leads no deal of theirs is counted by the day, and every look is written down.

A client is one's own by any deal of his that one leads, a firm by one of a contact of its too. Of the others a manager
may look at so many in a day (by the company's zone); the journal itself is the count, so that it outlives restarts.
Nothing is written about a look at one's own clients.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import time
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, select, text, union

from models import access
from models.entities import Client
from models.ids import ClientId
from models.notices.oversight_notices import LooksLimited
from models.oversight.journal import Act, JournalEntry, Subject
from models.oversight.looks import ShownClients
from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from services.outbox import notices, schedule
from services.oversight import journal, list_rules
from services.people import employees
from services.unit_of_work import UnitOfWork

RULE = "looks_limited"
LOOKS: frozenset[Act] = frozenset({"list_seen", "client_seen"})
IN_TURN = text("SELECT pg_advisory_xact_lock(8253722, :who)")  # two presses of one person at once are counted in turn
CARDS: BindParameter[list[int]] = bindparam("cards", expanding=True)
THERE = DealRow.deleted_at.is_(None)
WHO_LEADS: CompoundSelect[Any] = union(
    select(DealRow.client_id.label("card"), DealRow.responsible_id).where(DealRow.client_id.in_(CARDS), THERE),
    select(ClientRow.company_id.label("card"), DealRow.responsible_id)
    .join(DealRow, DealRow.client_id == ClientRow.id)
    .where(ClientRow.company_id.in_(CARDS), THERE),
)
Leaders = dict[int, set[int | None]]  # by card; None: a deal that nobody leads


def look(work: UnitOfWork, clients: Sequence[Client], what: Act, about: Subject) -> ShownClients:
    """Show the actor these clients, the first ones first: which of them he may see. The look is written down; whoever
    would see more than he may is told so by who calls, and the owner hears of it, once a day. NotAllowed for who sees
    no clients' cards at all."""
    me = work.actor
    foreign, leaders = _foreign(work, clients)
    access.SEE_CLIENT.check(me, own=not foreign, few=bool(foreign))
    if me is None or not foreign:
        return ShownClients(tuple(clients))
    hidden, past, most = _kept_back(work, foreign, leaders)
    away = hidden | past
    seen = [one.id for one in foreign if one.id not in away]
    shown = tuple(one for one in clients if one.id not in away)
    if past:
        _tell_owner(work, most)
    if seen:
        journal.note(work, what, about=about, count=len(shown), clients=seen)
    return ShownClients(shown, len(hidden), _names(work, leaders, hidden), len(past), most)


def peek(work: UnitOfWork, client: Client) -> bool:
    """Whether this client's name may be drawn once more: he is one's own, free to be seen, or seen today already."""
    foreign, leaders = _foreign(work, [client])
    hidden, past, _ = _kept_back(work, foreign, leaders) if foreign else (frozenset(), frozenset(), 0)
    return client.id not in hidden | past


def _foreign(work: UnitOfWork, clients: Iterable[Client]) -> tuple[list[Client], Leaders]:
    """Those whose deals the actor does not lead, and who leads them."""
    known = {one.id: one for one in clients}
    leaders: Leaders = {}
    if work.actor is None or not known:
        return [], leaders
    for row in work.tx.execute(WHO_LEADS, {"cards": list(known)}):
        leaders.setdefault(row.card, set()).add(row.responsible_id)
    return [one for one in known.values() if work.actor.id not in leaders.get(one.id, ())], leaders


def _kept_back(
    work: UnitOfWork, foreign: Sequence[Client], leaders: Leaders
) -> tuple[frozenset[ClientId], frozenset[ClientId], int]:
    """Those that the actor may not see because colleagues lead them, those that are too many for a day, how many are
    not."""
    me, rules = work.actor, list_rules.get(work)
    if me is None or access.SEE_CLIENT.allows(me):
        return frozenset(), frozenset(), 0
    hidden = frozenset(one.id for one in foreign if rules.own_only and None not in leaders.get(one.id, {None}))
    most = rules.most
    if most is None or list_rules.is_lifted(work, me.id):
        return hidden, frozenset(), 0
    if work.tx.dialect.name == "postgresql":
        work.tx.execute(IN_TURN, {"who": me.id})
    seen = _seen(_today(work, me.id))
    new = [one.id for one in foreign if one.id not in hidden and one.id not in seen]
    return hidden, frozenset(new[max(0, most - len(seen)) :]), most


def _today(work: UnitOfWork, who: int) -> list[JournalEntry]:
    """What a person has done since the company's midnight."""
    midnight = work.company.calendar.at(work.moment.today, time())
    return journal.of_person(work.tx, who, midnight)


def _seen(entries: Iterable[JournalEntry]) -> set[ClientId]:
    return {key for one in entries if one.what in LOOKS for key in one.clients}


def _tell_owner(work: UnitOfWork, most: int) -> None:
    me = work.actor
    assert me is not None
    if any(one.what == "looks_limited" for one in _today(work, me.id)):
        return
    today = work.moment.today
    said = LooksLimited(me.id, me.name, most, today)
    told = [
        notices.to(work, one, said, rule=RULE, cause=f"{me.id}-{today}") for one in employees.of_role(work, "owner")
    ]
    schedule.put(work, told)
    journal.note(work, "looks_limited", about=("employee", me.id), count=most)


def _names(work: UnitOfWork, leaders: Leaders, hidden: Collection[ClientId]) -> tuple[str, ...]:
    """Who leads these clients."""
    found = {who for key in hidden for who in leaders.get(key, ())}
    return tuple(one.name for one in employees.staff(work) if one.id in found)
