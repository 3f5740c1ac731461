"""The ledger of payments on both databases: append-only, taken back once, two people at once (K-13, K-14)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, Insert, select
from sqlalchemy.util import await_only

from bot.database import Database
from models.entities import Deal
from models.errors import AlreadyDone, CardOutdated, CrmError, NotAllowed, NotFound
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from models.tables.payments import PaymentRow
from models.values.invalid_value import InvalidValue
from models.values.received_payment import ReceivedPayment
from models.values.work_calendar import WorkCalendar
from services import payments
from services.deals import deal_commands, deal_queries
from services.unit_of_work import Company, UnitOfWork
from tests.worlds import office as offices
from tests.worlds.office import ZONE, Office, race
from tests.worlds.payment_shop import bench

TODAY = date(2026, 11, 20)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    opened = await offices.open_office(database)
    opened.company = Company({"bench": bench()}, WorkCalendar(ZONE))
    yield opened


@pytest.fixture
async def deal(office: Office) -> Deal:
    told = {"name": "Мария", "phone": "+79123456789", "comment": "Верстак", "price": Decimal(150_000)}
    owner = office.staff["manager"]
    return await office.run(
        lambda work: deal_commands.begin(work, bench(), "order", told, responsible_id=owner.id), "manager"
    )


def entering(deal: Deal, much: int, field: str = "prepayment") -> Callable[[UnitOfWork], Deal]:
    return lambda work: deal_commands.fill(
        work, deal.id, {field: ReceivedPayment(Decimal(much), TODAY, "card", "по счёту")}
    )


def told(job: Callable[[UnitOfWork], Deal]) -> Callable[[UnitOfWork], Deal | InvalidValue]:
    """What is wrong with it instead of an error; nothing of it stays."""

    def run(work: UnitOfWork) -> Deal | InvalidValue:
        try:
            with work.tx.begin_nested():
                return job(work)
        except InvalidValue as wrong:
            return wrong

    return run


class BeforeInsert(offices.Meeting):
    """Waits for the other party before the first INSERT: there the unique key decides."""

    def execute(self, statement: Any, *args: Any) -> Any:
        if isinstance(statement, Insert) and not self._met:
            self._met = True
            await_only(self._barrier.wait())
        return self._tx.execute(statement, *args)


async def rows(office: Office) -> list[Any]:
    return await office.run(lambda work: list(work.tx.execute(select(PaymentRow).order_by(PaymentRow.id))))


async def test_a_payment_is_a_line_with_sum_day_method_and_who_entered_it(office: Office, deal: Deal) -> None:
    """K-14."""
    after = await office.run(entering(deal, 75_000), "manager")
    (line,) = await office.run(lambda work: payments.of_deal(work, deal.id))
    assert (line.field, line.amount, line.paid_on, line.method) == ("prepayment", Decimal(75_000), TODAY, "card")
    assert (line.author, line.note, line.at, line.is_reversed) == ("Анна", "по счёту", office.now, False)
    assert after.fields["prepayment"] == Decimal(75_000)


async def test_taking_back_adds_a_line_and_changes_none(office: Office, deal: Deal) -> None:
    """K-14: the ledger is append-only."""
    await office.run(entering(deal, 75_000), "manager")
    before = await rows(office)
    after = await office.run(lambda work: payments.reverse(work, deal.id, before[0].id, "не та сделка"), "manager")
    now = await rows(office)
    assert tuple(now[0]) == tuple(before[0])
    assert (now[1].amount, now[1].reverses_id, now[1].note) == (-7_500_000, before[0].id, "не та сделка")
    assert "prepayment" not in after.fields
    first, second = await office.run(lambda work: payments.of_deal(work, deal.id))
    assert (first.is_reversed, second.is_reversed, second.reverses_id) == (True, False, first.id)


async def test_nothing_is_taken_back_twice(office: Office, deal: Deal) -> None:
    await office.run(entering(deal, 75_000), "manager")
    key = (await rows(office))[0].id
    await office.run(lambda work: payments.reverse(work, deal.id, key, "ошибка"), "manager")
    with pytest.raises(AlreadyDone):
        await office.run(lambda work: payments.reverse(work, deal.id, key, "ошибка"), "manager")
    with pytest.raises(NotFound):  # a reversal itself is not taken back: the money is entered anew
        await office.run(lambda work: payments.reverse(work, deal.id, key + 1, "ошибка"), "manager")
    assert len(await rows(office)) == 2


async def test_the_database_itself_refuses_to_take_a_payment_back_twice(office: Office, deal: Deal) -> None:
    """Whatever is checked before: the reversal of a payment is unique."""
    await office.run(entering(deal, 75_000), "manager")
    key = (await rows(office))[0].id
    await office.run(lambda work: payments.write_reversal(work, deal.id, key, "ошибка"))
    with pytest.raises(AlreadyDone):
        await office.run(lambda work: payments.write_reversal(work, deal.id, key, "ошибка"))
    assert [row.amount for row in await rows(office)] == [7_500_000, -7_500_000]


async def test_no_more_is_given_back_than_came_whoever_checked_before(office: Office, deal: Deal) -> None:
    """The last look is in the transaction that writes it, when the card is as it becomes."""
    await office.run(entering(deal, 75_000), "manager")
    with pytest.raises(InvalidValue):
        await office.run(entering(deal, -75_001), "manager")
    await office.run(entering(deal, -75_000), "manager")
    assert [row.amount for row in await rows(office)] == [7_500_000, -7_500_000]


async def test_who_drives_out_does_not_see_money(office: Office) -> None:
    process = next(iter(office.company.processes.values()))
    await office.run(lambda work: payments.check_may_see(work, process), "manager")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: payments.check_may_see(work, process), "installer")


async def test_a_payment_of_another_deal_is_not_there(office: Office, deal: Deal) -> None:
    await office.run(entering(deal, 75_000), "manager")
    other = await office.run(
        lambda work: deal_commands.begin(
            work, bench(), "order", {"name": "Пётр"}, responsible_id=office.staff["manager"].id
        ),
        "manager",
    )
    with pytest.raises(NotFound):
        await office.run(lambda work: payments.reverse(work, other.id, 1, "ошибка"), "manager")


async def test_the_installer_neither_enters_nor_takes_back(office: Office, deal: Deal) -> None:
    """C-8."""
    with pytest.raises(NotAllowed):
        await office.run(entering(deal, 1), "installer")
    await office.run(entering(deal, 1), "manager")
    with pytest.raises(NotAllowed):
        await office.run(lambda work: payments.reverse(work, deal.id, 1, "ошибка"), "installer")


async def test_more_than_there_is_to_pay_leaves_nothing_behind(office: Office, deal: Deal) -> None:
    with pytest.raises(InvalidValue):
        await office.run(entering(deal, 150_001), "manager")
    assert await rows(office) == []
    found = await office.run(lambda work: deal_queries.get(work, deal.id), "manager")
    assert "prepayment" not in found.fields


async def test_two_enter_the_rest_at_the_same_moment_and_one_gets_it(office: Office, deal: Deal) -> None:
    """Promise 3: never more than there is to pay."""
    manager, boss = office.staff["manager"], office.staff["supervisor"]
    jobs = [(told(entering(deal, 150_000)), manager), (told(entering(deal, 150_000, "rest")), boss)]
    lost = [one for one in await race(office, jobs) if isinstance(one, CrmError | InvalidValue)]
    # on SQLite the second writer begins when the first has ended, and sees what he did
    assert [type(one) for one in lost] == [InvalidValue if office.database.name == "sqlite" else CardOutdated]
    assert [row.amount for row in await rows(office)] == [15_000_000]


async def test_one_after_the_other_the_second_hears_that_it_is_too_much(office: Office, deal: Deal) -> None:
    await office.run(entering(deal, 100_000), "manager")
    with pytest.raises(InvalidValue):
        await office.run(entering(deal, 100_000, "rest"), "supervisor")
    assert len(await rows(office)) == 1


async def test_two_take_the_same_payment_back_at_the_same_moment(office: Office, deal: Deal) -> None:
    await office.run(entering(deal, 75_000), "manager")
    key = (await rows(office))[0].id

    def back(work: UnitOfWork) -> Deal:
        return payments.reverse(work, deal.id, key, "ошибка")

    barrier = asyncio.Barrier(2)

    def met(tx: Connection, who: str) -> Deal:
        work = office.work(tx, who)
        if tx.dialect.name == "postgresql":  # both have read before either writes
            work.tx = BeforeInsert(tx, barrier)  # type: ignore[assignment]
        return back(work)

    async def one(who: str) -> Deal | CrmError:
        try:
            return await office.database.run(lambda tx: met(tx, who))  # type: ignore[no-any-return]
        except CrmError as refused:
            return refused

    async with asyncio.timeout(20):
        done = await asyncio.gather(one("manager"), one("supervisor"))
    assert [type(refused) for refused in done if isinstance(refused, CrmError)] == [AlreadyDone]
    assert [row.amount for row in await rows(office)] == [7_500_000, -7_500_000]


async def test_the_same_sum_day_and_method_is_known_unless_it_was_taken_back(office: Office, deal: Deal) -> None:
    same = ReceivedPayment(Decimal(75_000), TODAY, "card")
    assert await office.run(lambda work: payments.find_same(work, deal.id, same)) is None
    await office.run(entering(deal, 75_000), "manager")
    found = await office.run(lambda work: payments.find_same(work, deal.id, same))
    assert found is not None and found.author == "Анна"
    other = ReceivedPayment(Decimal(75_000), TODAY, "cash")
    assert await office.run(lambda work: payments.find_same(work, deal.id, other)) is None
    await office.run(lambda work: payments.reverse(work, deal.id, found.id, "ошибка"), "manager")
    assert await office.run(lambda work: payments.find_same(work, deal.id, same)) is None


async def test_the_history_has_a_line_for_money_in_and_money_back(office: Office, deal: Deal) -> None:
    await office.run(entering(deal, 75_000), "manager")
    await office.run(lambda work: payments.reverse(work, deal.id, 1, "ошибка"), "manager")
    query = select(HistoryRow.kind).where(HistoryRow.kind.in_(["paid", "unpaid"])).order_by(HistoryRow.id)
    assert await office.run(lambda work: list(work.tx.execute(query).scalars())) == ["paid", "unpaid"]


async def test_a_change_of_a_pinned_deal_asks_for_one_errand_until_it_is_looked_at(office: Office, deal: Deal) -> None:
    """K-14."""
    await office.run(entering(deal, 50_000), "manager")
    await office.run(entering(deal, 25_000), "manager")
    asked = select(ScheduledRow.id).where(ScheduledRow.kind == "job", ScheduledRow.rule == "pin")
    assert len(await office.run(lambda work: work.tx.execute(asked).all())) == 1
