"""What a plan writes, gathered before it is written: the deal as it becomes, its history, its timers, its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from models.engine import effects as e
from models.entities import Deal
from models.fields import codec
from models.ids import ClientId, EmployeeId, Revision
from models.process.process import Process
from models.tables.deals import DealCounterRow, DealRow, HistoryRow
from services.outbox import pinned_messages, recipients, schedule
from services.unit_of_work import UnitOfWork

CHANGE = (
    update(DealRow)
    .where(DealRow.id == bindparam("key"), DealRow.version == bindparam("seen"))
    .values(
        version=bindparam("to_version"),
        pipeline=bindparam("to_pipeline"),
        kind=bindparam("to_kind"),
        stage=bindparam("to_stage"),
        status=bindparam("to_status"),
        entered_at=bindparam("to_entered_at"),
        came_from=bindparam("to_came_from"),
        fields=bindparam("to_fields"),
        client_id=bindparam("to_client_id"),
        responsible_id=bindparam("to_responsible_id"),
        closed_at=bindparam("to_closed_at"),
    )
)
HISTORY = insert(HistoryRow)
TALLY = {
    name: module.insert(DealCounterRow).on_conflict_do_update(
        index_elements=["kind", "process", "pipeline", "stage", "responsible_id"],
        set_={"n": DealCounterRow.n + module.insert(DealCounterRow).excluded.n},
    )
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}


@dataclass
class DealChanges:
    """What a plan writes, gathered before it is written: the deal as it becomes, rows of history, of the schedule."""

    work: UnitOfWork
    before: Deal
    process: Process
    pipeline: str
    stage: str
    status: str
    entered_at: datetime
    came_from: str | None
    fields: dict[str, Any]
    client_id: ClientId | None
    responsible_id: EmployeeId | None
    closed_at: datetime | None
    events: list[dict[str, Any]] = field(default_factory=list)
    timers: dict[str, e.TimerSet] = field(default_factory=dict)
    voided: list[str] = field(default_factory=list)
    left: bool = False
    pin: str | None = None  # what the pinned message is to say from now on
    notices: list[tuple[str | int, str, dict[str, Any]]] = field(default_factory=list)

    @property
    def practice(self) -> bool:
        """Whether it is a learner's deal: nothing of it reaches anybody else (K-2)."""
        return self.process.direction(self.pipeline) == "practice"

    def history(self, kind: str, rule: str | None = None, **data: Any) -> None:
        stages = {"from_stage": data.pop("from_stage", None), "to_stage": data.pop("to_stage", None)}
        self.events.append(
            {
                "deal_id": self.before.id,
                "version": self.before.version + 1,
                "seq": len(self.events),
                "at": self.work.now,
                "actor_id": self.work.actor_id,
                "kind": kind,
                **stages,
                "rule": rule,
                "data": data or None,
            }
        )


def begin(work: UnitOfWork, found: Deal) -> DealChanges:
    """The ledger of a deal as it stands."""
    return DealChanges(
        work,
        found,
        work.process(found.process),
        found.pipeline,
        found.stage,
        found.status,
        found.entered_at,
        found.came_from,
        dict(found.fields),
        found.client_id,
        found.responsible_id,
        found.closed_at,
    )


def write(ledger: DealChanges) -> Deal:
    """Write it all; CardOutdated (nothing is written) if the deal has moved on meanwhile. Gives the deal as it is."""
    from services.deals import deal_queries

    work, before = ledger.work, ledger.before
    kind = ledger.process.direction(ledger.pipeline)
    fields = codec.encode(ledger.process.fields, ledger.fields)
    # what only reminds changes nothing on the card: the buttons that people look at stay good
    version = Revision(before.version + (1 if ledger.events else 0))
    changed = work.tx.execute(
        CHANGE,
        {
            "key": before.id,
            "seen": before.version,
            "to_version": version,
            "to_pipeline": ledger.pipeline,
            "to_kind": kind,
            "to_stage": ledger.stage,
            "to_status": ledger.status,
            "to_entered_at": ledger.entered_at,
            "to_came_from": ledger.came_from,
            "to_fields": fields,
            "to_client_id": ledger.client_id,
            "to_responsible_id": ledger.responsible_id,
            "to_closed_at": ledger.closed_at,
        },
    )
    if changed.rowcount != 1:
        raise deal_queries.outdated(work, before)
    if ledger.events:
        work.tx.execute(HISTORY, ledger.events)
    _recount(ledger, kind)
    schedule.put(work, [*_plan_timers(ledger), *recipients.rows(ledger)])
    if ledger.process.has_pins:
        pinned_messages.keep_true(work, before.id, ledger.pin, ledger.responsible_id, closed=ledger.status != "open")
    return replace(
        before,
        version=version,
        pipeline=ledger.pipeline,
        kind=kind,
        stage=ledger.stage,
        status=ledger.status,
        entered_at=ledger.entered_at,
        came_from=ledger.came_from,
        fields=codec.decode(ledger.process.fields, fields),
        client_id=ledger.client_id,
        responsible_id=ledger.responsible_id,
        closed_at=ledger.closed_at,
    )


def _recount(ledger: DealChanges, kind: str) -> None:
    before = ledger.before
    old = (before.kind, before.process, before.pipeline, before.stage, before.responsible_id or 0)
    new = (kind, before.process, ledger.pipeline, ledger.stage, ledger.responsible_id or 0)
    changes = []
    if before.status == "open" and (old != new or ledger.status != "open"):
        changes.append((old, -1))
    if ledger.status == "open" and (old != new or before.status != "open"):
        changes.append((new, +1))
    _tally(ledger.work, changes)


def _plan_timers(ledger: DealChanges) -> list[dict[str, Any]]:
    work, key = ledger.work, ledger.before.id
    if ledger.left:
        schedule.void_timers(work, key)
    else:
        replaced = [*ledger.voided, *ledger.timers]
        schedule.void_timers(work, key, replaced)
    return [
        schedule.row(work, "timer", timer.rule, timer.anchor, timer.due_at, deal_id=key)
        for timer in ledger.timers.values()
    ]


def count(work: UnitOfWork, found: Deal, n: int) -> None:
    """Keep the counts on the menus: open deals by place and responsible."""
    if found.status == "open":
        key = (found.kind, found.process, found.pipeline, found.stage, found.responsible_id or 0)
        _tally(work, [(key, n)])


def _tally(work: UnitOfWork, changes: Sequence[tuple[tuple[str, str, str, str, int], int]]) -> None:
    names = ("kind", "process", "pipeline", "stage", "responsible_id")
    rows = [{**dict(zip(names, key, strict=True)), "n": n} for key, n in changes]
    if rows:
        work.tx.execute(TALLY[work.tx.dialect.name], rows)
