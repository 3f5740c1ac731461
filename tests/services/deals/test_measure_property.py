"""Whatever people, robots and the clock do to a deal with a measurement, its promises hold (issue 4, M-2, M-5, M-6)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, select
from sqlalchemy.pool import StaticPool

from bot.database import migrate
from models.entities import Deal, Employee
from models.errors import CrmError
from models.ids import DealId
from models.process.triggers import Tapped
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from models.tables.tasks import TaskRow
from models.values.addresses.address import Address
from models.values.invalid_value import InvalidValue
from models.values.work_calendar import WorkCalendar
from services import processes, timers
from services.deals import deal_commands, deal_queries
from services.outbox import queue, schedule
from services.people import employees
from services.register import register_entries
from services.tasks import checklists, task_commands, task_queries
from services.unit_of_work import Company, ConfirmedAnswers, UnitOfWork
from tests.conftest import MOSCOW, NOW, PROCESSES
from tests.worlds import examples

COMPANY = Company(processes.load(PROCESSES, ["measurement"]), WorkCalendar(MOSCOW, time(9), time(21)))
PROCESS = COMPANY.processes["measurement"]
ROLES = ("manager", "supervisor", "owner", "technologist", "dispatcher", "measurer", "installer")
STAGES = (*PROCESS.order("sales"), *PROCESS.order("deferred"), "m202612", "m202701")
BEFORE = {"sales.calc", "sales.postponed"}
ADDRESS = Address(city="Москва", street="ул. Лесная", house="12", flat="45", entrance="2", floor="5", intercom="45К")
KNOWN: dict[str, Any] = {
    "address": ADDRESS, "video_ok": True, "calc_total": Decimal(115_973), "defer_reason": "Сдача дома",
    "lost_comment": "Дорого", "refusal_reason": "expensive", "remark": "Не та толщина", "repeat_reason": "Не готово",
    "contract_number": "12455Ш", "contract_total": Decimal(150_000), "discount": Decimal(0),
    "full_name": "Иванова Мария Петровна", "sheets": (1,),
}  # fmt: skip
Step = tuple[str, int, int]
KINDS = ("move", "on", "on", "date", "contact", "sum", "outcome", "outcome", "outcome", "tap", "wait", "wait")
DAYS = st.sampled_from((-1, 0, 1, 2, 3, 4, 5, 9, 15, 20, 31, 32, 33, 34, 50))
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 40), DAYS), min_size=8, max_size=18)


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[sqlite3.Connection, Connection]]:
    """A database in memory with its tables; each example begins in it and is taken back."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    with engine.connect() as tx:
        with tx.begin():
            raw.execute("BEGIN")
            migrate(tx)
        yield raw, tx
    raw.close()


