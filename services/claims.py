"""Claims of clients: registered with a number, worked on by a task, settled with the client's word (K-24)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from models import access, rights
from models.engine import effects as e
from models.engine import moves
from models.entities import Claim, Deal
from models.errors import NotAllowed, NotFound
from models.history.money_lines import ClaimMade, ClaimWasSettled
from models.ids import ClaimId
from models.process.process import Process
from models.process.triggers import Becomes
from models.tables.claims import ClaimRow
from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from models.tables.tasks import TaskRow
from models.values.invalid_value import N_
from services import numbering
from services.deals import deal_commands, deal_queries, hooks
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies
from services.facts import fact
from services.unit_of_work import UnitOfWork

PAGE = 8
OPEN = "open"

CLAIM = rights.thing("claim", N_("Претензии"), ids=(ClaimId,), tables=("claim",))
SEE = CLAIM.right(N_("видеть вместе со сделкой"), (access.EVERYONE, ("any",)))
LIST = CLAIM.right(N_("видеть все открытые"), (access.ALL_SEEING, ("any",)))
REGISTER = CLAIM.right(N_("заводить"), (access.MANAGEMENT, ("any",)), (access.MANAGER, ("own", "free")), robots=False)

_opener, _settler, _owner = (
    aliased(EmployeeRow, name="opener"),
    aliased(EmployeeRow, name="settler"),
    aliased(EmployeeRow, name="owner"),
)
_ALL: Select[*tuple[Any, ...]] = (
    select(
        ClaimRow, _opener.name.label("opened_by"), _settler.name.label("settled_by"), _owner.name.label("owner"),
        DealRow.process, DealRow.title, DealRow.number.label("deal_number"), DealRow.deleted_at,
    )
    .join(DealRow, DealRow.id == ClaimRow.deal_id)
    .outerjoin(_opener, _opener.id == ClaimRow.opened_by_id)
    .outerjoin(_settler, _settler.id == ClaimRow.settled_by_id)
    .outerjoin(_owner, _owner.id == DealRow.responsible_id)
)  # fmt: skip
ADD = insert(ClaimRow).returning(ClaimRow.id)
OF_DEAL = _ALL.where(ClaimRow.deal_id == bindparam("deal")).order_by(ClaimRow.id)
BY_ID = _ALL.where(ClaimRow.id == bindparam("id"))
IS_OPEN = select(ClaimRow.id).where(ClaimRow.deal_id == bindparam("deal"), ClaimRow.state == OPEN).limit(1)
SHOWN = select(ClaimRow.photos).where(ClaimRow.deal_id == bindparam("deal"))
SETTLE = (
    update(ClaimRow)
    .where(ClaimRow.deal_id == bindparam("key"), ClaimRow.state == OPEN)
    .values(state="settled", settled_at=bindparam("now"), settled_by_id=bindparam("who"), client_word=bindparam("said"))
)
REPAIRED = (
    update(ClaimRow)
    .where(ClaimRow.deal_id == bindparam("key"), ClaimRow.state == OPEN, ClaimRow.repair_id.is_(None))
    .values(repair_id=bindparam("repair"))
)
SHOW = update(ClaimRow).where(ClaimRow.id == bindparam("key")).values(photos=bindparam("ids"))
TASKS = (
    select(TaskRow.deal_id, TaskRow.id, TaskRow.name, TaskRow.due_at, TaskRow.role, EmployeeRow.name.label("whose"))
    .outerjoin(EmployeeRow, EmployeeRow.id == TaskRow.assignee_id)
    .where(
        TaskRow.deal_id.in_(bindparam("deals", expanding=True)),
        TaskRow.name.in_(bindparam("names", expanding=True)),
        TaskRow.state == "open",
    )
    .order_by(TaskRow.due_at, TaskRow.id)
)
# what is to be worked on: nothing of learners, nothing of deals that were taken away
_UNSETTLED = (ClaimRow.state == OPEN, DealRow.kind != "practice", DealRow.deleted_at.is_(None))
COUNT = select(func.count()).select_from(ClaimRow).join(DealRow, DealRow.id == ClaimRow.deal_id).where(*_UNSETTLED)
NEXT = (
    _ALL.where(*_UNSETTLED, ClaimRow.id > bindparam("edge")).order_by(ClaimRow.id).limit(bindparam("most"))
)  # fmt: skip
BEFORE = (
    _ALL.where(*_UNSETTLED, ClaimRow.id < bindparam("edge")).order_by(ClaimRow.id.desc()).limit(bindparam("most"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim in the list of all, with its deal's title and number."""

    claim: Claim
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A page of open claims, the oldest first; `after` leads to the next page, `before` to the one before."""

    entries: tuple[ClaimEntry, ...]
    after: int | None
    before: int | None


# --- reading ----------------------------------------------------------------------------------------------------


def of_deal(work: UnitOfWork, found: Deal) -> list[Claim]:
    """The deal's claims, the oldest first; no rights are asked. A process without claims costs no look."""
    process = work.company.processes.get(found.process)
    if process is None or not process.has_claims:
        return []
    return [one.claim for one in _entries(work, work.tx.execute(OF_DEAL, {"deal": found.id}))]


