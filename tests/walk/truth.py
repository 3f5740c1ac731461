"""What must be true after every step, asked of the tables alone: no verb, no engine and no screen is believed.

Each law is a function that gives a line for everything that breaks it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from models.process.process import Process
from models.tables.deals import DealCounterRow, DealRow, HistoryRow
from models.tables.outbox import ScheduledRow
from models.tables.payments import PaymentRow
from models.tables.people import EmployeeRow
from models.tables.sms import SmsRow
from models.tables.tasks import TaskRow
from models.tables.visits import VisitRow
from services.unit_of_work import UnitOfWork

Law = Callable[[UnitOfWork], Iterator[str]]
LAWS: list[Law] = []
COMING = ("planned", "confirmed", "under_way")


def law(one: Law) -> Law:
    """Register a law."""
    LAWS.append(one)
    return one


def broken(work: UnitOfWork) -> list[str]:
    """Every law that is broken now, a line each."""
    return [f"{one.__name__}: {line}" for one in LAWS for line in one(work)]


def _deals(work: UnitOfWork) -> list[Any]:
    return list(work.tx.execute(select(DealRow).where(DealRow.deleted_at.is_(None))))


def _process(work: UnitOfWork, deal: Any) -> Process:
    return work.company.processes[deal.process]


# --- visits -----------------------------------------------------------------------------------------------------


@law
def nobody_is_in_two_places(work: UnitOfWork) -> Iterator[str]:
    """Two visits of one person do not overlap, whatever process they belong to."""
    rows = work.tx.execute(select(VisitRow).where(VisitRow.state.in_(COMING)).order_by(VisitRow.starts_at)).all()
    whose: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        for person in (row.employee_id, *(row.others or ())):
            if person is not None and row.starts_at is not None:
                whose[person].append(row)
    for person, visits in whose.items():
        for one, following in pairwise(visits):
            if following.starts_at < one.ends_at:
                yield f"employee {person}: deals {one.deal_id} and {following.deal_id} at {following.starts_at}"


@law
def a_deal_that_is_off_sends_nobody(work: UnitOfWork) -> Iterator[str]:
    """A deal that was lost or taken away has no visit before it."""
    alive = {deal.id: deal for deal in _deals(work)}
    ahead = select(VisitRow).where(VisitRow.state.in_(COMING), VisitRow.starts_at > work.now)
    for row in work.tx.execute(ahead):
        deal = alive.get(row.deal_id)
        if deal is None or deal.status == "lost":
            yield f"visit {row.id} of deal {row.deal_id} at {row.starts_at}"


@law
def visits_stand_in_one_place(work: UnitOfWork) -> Iterator[str]:
    """The deal's own JSON holds nothing of a visit."""
    for deal in _deals(work):
        if held := set(deal.fields or {}) & set(_process(work, deal).faces):
            yield f"№ {deal.number} keeps {sorted(held)} beside the visit"


# --- people and tasks -------------------------------------------------------------------------------------------


@law
def every_open_deal_is_heard_of(work: UnitOfWork) -> Iterator[str]:
    """Something is due for it, to be told to somebody who works here."""
    waiting = set(work.tx.execute(select(ScheduledRow.deal_id).where(ScheduledRow.done_at.is_(None))).scalars())
    nobody = not work.tx.execute(select(EmployeeRow.id).where(EmployeeRow.active)).first()
    for deal in _deals(work):
        if deal.status == "open" and (deal.id not in waiting or nobody):
            yield f"№ {deal.number} on {deal.stage}: nothing is due"


@law
def every_open_task_rings(work: UnitOfWork) -> Iterator[str]:
    """An open task belongs to a deal that there is and to somebody, is there once, and is not silent."""
    alive = {deal.id: deal for deal in _deals(work)}
    ringing = set(work.tx.execute(select(ScheduledRow.task_id).where(ScheduledRow.done_at.is_(None))).scalars())
    seen: Counter[tuple[int, str]] = Counter()
    for task in work.tx.execute(select(TaskRow).where(TaskRow.state == "open")):
        seen[task.deal_id, task.name] += 1
        if task.deal_id not in alive:
            yield f"task {task.id} ({task.name}) of a deal that is gone"
        if task.assignee_id is None and task.role is None:
            yield f"task {task.id} ({task.name}) is nobody's"
        if task.list is None and task.id not in ringing:
            yield f"task {task.id} ({task.name}) of deal {task.deal_id} rings no more"
    for (deal, name), n in seen.items():
        if n > 1:
            yield f"deal {deal} has {name} {n} times"