class World:
    """One deal, its people and a clock that is moved by hand."""

    def __init__(self, tx: Connection) -> None:
        self.tx, self.now = tx, NOW
        self.id = DealId(0)
        self.staff = {role: self._hire(key, role) for key, role in enumerate(ROLES, start=1)}
        manager = self.staff["manager"]
        work = self.work(manager)
        values = {"name": "Мария Иванова", "phone": "+79123456789", "comment": "Шкаф-купе", **KNOWN}
        known = {name: values[name] for name in ("name", "phone", "comment", "address", "video_ok", "calc_total")}
        self.id = deal_commands.begin(work, PROCESS, "sales", known, responsible_id=manager.id).id

    def _hire(self, key: int, role: str) -> Employee:
        given = {"id": key, "telegram_id": 1000 + key, "name": role, "role": role, "locale": "ru", "active": True}
        self.tx.execute(insert(EmployeeRow).values(**given, created_at=NOW))
        return employees.get(self.work(), key)

    def work(self, actor: Employee | None = None) -> UnitOfWork:
        seen = ConfirmedAnswers(self.id, frozenset(KNOWN))  # whoever closes it says that the answers agree
        return UnitOfWork(self.tx, self.now, COMPANY, actor, confirmed=seen)

    @property
    def deal(self) -> Deal:
        found = deal_queries.find(self.work(), self.id)
        assert found is not None
        return found

    def step(self, kind: str, pick: int, days: int) -> None:
        """One thing that happens; what the rules refuse is taken back, as the root does it."""
        try:
            with self.tx.begin_nested():
                getattr(self, f"_{kind}")(pick, days)
        except (CrmError, InvalidValue):
            pass  # refused: nothing has changed

    def _day(self, days: int) -> Any:
        return self.work().moment.today + timedelta(days=days)

    def _move(self, pick: int, days: int) -> None:
        actor = self.staff[ROLES[abs(days) % len(ROLES)]]
        deal_commands.move(self.work(actor), self.id, None, STAGES[pick % len(STAGES)])

    def _on(self, pick: int, days: int) -> None:
        """A way on that is open."""
        work = self.work(self.staff["manager"])
        ahead = [
            one.stage for one in deal_queries.options(work, self.deal) if not one.reasons and one.stage != "finish"
        ]
        if ahead:
            deal_commands.move(work, self.id, None, ahead[pick % len(ahead)])

    def _date(self, pick: int, days: int) -> None:
        deal_commands.fill(self.work(self.staff["manager"]), self.id, {"measure_on": self._day(days)})

    def _contact(self, pick: int, days: int) -> None:
        deal_commands.fill(self.work(self.staff["manager"]), self.id, {"contact_on": self._day(days)})

    def _sum(self, pick: int, days: int) -> None:
        deal_commands.fill(self.work(self.staff["manager"]), self.id, {"calc_total": Decimal(1000 * (pick + 1))})

    def _values(self, asked: tuple[str, ...], days: int) -> dict[str, Any]:
        every = {**KNOWN, **{name: self._day(days) for name in ("measure_on", "contact_on", "next_step_on")}}
        return {name: every[name] for name in asked}

    def _outcome(self, pick: int, days: int) -> None:
        work = self.work(self.staff["supervisor"])
        opened = task_queries.of_deal(work, self.id)
        if not opened:
            return
        one = opened[pick % len(opened)]
        described = task_queries.description_of(PROCESS, one)
        assert described is not None
        names = list(described.outcomes)
        name = names[pick % len(names)]
        values = self._values(described.outcomes[name].ask, days)
        found = checklists.answer(work, one.id, name, values)
        if (now := task_queries.find(work, found.id)) is not None and now.state == "open":
            task_commands.close(work, one.id, name)

    def _tap(self, pick: int, days: int) -> None:
        found = self.deal
        rules = [one for one in PROCESS.rules_of(found.pipeline, found.stage) if isinstance(one[1].on, Tapped)]
        for rule, robot in rules[:1]:
            assert isinstance(robot.on, Tapped)
            work = self.work(self.staff["manager"])
            deal_commands.tap(work, self.id, rule, self._values(robot.on.ask, days))

    def _wait(self, pick: int, days: int) -> None:
        """The clock goes on by so many hours; whatever comes due rings in its own hour."""
        until = self.now + timedelta(hours=pick * 3)
        for _ in range(400):
            at = schedule.next_due(self.work())
            if at is None or at > until:
                break
            self.now = max(self.now, at)
            self._ring()
        else:
            raise AssertionError("the schedule never comes to rest")
        self.now = until

    def _ring(self) -> None:
        for row in queue.claim(self.work()):
            if row.kind in ("timer", "task", "list"):
                timers.fire(self.work(), row)
            else:  # sent, or done outside
                queue.finish(self.work(), row)

    # --- what always holds

    def check(self) -> None:
        found = self.deal
        self._check_ledger(found)
        if (found.pipeline, found.stage) == ("sales", "premeasure"):
            self._check_reminder(found)
        self._check_door()

    def _check_ledger(self, found: Deal) -> None:
        """M-5: one source, whichever way it is read."""
        entry = register_entries.find_entry(self.work(), found)
        assert found.fields.get("measure_on") is None or entry is not None, "a measurement without an entry"
        listed = list(register_entries.every(self.work(), PROCESS))
        assert listed == ([entry] if entry else [])
        if entry is not None:
            assert (entry.date, entry.sum) == (found.fields.get("measure_on"), found.fields.get("calc_total"))

    def _check_reminder(self, found: Deal) -> None:
        """M-6: one activity, and one bell for it: still to ring three days before, or rung in its hour."""
        opened = self.tx.execute(
            select(TaskRow).where(TaskRow.deal_id == found.id, TaskRow.state == "open", TaskRow.name == "confirm")
        ).all()
        assert len(opened) == 1, f"{len(opened)} reminders to confirm the date"
        bells = self.tx.execute(
            select(ScheduledRow).where(
                ScheduledRow.task_id == opened[0].id, ScheduledRow.kind == "task", ScheduledRow.rule == "task"
            )
        ).all()
        pending = [one for one in bells if one.done_at is None]
        assert len(pending) <= 1, "two bells for one reminder"
        assert pending or opened[0].due_at <= self.now, "the reminder has no bell, and its day is still to come"
        wanted = _three_days_before(found)
        if pending and pending[0].run_at != wanted:
            at_once = wanted < pending[0].run_at <= self.now  # less than three days are left
            assert at_once or self._was_put_off(found), f"the bell rings at {pending[0].run_at}, not at {wanted}"

    def _was_put_off(self, found: Deal) -> bool:
        query = select(HistoryRow.id).where(HistoryRow.deal_id == found.id, HistoryRow.kind == "task_snoozed")
        return self.tx.execute(query.limit(1)).first() is not None

    def _check_door(self) -> None:
        """M-2: from «Предзамер» on nothing leads back to «Просчёт» or «Перенос»."""
        stood = self.tx.execute(
            select(HistoryRow.to_stage)
            .where(HistoryRow.deal_id == self.id, HistoryRow.to_stage.is_not(None))
            .order_by(HistoryRow.id)
        ).scalars()
        order = PROCESS.order("sales")
        door = order.index("premeasure")
        behind = False
        for place in stood:
            pipeline, _, stage = place.partition(".")
            assert not (behind and place in BEFORE), f"came back to {place}"
            if pipeline == "sales" and stage not in ("won", "lost") and order.index(stage) >= door:
                behind = True


