"""The shop that the storm goes over: cards to move, deals to pay for, and reminders that fall due one after the other.

Rows are as the product itself would have written them (`tests.bench.fill`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, String, bindparam, cast, literal, select, update

from bot.database import open_database
from models.engine.engine_run import stamp
from models.tables.deals import DealRow
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from tests.bench import fill
from tests.bench.people import Card

PEOPLE = 8
MOVERS, CASHIERS = range(5), range(5, 7)  # who does what; the last one writes; all of them are reminded
CARDS_EACH = 4
TITLE = "Кухня-{n} · Мария Иванова"  # by which a message is known
AT_ONCE = 4  # reminders of a moment, of as many people
SOON, DAY = timedelta(seconds=12), timedelta(days=1)  # until the first reminder


@dataclass
class Shop:
    """Who has what: `cards` and `owing` by person (Telegram's id); `due` by reminded deal, when, in Unix seconds."""

    url: str
    people: list[int] = field(default_factory=list)
    cards: dict[int, list[Card]] = field(default_factory=dict)
    owing: dict[int, list[int]] = field(default_factory=dict)
    due: dict[int, float] = field(default_factory=dict)
    reader: dict[int, int] = field(default_factory=dict)  # whose a deal is

    @property
    def movers(self) -> list[int]:
        return [self.people[one] for one in MOVERS]

    @property
    def cashiers(self) -> list[int]:
        return [self.people[one] for one in CASHIERS]

    @property
    def writer(self) -> int:
        return self.people[-1]


async def open_shop(url: str, seconds: float, per_second: float, payments: int, soon: timedelta = SOON) -> Shop:
    """Fill an empty database for so many seconds of storm, with so many reminders a second."""
    cards = PEOPLE * CARDS_EACH
    first = cards + PEOPLE * payments + 1
    count = first - 1 + int(seconds * per_second)
    await fill.fill(url, count, PEOPLE)
    begins, step = datetime.now(UTC) + soon, timedelta(seconds=AT_ONCE / per_second)
    shop = Shop(url)
    db = await open_database(url)
    await db.run(lambda tx: _plan(tx, first, count, begins, step))
    await db.run(lambda tx: _read(tx, shop, cards, first))
    await db.close()
    return shop


def _plan(tx: Connection, first: int, last: int, begins: datetime, step: timedelta) -> None:
    """Every deal gets a title of its own; those from `first` on are reminded of one after the other."""
    tx.execute(update(DealRow).values(title=literal("Кухня-") + cast(DealRow.id, String) + " · Мария Иванова"))
    later = begins + timedelta(days=2)  # the first of a deal's three timers is before that: the others come days later
    timer = update(ScheduledRow).where(ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.run_at < later)
    timer = timer.values(run_at=bindparam("at"), scheduled_for=bindparam("at"), dedup_key=bindparam("anchor"))
    entered = update(DealRow).where(DealRow.id == bindparam("deal")).values(entered_at=bindparam("since"))
    turns = [(deal, begins + ((deal - first) // AT_ONCE) * step) for deal in range(first, last + 1)]
    given = [{"deal": deal, "at": at, "since": at - DAY, "anchor": stamp(at - DAY)} for deal, at in turns]
    tx.execute(entered, [{"deal": one["deal"], "since": one["since"]} for one in given])
    tx.execute(timer, given)


def _read(tx: Connection, shop: Shop, cards: int, first: int) -> None:
    owner = dict[int, int]()
    joined = select(DealRow.id, DealRow.version, DealRow.stage, EmployeeRow.telegram_id)
    for row in tx.execute(joined.join(EmployeeRow, EmployeeRow.id == DealRow.responsible_id).order_by(DealRow.id)):
        owner[row.id] = row.telegram_id
        if row.id <= cards:
            shop.cards.setdefault(row.telegram_id, []).append(Card(row.id, row.version, row.stage))
        elif row.id < first:
            shop.owing.setdefault(row.telegram_id, []).append(row.id)
    shop.people, shop.reader = sorted(set(owner.values())), owner
    soon = select(ScheduledRow.deal_id, ScheduledRow.run_at).where(ScheduledRow.deal_id >= first)
    for row in tx.execute(soon.order_by(ScheduledRow.run_at.desc())):  # the soonest of a deal stays
        shop.due[row.deal_id] = row.run_at.timestamp()


def earliest(due: Mapping[int, float], before: float) -> list[int]:
    """The deals of which somebody was to be reminded before that moment, the longest due first."""
    return sorted((deal for deal, at in due.items() if at <= before), key=lambda deal: (due[deal], deal))