# --- money ------------------------------------------------------------------------------------------------------


@law
def money_counts_once(work: UnitOfWork) -> Iterator[str]:
    """What stands under a payment field is what the lines of the ledger come to."""
    sums: Counter[tuple[int, str]] = Counter()
    for row in work.tx.execute(select(PaymentRow)):
        sums[row.deal_id, row.field] += row.amount
    for deal in _deals(work):
        for name in _process(work, deal).payment_fields:
            held = (deal.fields or {}).get(name) or 0
            if held != max(sums[deal.id, name], 0):
                yield f"№ {deal.number}: {name} holds {held}, its lines come to {sums[deal.id, name]}"


@law
def deals_are_counted_once(work: UnitOfWork) -> Iterator[str]:
    """The counts on the menus are the deals that there are."""
    real: Counter[tuple[str, str, str, int]] = Counter()
    for deal in _deals(work):
        if deal.status == "open":
            real[deal.process, deal.pipeline, deal.stage, deal.responsible_id or 0] += 1
    kept: Counter[tuple[str, str, str, int]] = Counter()
    for row in work.tx.execute(select(DealCounterRow)):
        kept[row.process, row.pipeline, row.stage, row.responsible_id] += row.n
    for place in real.keys() | kept.keys():
        if real[place] != kept[place]:
            yield f"{place}: {kept[place]} counted, {real[place]} there"


@law
def no_success_with_a_debt(work: UnitOfWork) -> Iterator[str]:
    """Where payments are kept, a deal that was won is paid, or somebody above has let it go with a reason. Money
    that was given back after its success has marked the card, and both have been told."""
    marked = {
        row.deal_id: row.at
        for row in work.tx.execute(select(HistoryRow).where(HistoryRow.kind == "not_held").order_by(HistoryRow.id))
    }
    for deal in _deals(work):
        process, fields = _process(work, deal), deal.fields or {}
        kept = process.payments
        if deal.status != "won" or deal.kind != "deal" or kept is None:
            continue
        total = kept.totals.get(deal.pipeline, kept.total)
        whole = fields.get(total) or 0
        paid = sum(fields.get(name) or 0 for name in process.payment_slots.get(total, ()))
        is_marked = deal.id in marked and marked[deal.id] >= deal.closed_at
        if paid < whole and not fields.get("debt_reason") and not is_marked:
            yield f"№ {deal.number} is a success, and owes {whole - paid} kopecks"


@law
def money_of_a_lost_deal_is_somebodys(work: UnitOfWork) -> Iterator[str]:
    """A deal that is lost with money in it has, or had, a task to return it. Money of another direction that is paid to
    the last rouble is settled: that design was made."""
    seen = set(work.tx.execute(select(TaskRow.deal_id).where(TaskRow.name == "return_money")).scalars())
    for deal in _deals(work):
        held = _unsettled(_process(work, deal), deal) if deal.status == "lost" and deal.kind == "deal" else 0
        if held and deal.id not in seen:
            yield f"№ {deal.number} is lost with {held} kopecks, and nobody is to return them"


def _unsettled(process: Process, deal: Any) -> int:
    """What came for the direction where the deal stands, and for others that are not paid exactly."""
    kept, fields = process.payments, deal.fields or {}
    if kept is None:
        return 0
    paid = {total: sum(fields.get(one) or 0 for one in slots) for total, slots in process.payment_slots.items()}
    own = kept.totals.get(deal.pipeline, kept.total)
    return sum(sum_ for total, sum_ in paid.items() if total == own or sum_ != (fields.get(total) or 0))


# --- what left --------------------------------------------------------------------------------------------------


@law
def no_row_failed(work: UnitOfWork) -> Iterator[str]:
    """Nothing that was due has failed for good."""
    for row in work.tx.execute(select(ScheduledRow).where(ScheduledRow.delivery_state == "refused")):
        if row.failure and "not employed" not in row.failure:
            yield f"row {row.id} {row.rule}: {row.failure}"


@law
def no_text_is_left_unfilled(work: UnitOfWork) -> Iterator[str]:
    """An SMS that went out has no placeholder and no dash in place of a value."""
    for row in work.tx.execute(select(SmsRow).where(SmsRow.state.in_(("sent", "delivered")))):
        if "{" in row.text or "—" in row.text.split(". ")[0].replace(" — ", " "):
            yield f"SMS {row.id}: {row.text}"