def _three_days_before(found: Deal) -> datetime:
    day = found.fields["measure_on"] - timedelta(days=3)
    return COMPANY.calendar.at(day, time(10))


PUT_OFF_AND_BACK = [
    ("move", STAGES.index("premeasure"), 0), ("date", 0, 45), ("wait", 40, 0), ("outcome", 1, 10),
    ("outcome", 2, 10), ("move", STAGES.index("calc"), 1), ("wait", 40, 0), ("move", STAGES.index("postponed"), 2),
]  # fmt: skip
CONFIRMED = [
    ("move", STAGES.index("premeasure"), 0), ("sum", 7, 0), ("wait", 17, 0), ("outcome", 0, 0),
    ("move", STAGES.index("calc"), 2), ("wait", 40, 0), ("outcome", 3, 20), ("date", 0, 12), ("wait", 40, 0),
]  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=examples.of(60), phases=(Phase.explicit, Phase.generate))
@given(first=DAYS, steps=STEPS)
@example(first=20, steps=PUT_OFF_AND_BACK)
@example(first=5, steps=CONFIRMED)
def test_the_ledger_equals_the_deal_one_reminder_waits_and_nothing_leads_back_past_the_pre_measurement(
    opened: tuple[sqlite3.Connection, Connection], first: int, steps: list[Step]
) -> None:
    """M-2, M-5, M-6."""
    raw, tx = opened
    whole = tx.begin()
    raw.execute("BEGIN")
    try:
        world = World(tx)
        for one in (("date", 0, first), ("on", 0, 0), *steps):
            world.step(*one)
            world.check()
    finally:
        whole.rollback()
