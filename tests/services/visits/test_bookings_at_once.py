"""No window twice (promise 6): by constraint, on both databases, whoever is faster."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from bot.database import Database, open_database
from models.entities import Employee
from models.errors import SlotTaken
from models.tables.visits import HalfHourRow, VisitRow
from models.values.visit_slot import VisitSlot
from models.visits import PLANNED, Visit
from services.unit_of_work import Company, UnitOfWork
from services.visits import absences, booking_rows, bookings
from tests.conftest import MovableClock, _hire
from tests.worlds.crew import FIELD, ROAD, Crew, Hire, InWork, at, new_deal, open_crew, said, slot
from tests.worlds.turns import in_turn


@pytest.fixture
async def crew(in_work: InWork, hire: Hire) -> Crew:
    return await open_crew(in_work, hire)


async def test_the_database_itself_refuses_a_half_hour_twice_promise_6(crew: Crew) -> None:
    first = await crew.book(await crew.deal(), slot(crew.igor, 24, "10:00"))

    def again(work: UnitOfWork) -> None:
        key = booking_rows.add(work, first.deal_id, replace(first, current=False))
        booking_rows.take(work, key, slot(crew.igor, 24, "14:30"), ROAD)

    with pytest.raises(IntegrityError):
        await crew.run(again)
    assert await crew.cells() == 10


class Rival:
    """A connection on which somebody else takes a half hour after all checks, just before it is written."""

    def __init__(self, tx: Any, theirs: VisitSlot) -> None:
        self._tx, self._theirs, self._done = tx, theirs, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def execute(self, statement: Any, *args: Any) -> Any:
        if statement is booking_rows.TAKE and not self._done:
            self._done = True
            one = self._theirs
            values = {"employee_id": one.person_id, "starts_at": one.starts_at, "ends_at": one.ends_at, "name": "x"}
            state = {"state": PLANNED, "current": False, "told": False, "at": one.starts_at}
            add = insert(VisitRow).values(**state, **values).returning(VisitRow.id)
            key = self._tx.execute(add).scalar_one()
            cell = args[0][3]["cell"]
            self._tx.execute(insert(HalfHourRow).values(employee_id=one.person_id, cell=cell, visit_id=key))
        return self._tx.execute(statement, *args)


async def test_who_is_outrun_between_the_look_and_the_step_is_refused_and_keeps_what_he_had_promise_6(
    crew: Crew, database: Database, clock: MovableClock, company: Company
) -> None:
    key = await crew.deal()
    await crew.book(key, slot(crew.igor, 24, "10:00"))
    wanted = slot(crew.pavel, 24, "10:00")

    def outrun(tx: Any) -> None:
        work = UnitOfWork(Rival(tx, wanted), clock(), company)  # type: ignore[arg-type]
        with pytest.raises(SlotTaken) as refused:
            bookings.book(work, key, FIELD, wanted, travel=ROAD)
        assert refused.value.why.code == "busy" and refused.value.nearest

    await database.run(outrun)
    assert (await crew.run(lambda work: booking_rows.find(work, key, FIELD))).slot == slot(crew.igor, 24, "10:00")
    assert await crew.cells() == 10


async def test_200_bookings_of_20_windows_by_10_clients_take_each_window_once_promise_6(
    crew: Crew, database_url: str, clock: MovableClock, company: Company
) -> None:
    wanted = [
        slot(who, day, clock_)
        for who in (crew.igor, crew.pavel)
        for day in range(24, 29)
        for clock_ in ("09:00", "14:00")
    ]
    keys = await crew.run(lambda work: [new_deal(work) for _ in range(200)])
    clients = [await open_database(database_url) for _ in range(10)]
    together = asyncio.Barrier(len(clients))

    async def client(db: Database, mine: list[int]) -> list[VisitSlot]:
        got: list[VisitSlot] = []
        for one, key in zip(wanted, mine, strict=True):
            await together.wait()  # all ten want the same window at the same moment
            try:
                await db.run(partial(book, one, key))
                got.append(one)
            except SlotTaken as refused:
                assert refused.why.code == "busy" and refused.why.number
        return got

    def book(one: VisitSlot, key: int, tx: Connection) -> Visit:
        return bookings.book(UnitOfWork(tx, clock(), company), key, FIELD, one, travel=ROAD)

    try:
        async with asyncio.timeout(120):
            shares = await asyncio.gather(
                *(client(db, keys[place * 20 : place * 20 + 20]) for place, db in enumerate(clients))
            )
    finally:
        for db in clients:
            await db.close()
    taken = [one for share in shares for one in share]
    assert len(taken) == 20 and set(taken) == set(wanted)
    rows = await crew.run(lambda work: work.tx.execute(select(VisitRow).where(VisitRow.state == PLANNED)).all())
    assert len(rows) == 20 and await crew.cells() == 200


async def test_two_managers_take_one_window_at_once_and_the_loser_gets_the_nearest_K19(
    crew: Crew, database_url: str, clock: MovableClock, company: Company
) -> None:
    keys = [await crew.deal(), await crew.deal()]
    both = [await open_database(database_url) for _ in keys]
    begin = asyncio.Barrier(2)

    async def press(db: Database, key: int) -> Visit | SlotTaken:
        await begin.wait()
        try:
            return await db.run(
                lambda tx: bookings.hold(
                    UnitOfWork(tx, clock(), company), key, FIELD, slot(crew.igor, 24, "10:00"), travel=ROAD
                )
            )
        except SlotTaken as refused:
            return refused

    try:
        got = await asyncio.gather(*(press(db, key) for db, key in zip(both, keys, strict=True)))
    finally:
        for db in both:
            await db.close()
    lost = [one for one in got if isinstance(one, SlotTaken)]
    assert len(lost) == 1 and lost[0].why.code == "held"
    assert said(lost[0].nearest)[0] == "24 10:00 Павел"


async def test_two_visits_that_change_places_at_once_do_not_wait_for_ever_promise_6(
    crew: Crew, database_url: str, clock: MovableClock, company: Company
) -> None:
    igors, pavels = await crew.deal(), await crew.deal()
    await crew.book(igors, slot(crew.igor, 24, "10:00"))
    await crew.book(pavels, slot(crew.pavel, 24, "10:00"))
    both = [await open_database(database_url) for _ in range(2)]
    begin = asyncio.Barrier(2)

    async def swap(db: Database, key: int, who: Employee) -> bool:
        await begin.wait()
        try:
            await db.run(
                lambda tx: bookings.book(
                    UnitOfWork(tx, clock(), company), key, FIELD, slot(who, 24, "10:00"), travel=ROAD
                )
            )
        except SlotTaken:
            return False
        return True

    try:
        async with asyncio.timeout(30):
            got = await asyncio.gather(swap(both[0], igors, crew.pavel), swap(both[1], pavels, crew.igor))
    finally:
        for db in both:
            await db.close()
    assert got == [False, False], "each place is taken until the other has left it"
    assert await crew.cells() == 20


async def test_nobody_books_a_day_while_it_is_being_taken_away_promise_6(
    empty_postgres: str, clock: MovableClock, company: Company
) -> None:
    """An illness that is being entered is not committed yet: who books that day waits for it, and hears of it."""
    both = [await open_database(empty_postgres) for _ in range(2)]
    crew = await open_crew(
        lambda do, actor=None: both[0].run(lambda tx: do(UnitOfWork(tx, clock(), company, actor))),
        lambda name, role: both[0].run(lambda tx: _hire(tx, clock(), name, role, None, "ru")),
    )
    key, day = await crew.deal(), at(24, "10:00").date()

    def is_ill(tx: Connection) -> None:
        absences.add(UnitOfWork(tx, clock(), company, crew.owner), crew.igor.id, "sick", day, day)

    def book(tx: Connection) -> Visit:
        return bookings.book(UnitOfWork(tx, clock(), company), key, FIELD, slot(crew.igor, 24, "10:00"), travel=ROAD)

    try:
        _, second = await in_turn(both[0], is_ill, both[1], book, "it has looked before the illness was committed")
        with pytest.raises(SlotTaken):
            await second
    finally:
        for db in both:
            await db.close()
