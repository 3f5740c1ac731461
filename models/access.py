"""Who may see and do what (C-8). Asked on every update, from the database, never from a button."""

from __future__ import annotations

from models.entities import Deal, Employee
from models.process.process import PaperDefinition, Process
from models.roles import ROLES, Role

ALL_SEEING: frozenset[Role] = frozenset({"owner", "supervisor"})
SALES: frozenset[Role] = frozenset({"owner", "supervisor", "manager"})
FIELD_STAFF: frozenset[Role] = frozenset({"installer", "measurer"})

# what a handler declares; one without a permission does not start
EVERYONE: frozenset[Role] = frozenset(
    {"owner", "supervisor", "manager", "installer", "technologist", "measurer", "dispatcher"}
)
MANAGEMENT: frozenset[Role] = frozenset({"owner", "supervisor"})
OWNER: frozenset[Role] = frozenset({"owner"})
PLANNERS: frozenset[Role] = frozenset(
    {"owner", "supervisor", "dispatcher"}
)  # who sets other people's hours and days off


def roles_given_by(role: Role) -> tuple[Role, ...]:
    """The roles that somebody of this role may give: a supervisor makes nobody an owner."""
    if role in OWNER:
        return ROLES
    return tuple(one for one in ROLES if one not in OWNER) if role in MANAGEMENT else ()


def can_view(actor: Employee, deal: Deal, *, assigned: bool = False) -> bool:
    """Owners and supervisors see every deal, a manager his own and nobody's, others what a task of theirs is on: not
    what they led before they got another role."""
    if actor.role in ALL_SEEING or assigned:
        return True
    return actor.role == "manager" and deal.responsible_id in (actor.id, None)


def can_change_person(actor: Employee, person: Employee) -> bool:
    """Nobody changes an owner, his hours or his phone, but an owner."""
    return person.role not in OWNER or actor.role in OWNER


def can_edit(actor: Employee, deal: Deal) -> bool:
    """Who may move a deal and fill it in: those of sales who see it."""
    return actor.role in SALES and can_view(actor, deal)


def hidden_fields(role: Role, process: Process) -> frozenset[str]:
    """The fields of which people of that role see neither title nor value, nor find a deal by them: those that the
    process hides from them, and for who drives out all that tells prices."""
    named = process.hidden_by_role[role]
    return named | process.price_fields if role in FIELD_STAFF else named


def can_see_field(actor: Employee, process: Process, name: str) -> bool:
    """The one question that every place asks before it shows a field, finds by it, or lets it be changed."""
    return name not in hidden_fields(actor.role, process)


def can_see_account(role: Role, process: Process) -> bool:
    """Sums, payments and what is left are one thing: from whom a part of it is hidden sees nothing of it."""
    return role not in FIELD_STAFF and hidden_fields(role, process).isdisjoint(process.account_fields)


def as_seen(role: Role, process: Process, deal: Deal) -> Deal:
    """The deal as somebody of that role may read it: without what is hidden from him, and the visits that show it.

    It is for showing: whatever decides or writes takes the deal itself.
    """
    hidden = hidden_fields(role, process)
    if hidden.isdisjoint(deal.fields) and hidden.isdisjoint(process.faces):
        return deal
    shown = {name: value for name, value in deal.fields.items() if name not in hidden}
    kinds = process.visit_kinds
    visits = {
        name: every for name, every in deal.visits.items() if name in kinds and hidden.isdisjoint(kinds[name].fields)
    }
    return deal.replace(fields=shown, visits=visits)


def has_prices(paper: PaperDefinition) -> bool:
    """Whether a paper tells prices: one that the people who drive out see does not (C-8)."""
    return paper.pays or not FIELD_STAFF.isdisjoint(paper.hidden_from)


def can_see_paper(actor: Employee, paper: PaperDefinition) -> bool:
    """Whoever the process hides a paper from does not see it, nor who drives out one that tells prices."""
    return reads_paper(actor.role, paper)


def reads_paper(role: Role, paper: PaperDefinition) -> bool:
    """The same of a role."""
    return role not in paper.hidden_from and (role not in FIELD_STAFF or not has_prices(paper))


def unprinted_fields(process: Process, paper: PaperDefinition) -> frozenset[str]:
    """What a paper leaves out: all that the process hides from somebody who may see the paper. Prices are left out by
    `has_prices`."""
    hidden = (process.hidden_by_role[role] for role in ROLES if reads_paper(role, paper))
    return frozenset[str]().union(*hidden)


def can_decide(actor: Employee | None) -> bool:
    """Who may do what others have to ask for: lower a signed sum, for example."""
    return actor is not None and actor.role in MANAGEMENT


def can_assign(actor: Employee) -> bool:
    """Who may hand a deal to somebody else."""
    return actor.role in ALL_SEEING