def get(work: UnitOfWork, claim_id: int) -> tuple[Claim, Deal]:
    """The claim and its deal, if the actor may see that: NotFound, NotAllowed."""
    row = work.tx.execute(BY_ID, {"id": claim_id}).one_or_none()
    if row is None:
        raise NotFound("claim")
    SEE.check(work.actor)
    found = deal_queries.get(work, row.deal_id)
    return _entries(work, [row])[0].claim, found


def is_open(work: UnitOfWork, deal_id: int) -> bool:
    """Whether a claim of the deal is still to be settled."""
    return work.tx.execute(IS_OPEN, {"deal": deal_id}).first() is not None


def count_open(work: UnitOfWork) -> int:
    """How many claims of real deals wait to be settled."""
    return int(work.tx.execute(COUNT).scalar_one())


def page(work: UnitOfWork, *, after: int = 0, before: int | None = None) -> ClaimPage:
    """One page of all open claims, for those above (NotAllowed). `after` and `before` are ids at its edges."""
    LIST.check(work.actor)
    if before is not None:
        rows = work.tx.execute(BEFORE, {"edge": before, "most": PAGE + 1}).all()
        found = _entries(work, reversed(rows[:PAGE]))
        first = found[0].claim.id if found and len(rows) > PAGE else None
        return ClaimPage(tuple(found), found[-1].claim.id if found else None, first)
    rows = work.tx.execute(NEXT, {"edge": after, "most": PAGE + 1}).all()
    found = _entries(work, rows[:PAGE])
    further = found[-1].claim.id if len(rows) > PAGE else None
    return ClaimPage(tuple(found), further, found[0].claim.id if after and found else None)


def _entries(work: UnitOfWork, rows: Iterable[Row[Any]]) -> list[ClaimEntry]:
    known = list(rows)
    tasks = _tasks(work, known)
    out = []
    for row in known:
        own = tasks.get(row.deal_id) if row.state == OPEN else None
        made = Claim(
            row.id, row.number, row.deal_id, row.text, row.state, row.opened_by, row.opened_at, tuple(row.photos),
            row.settled_by, row.settled_at, row.client_word, row.repair_id,
            own.id if own else None, own.whose if own else row.owner, own.due_at if own else None,
        )  # fmt: skip
        out.append(ClaimEntry(made, row.title, row.deal_number))
    return out


def _tasks(work: UnitOfWork, rows: Iterable[Row[Any]]) -> dict[int, Any]:
    """The open task that settles the claims of each deal, the next due first."""
    open_ = {row.deal_id: _settling(work, row.process) for row in rows if row.state == OPEN}
    names = {name for own in open_.values() for name in own}
    if not names:
        return {}
    found: dict[int, Any] = {}
    for row in work.tx.execute(TASKS, {"deals": list(open_), "names": sorted(names)}):
        if row.name in open_[row.deal_id]:
            found.setdefault(row.deal_id, row)
    return found


def _settling(work: UnitOfWork, name: str) -> frozenset[str]:
    process = work.company.processes.get(name)
    return process.settling if process else frozenset()


# --- by hand ----------------------------------------------------------------------------------------------------


