"""What a plan writes, gathered before it is written: the deal as it becomes, its history, its timers, its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from models.engine import effects as e
from models.entities import Deal
from models.field_values import NewFieldValues
from models.fields import codec
from models.history.line import HistoryLine
from models.ids import ClientId, EmployeeId
from models.notices.notice import Notice
from models.outbox import Planned
from models.process.process import Process
from models.states import DealStatus
from models.tables.deals import DealCounterRow, DealRow
from models.values.before_date import BeforeDate
from models.values.product_text import ProductText
from models.visits import Visit
from services.deals import deal_visits, deal_words, history
from services.outbox import pinned_messages, recipients, schedule
from services.outbox.recipients import PlannedNotice
from services.unit_of_work import RowValues, UnitOfWork

CHANGED = (
    "version", "pipeline", "kind", "stage", "status", "entered_at", "came_from", "fields", "client_id",
    "responsible_id", "closed_at",
)  # fmt: skip
CHANGE = (
    update(DealRow)
    .where(DealRow.id == bindparam("key"), DealRow.version == bindparam("seen"))
    .values({name: bindparam(f"to_{name}") for name in CHANGED})
)
PLACE = ("kind", "process", "pipeline", "stage", "responsible_id")
COUNT = {
    name: module.insert(DealCounterRow).on_conflict_do_update(
        index_elements=PLACE, set_={"n": DealCounterRow.n + module.insert(DealCounterRow).excluded.n}
    )
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}


@dataclass
class DealChanges:
    """What a plan writes, gathered before it is written: the deal as it becomes, rows of history, of the schedule.

    `new_visits` are the rows of visits that it has begun, by name; `called_off` those to which somebody need
    not go any more, `told_by_task` those whose task for it goes to somebody else.
    `pin`: what the pinned message is to say from now on; `left`: the stage was left, and its timers are void; `aside`:
    the fields whose values were put aside, and what was pinned of them is taken down.
    """

    work: UnitOfWork
    before: Deal
    process: Process
    pipeline: str
    stage: str
    status: DealStatus
    entered_at: datetime
    came_from: str | None
    fields: NewFieldValues
    client_id: ClientId | None
    responsible_id: EmployeeId | None
    closed_at: datetime | None
    lines: list[RowValues] = field(default_factory=list)
    timers: dict[str, e.TimerSet] = field(default_factory=dict)
    voided: list[str] = field(default_factory=list)
    left: bool = False
    pin: ProductText | None = None
    aside: tuple[str, ...] = ()
    notices: list[PlannedNotice] = field(default_factory=list)
    new_visits: dict[str, int] = field(default_factory=dict)
    called_off: list[Visit] = field(default_factory=list)
    visits_changed: bool = False
    told_by_task: set[int | None] = field(default_factory=set)

    @property
    def practice(self) -> bool:
        """Whether it is a learner's deal: nothing of it reaches anybody else (K-2)."""
        return self.process.direction(self.pipeline) == "practice"

    def note(
        self, line: HistoryLine, rule: str | None = None, from_stage: str | None = None, to_stage: str | None = None
    ) -> None:
        """A line of the history; stages as `pipeline.stage`."""
        version = self.before.version + 1
        made = history.row(
            self.work, self.before.id, version, len(self.lines), line, rule, from_stage, to_stage
        )  # fmt: skip
        self.lines.append(made)

    def say(
        self, to: str | int, rule: str, notice: Notice, anchor: str | None = None, before: BeforeDate | None = None
    ) -> None:
        """A message: `to` is a word of the process (`responsible`, a role, a field) or an employee's id.

        What a timer says has its `anchor`; a reminder is heard `before` its date begins.
        """
        self.notices.append(PlannedNotice(to, rule, notice, anchor, before))


def begin(work: UnitOfWork, found: Deal) -> DealChanges:
    """The changes of a deal that stands as it was read: none yet."""
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


def write(changes: DealChanges) -> Deal:
    """Write it all; CardOutdated (nothing is written) if the deal has moved on meanwhile. Gives the deal as it is."""
    work, before = changes.work, changes.before
    after = _after(changes)
    stored = {name: getattr(after, name) for name in CHANGED}
    faces = changes.process.faces
    own = {name: value for name, value in changes.fields.items() if name not in faces}
    stored["fields"] = codec.encode(changes.process.fields, own)
    given = {f"to_{name}": value for name, value in stored.items()}
    if work.tx.execute(CHANGE, {"key": before.id, "seen": before.version, **given}).rowcount != 1:
        raise history.outdated(work, before)
    if changes.lines:
        work.tx.execute(history.ADD, changes.lines)
    _recount(work, before, after)
    schedule.put(work, [*_plan_timers(changes), *recipients.rows(changes)])
    if changes.process.has_pins:
        closed = changes.status != "open"
        pinned_messages.keep_true(
            work, before.id, changes.pin, changes.responsible_id, closed=closed, ended=changes.aside
        )
    shown = {name: value for name, value in changes.fields.items() if name in faces}
    after = after.replace(fields=codec.decode(changes.process.fields, stored["fields"]) | shown)
    deal_words.renew(work, changes.process, before, after)
    if changes.visits_changed:
        after = after.replace(visits=deal_visits.of_deal(work, before.id))
    if work.look is not None and work.look.deal.id == before.id:
        work.look.after = after
        work.look.kinds += [one["kind"] for one in changes.lines]
    return after


def _after(changes: DealChanges) -> Deal:
    """The deal as it becomes. What only reminds makes no new version: the buttons that people look at stay good."""
    names = ("pipeline", "stage", "status", "entered_at", "came_from", "client_id", "responsible_id", "closed_at")
    return changes.before.replace(
        version=changes.before.version + (1 if changes.lines else 0),
        kind=changes.process.direction(changes.pipeline),
        **{name: getattr(changes, name) for name in names},
    )


def _recount(work: UnitOfWork, before: Deal, after: Deal) -> None:
    old, new = _place(before), _place(after)
    counts = []
    if before.status == "open" and (old != new or after.status != "open"):
        counts.append((old, -1))
    if after.status == "open" and (old != new or before.status != "open"):
        counts.append((new, +1))
    _count(work, counts)


def _place(deal: Deal) -> tuple[str, str, str, str, int]:
    return deal.kind, deal.process, deal.pipeline, deal.stage, deal.responsible_id or 0


def _plan_timers(changes: DealChanges) -> list[Planned]:
    work, key = changes.work, changes.before.id
    if changes.left:
        schedule.void_timers(work, key)
    else:
        schedule.void_timers(work, key, [*changes.voided, *changes.timers])
    return [
        schedule.timer(key, one.rule, one.anchor, recipients.ring_at(changes, one)) for one in changes.timers.values()
    ]


def count(work: UnitOfWork, found: Deal, n: int) -> None:
    """Keep the counts on the menus: open deals by place and responsible."""
    if found.status == "open":
        _count(work, [(_place(found), n)])


def _count(work: UnitOfWork, counts: Sequence[tuple[tuple[str, str, str, str, int], int]]) -> None:
    rows = [{**dict(zip(PLACE, place, strict=True)), "n": n} for place, n in counts]
    if rows:
        work.tx.execute(COUNT[work.tx.dialect.name], rows)
