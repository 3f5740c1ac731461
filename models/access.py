"""Who may see and do what (C-8). Asked on every update, from the database, never from a button.

The rows of the table that many features ask; each other feature registers its own beside its code (`models.rights`).
"""

from __future__ import annotations

from models import rights
from models.entities import Deal, Employee
from models.errors import NotAllowed
from models.ids import ClientId, DealId, EmployeeId, PaperId
from models.process.process import PaperDefinition, Process
from models.rights import Ties
from models.roles import ROLES, Role
from models.values.invalid_value import N_

ALL_SEEING: frozenset[Role] = frozenset({"owner", "supervisor"})
SALES: frozenset[Role] = frozenset({"owner", "supervisor", "manager"})
FIELD_STAFF: frozenset[Role] = frozenset({"installer", "measurer"})

# what a handler declares; one without a permission does not start
EVERYONE: frozenset[Role] = frozenset(ROLES)
MANAGEMENT: frozenset[Role] = frozenset({"owner", "supervisor"})
OWNER: frozenset[Role] = frozenset({"owner"})
PLANNERS: frozenset[Role] = frozenset(
    {"owner", "supervisor", "dispatcher"}
)  # who sets other people's hours and days off
MANAGER: frozenset[Role] = frozenset({"manager"})
OTHERS: frozenset[Role] = EVERYONE - SALES  # who leads no deals

# --- the rows -------------------------------------------------------------------------------------------------------

DEAL = rights.thing(
    "deal",
    N_("Лиды и сделки"),
    ids=(DealId,),
    tables=("deal", "deal_word", "event", "deal_counter", "counter", "intake_key", "pin"),
)
SEE_DEAL = DEAL.right(
    N_("видеть"), (ALL_SEEING, ("any",)), (MANAGER, ("own", "free", "at_work")), (OTHERS, ("at_work",))
)
KNOW_DEAL = DEAL.right(N_("знать, что она есть, её номер и кто ведёт"), (SALES, ("any",)), robots=False)
CHANGE_DEAL = DEAL.right(N_("вести и заполнять"), (ALL_SEEING, ("any",)), (MANAGER, ("own", "free")))
TAKE_DEAL = DEAL.right(N_("брать себе"), (SALES, ("free",)), robots=False)
ASSIGN_DEAL = DEAL.right(N_("передавать другому"), (MANAGEMENT, ("any",)), robots=False)
DELETE_DEAL = DEAL.right(N_("удалять"), (MANAGEMENT, ("any",)), robots=False)

FIELD = rights.thing("field", N_("Поля сделки"))
SEE_FIELD = FIELD.right(N_("видеть"), (EVERYONE, ("shown",)))
FILL_FIELD = FIELD.right(N_("заполнять"), (EVERYONE, ("asked",)))

MONEY = rights.thing("money", N_("Суммы и цены"))
SEE_MONEY = MONEY.right(N_("видеть"), (EVERYONE - FIELD_STAFF, ("shown",)))

DECISION = rights.thing("decision", N_("Решения за других"), tables=("change_request",))
DECIDE = DECISION.right(
    N_("снизить подписанную сумму, ответить на просьбу, оставить деньги"), (MANAGEMENT, ("any",)), robots=False
)
ASK = DECISION.right(N_("просить о решении"), (SALES, ("any",)), robots=False)

PERSON = rights.thing("person", N_("Сотрудники"), ids=(EmployeeId,), tables=("employee", "setting"))
CHANGE_PERSON = PERSON.right(
    N_("менять роль и телефон, увольнять"), (OWNER, ("any",)), ({"supervisor"}, ("below",)), robots=False
)
SEE_PERSON = PERSON.right(N_("видеть карточку и сколько на ком дел"), (MANAGEMENT, ("any",)))
GIVE_ROLE = PERSON.right(N_("давать роль"), (OWNER, ("any",)), ({"supervisor"}, ("below",)))

CLIENT = rights.thing("client", N_("Клиенты"), ids=(ClientId,), tables=("client", "client_phone", "client_word"))
SEE_CLIENT = CLIENT.right(N_("видеть карточку и телефоны"), (MANAGEMENT, ("any",)), (MANAGER, ("own", "few")))
CHANGE_CLIENT = CLIENT.right(
    N_("менять карточку, объединять"), (MANAGEMENT, ("any",)), (MANAGER, ("unshared",)), robots=False
)