def can_register(work: UnitOfWork, found: Deal) -> bool:
    """Whether the actor may register a claim by hand: those of sales who see the deal, closed or not, where the process
    knows claims. An installer does it by an outcome of his task. A lead has nothing to complain of yet."""
    process = work.company.processes.get(found.process)
    known = process is not None and process.has_claims and found.kind in ("deal", "practice")
    return known and REGISTER.allows(work.actor, **access.leads(work.actor, found))


def register(work: UnitOfWork, deal_id: int, text: str) -> Claim:
    """The client has called with a claim: it gets its number, the process's robots run, those above hear of it at once.

    A second one while the first is open is a claim of its own; one task sees to both. On a closed deal too: it stays
    closed. NotFound, NotAllowed.
    """
    found = deal_queries.get(work, deal_id)
    if not can_register(work, found):
        raise NotAllowed
    plan = moves.plan_claim(work.process(found.process), deal_queries.state_of(work, found), text, work.moment)
    return of_deal(work, deal_commands.perform(work, found, plan))[-1]


def add_photos(work: UnitOfWork, claim_id: int, ids: Iterable[int]) -> Claim:
    """Photos that came after the text; those of other claims of the deal are left with them. NotFound, NotAllowed."""
    one, found = get(work, claim_id)
    if not can_register(work, found):
        raise NotAllowed
    fresh = [key for key in ids if key not in _shown(work, found.id)]
    if fresh:
        work.tx.execute(SHOW, {"key": one.id, "ids": [*one.photos, *fresh]})
    return get(work, claim_id)[0]


# --- by effects -------------------------------------------------------------------------------------------------


@applies(e.ClaimOpened)
def _opened(changes: DealChanges, effect: e.ClaimOpened) -> None:
    number = write(changes.work, changes.before, effect.text, effect.photos, practice=changes.practice)
    changes.note(ClaimMade(number, effect.text))


@applies(e.ClaimSettled)
def _settled(changes: DealChanges, effect: e.ClaimSettled) -> None:
    settle(changes.work, changes.before.id, effect.word)
    changes.note(ClaimWasSettled(effect.word))


@hooks.converted.register
def _mended(work: UnitOfWork, found: Deal, begun: Deal, elsewhere: bool) -> None:
    """A deal begun in another process is what mends the claim (K-24)."""
    if elsewhere:
        repaired_by(work, found.id, begun.id)


@fact("claim_open", asked=lambda process: process.has_claims)
def _is_open(work: UnitOfWork, found: Deal, process: Process) -> Iterable[str]:
    return ("claim_open",) if is_open(work, found.id) else ()


def write(work: UnitOfWork, found: Deal, text: str, photos: tuple[int, ...] = (), *, practice: bool = False) -> str:
    """Register a claim; gives its number «П-2026-0007». A learner's claims are counted by themselves: «УП-…» (K-2)."""
    name, shape = ("practice-claim", "УП-{year}-{n:04d}") if practice else ("claim", "П-{year}-{n:04d}")
    number = numbering.next_of_year(work, name, shape)
    work.add(
        ADD,
        number=number,
        deal_id=found.id,
        text=text,
        state=OPEN,
        opened_by_id=work.actor_id,
        opened_at=work.now,
        photos=[key for key in photos if key not in _shown(work, found.id)],
    )
    return number


def _shown(work: UnitOfWork, deal_id: int) -> set[int]:
    """The photos that claims of the deal have already."""
    return {key for ids in work.tx.execute(SHOWN, {"deal": deal_id}).scalars() for key in ids}


def settle(work: UnitOfWork, deal_id: int, word: str) -> None:
    """The deal's open claims are settled."""
    work.tx.execute(SETTLE, {"key": deal_id, "now": work.now, "who": work.actor_id, "said": word})


def repaired_by(work: UnitOfWork, deal_id: int, repair_id: int) -> None:
    """A deal was begun that mends what the open claims are about."""
    work.tx.execute(REPAIRED, {"key": deal_id, "repair": repair_id})


def listens(process: Process, found: Deal) -> bool:
    """Whether the stage expects claims: a robot there waits for one."""
    robots = (robot for _, robot in process.rules_of(found.pipeline, found.stage))
    return any(isinstance(robot.on, Becomes) and robot.on.becomes == "claim_open" for robot in robots)
