"""A deal as it was before one press (design 6: one undo). Nothing is put back by halves: what stands in the way is
named, and then nothing is done.

Who has gone on from where the press had led stands in the way: the deal's history says so. A word, a call, a file, a
step set meanwhile do not.
"""

from __future__ import annotations

from sqlalchemy import and_, bindparam, or_, select, update

from models.entities import Deal
from models.errors import CannotPutBack, NotFound
from models.fields import codec
from models.history.deal_lines import DealPutBack
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from models.undo import DealBefore
from models.values.product_text import NO_TEXT, ProductText
from services.deals import before_press, deal_queries, hooks, retelling
from services.deals import changes as deal_changes
from services.deals.changes import DealChanges
from services.people import employees
from services.undo import undoes
from services.unit_of_work import UnitOfWork

UNDONE = (
    update(HistoryRow)
    .where(
        HistoryRow.deal_id == bindparam("deal"), HistoryRow.version > bindparam("before"),
        HistoryRow.version <= bindparam("upto"),
    )
    .values(undone=True)
)  # fmt: skip
# a paper that was asked for is made, bytes that came are fetched, a pin is redrawn: what was put back changes no such
BELLS = ScheduledRow.kind.in_(("timer", "task", "notice"))
OFF = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id.in_(bindparam("ids", expanding=True)), ScheduledRow.done_at.is_(None),
        ScheduledRow.holder.is_(None), BELLS,
    )
    .values(done_at=bindparam("at"), delivery_state="void")
)  # fmt: skip
TIMERS_OF = (
    select(ScheduledRow.rule)
    .where(ScheduledRow.id.in_(bindparam("ids", expanding=True)), ScheduledRow.kind == "timer")
)  # fmt: skip
GIVE_WAY = (
    update(ScheduledRow)
    .where(
        ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.kind == "timer", ScheduledRow.done_at.is_(None),
        ScheduledRow.rule.in_(bindparam("rules", expanding=True)),
    )
    .values(done_at=bindparam("at"), delivery_state="void")
)  # fmt: skip
ON = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id == bindparam("key"),
        or_(ScheduledRow.done_at.is_(None), and_(ScheduledRow.delivery_state == "void", BELLS)),
    )
    .values(done_at=None, delivery_state="waiting", run_at=bindparam("moment"))
)  # fmt: skip


@undoes(DealBefore)
def put_back(work: UnitOfWork, before: DealBefore) -> None:
    """The deal, its tasks, visits and what is planned are as they were; who has heard otherwise is told.

    NotFound for a deal that is gone, CannotPutBack.
    """
    found = deal_queries.find(work, before.deal)
    if found is None or found.process not in work.company.processes:
        raise NotFound("deal")
    _check(work, found, before)
    changes = deal_changes.begin(work, found)
    _put_row(changes, before)
    hooks.put_back(changes, before)
    deal_changes.write(changes)
    work.tx.execute(UNDONE, {"deal": found.id, "before": before.version, "upto": before.now})


def _check(work: UnitOfWork, found: Deal, before: DealBefore) -> None:
    """Nothing may have come of it: it would be gone, and nobody would know."""
    process = work.process(found.process)
    done = before_press.done_since(work, before)
    if done is not None:
        raise CannotPutBack("done", done)
    columns = (before_press.stored(getattr(found, name)) == now for name, (_, now) in before.columns.items())
    fields = (before_press.in_json(process, name, found.fields) == now for name, (_, now) in before.fields.items())
    if not all(columns) or not all(fields):
        raise CannotPutBack("changed")
    leads = before.columns.get("responsible_id", (None, None))[0]
    if leads is not None and employees.find_working(work, leads) is None:
        raise CannotPutBack("person")


def _put_row(changes: DealChanges, before: DealBefore) -> None:
    place = f"{changes.pipeline}.{changes.stage}"
    for name, (was, _) in before.columns.items():
        setattr(changes, name, before_press.read(name, was))
    for name, (was, _) in before.fields.items():
        if was is None:
            changes.fields.pop(name, None)
        else:
            changes.fields[name] = codec.decode_value(changes.process.fields.get(name), was)
    there = f"{changes.pipeline}.{changes.stage}"
    moved = (place, there) if place != there else (None, None)
    changes.note(DealPutBack(tuple(before.fields), before.visit_names, before.led), None, *moved)
    said, says = before.pin
    if said != says:
        changes.pin = ProductText(said) if said else NO_TEXT


@hooks.put_back.register
def _put_planned(changes: DealChanges, before: DealBefore) -> None:
    """What the press has planned is off, what it has called off rings again; what has left is told anew."""
    work, waits = changes.work, before.rows_of("waits")
    retelling.of_what_left(work, before, waits.new)
    work.tx.execute(OFF, {"ids": list(waits.new), "at": work.now})
    back = {key: row["run_at"] for key, row in waits.gone.items()}
    back |= {key: was for key, row in waits.changed.items() for was, _ in [row["run_at"]]}
    rules = list(work.tx.execute(TIMERS_OF, {"ids": list(waits.gone)}).scalars())
    if rules:
        work.tx.execute(GIVE_WAY, {"deal": before.deal, "rules": rules, "at": work.now})
    for key, moment in back.items():
        work.tx.execute(ON, {"key": key, "moment": before_press.read("run_at", moment)})
    work.wakes = True