PAPER = rights.thing("paper", N_("Документы"), ids=(PaperId,), tables=("paper",))
SEE_PAPER = PAPER.right(N_("видеть вместе со сделкой"), (EVERYONE, ("shown",)))
MAKE_PAPER = PAPER.right(N_("делать и отмечать отправленными"), (MANAGEMENT, ("any",)), (MANAGER, ("own", "free")))

MACHINE = rights.thing("machine", N_("Записи самой программы"), tables=("inbox", "leader", "owed_screen"))


# --- what is asked --------------------------------------------------------------------------------------------------


def roles_given_by(role: Role) -> tuple[Role, ...]:
    """The roles that somebody of this role may give: a supervisor makes nobody an owner."""
    reach = GIVE_ROLE.reach.get(role, frozenset())
    return tuple(one for one in ROLES if "any" in reach or (reach and one not in OWNER))


def leads(actor: Employee | None, deal: Deal) -> Ties:
    """What ties the actor to a deal by its responsible."""
    return {"free": deal.responsible_id is None, "own": actor is not None and deal.responsible_id == actor.id}


def can_view(actor: Employee, deal: Deal, *, assigned: bool = False) -> bool:
    """Owners and supervisors see every deal, a manager his own and nobody's, others what a task of theirs is on: not
    what they led before they got another role."""
    held = leads(actor, deal)
    return SEE_DEAL.allows(actor, own=held["own"], free=held["free"], at_work=assigned)


def can_change_person(actor: Employee, person: Employee) -> bool:
    """Nobody changes an owner, his hours or his phone, but an owner."""
    return person.role not in OWNER or actor.role in OWNER


def can_edit(actor: Employee, deal: Deal) -> bool:
    """Who may move a deal and fill it in: those of sales who see it."""
    return CHANGE_DEAL.allows(actor, **leads(actor, deal))


def hidden_fields(role: Role, process: Process) -> frozenset[str]:
    """The fields of which people of that role see neither title nor value, nor find a deal by them: those that the
    process hides from them, and for who drives out all that tells prices."""
    named = process.hidden_by_role[role]
    return named | process.price_fields if role in FIELD_STAFF else named


def can_see_field(actor: Employee, process: Process, name: str) -> bool:
    """The one question that every place asks before it shows a field, finds by it, or lets it be changed."""
    return SEE_FIELD.allows(actor, shown=name not in hidden_fields(actor.role, process))


def can_see_account(role: Role, process: Process) -> bool:
    """Sums, payments and what is left are one thing: from whom a part of it is hidden sees nothing of it."""
    return SEE_MONEY.allows_role(role, shown=hidden_fields(role, process).isdisjoint(process.account_fields))


def may_fill(actor: Employee | None, process: Process, name: str) -> bool:
    """Whether the actor may fill a field in by hand: not one that is for other roles, nor one that he does not see."""
    return FILL_FIELD.allows(actor, asked=actor is None or fills(actor.role, process, name))


def fills(role: Role, process: Process, name: str) -> bool:
    """The same of a role: whom the process asks, and who sees the field."""
    asked = process.fields[name].can_fill(role) and name not in hidden_fields(role, process)
    return FILL_FIELD.allows_role(role, asked=asked)


def check_may_fill(actor: Employee | None, process: Process, name: str) -> None:
    """NotAllowed unless the actor may fill the field in by hand."""
    if not may_fill(actor, process, name):
        raise NotAllowed


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
    shown = role not in paper.hidden_from and (role not in FIELD_STAFF or not has_prices(paper))
    return SEE_PAPER.allows_role(role, shown=shown)


def unprinted_fields(process: Process, paper: PaperDefinition) -> frozenset[str]:
    """What a paper leaves out: all that the process hides from somebody who may see the paper. Prices are left out by
    `has_prices`."""
    hidden = (process.hidden_by_role[role] for role in ROLES if reads_paper(role, paper))
    return frozenset[str]().union(*hidden)


def can_make_papers(actor: Employee, deal: Deal) -> bool:
    """Who makes a deal's papers and says that they were sent."""
    return MAKE_PAPER.allows(actor, **leads(actor, deal))


def can_decide(actor: Employee | None) -> bool:
    """Who may do what others have to ask for: lower a signed sum, for example."""
    return DECIDE.allows(actor)


def can_assign(actor: Employee) -> bool:
    """Who may hand a deal to somebody else."""
    return ASSIGN_DEAL.allows(actor)
