"""Who may see and do what (C-8). Asked on every update, from the database, never from a button."""

from __future__ import annotations

from models.entities import Deal, Employee
from models.fields.base import Field
from models.fields.groups import Priced
from models.process.process import PaperDefinition
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


def can_see_money(actor: Employee) -> bool:
    """Prices and payments are not for the people who drive out."""
    return actor.role not in FIELD_STAFF


def can_see_field(actor: Employee, one: Field) -> bool:
    """Whoever the process hides a field from sees it nowhere; sums are hidden from all who may not see money."""
    return actor.role not in one.hidden_from and (can_see_money(actor) or not isinstance(one, Priced))


def has_prices(paper: PaperDefinition) -> bool:
    """Whether a paper tells prices: one that the people who drive out see does not (C-8)."""
    return paper.pays or not FIELD_STAFF.isdisjoint(paper.hidden_from)


def can_see_paper(actor: Employee, paper: PaperDefinition) -> bool:
    """Whoever the process hides a paper from does not see it; a price is hidden from all who may not see money."""
    if actor.role in paper.hidden_from:
        return False
    return can_see_money(actor) or not has_prices(paper)


def can_decide(actor: Employee | None) -> bool:
    """Who may do what others have to ask for: lower a signed sum, for example."""
    return actor is not None and actor.role in MANAGEMENT


def can_assign(actor: Employee) -> bool:
    """Who may hand a deal to somebody else."""
    return actor.role in ALL_SEEING
