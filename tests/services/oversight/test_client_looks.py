"""Of clients whose deals one does not lead a manager looks at so many in a day, and every look is written down."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from models.entities import Client, Employee
from models.errors import NotAllowed, NotFound
from models.ids import ClientId
from models.notices.notice import read as read_notice
from models.notices.oversight_notices import LooksLimited
from models.oversight.journal import JournalEntry
from models.oversight.looks import ListRules, ShownClients
from models.tables.outbox import ScheduledRow
from services.clients import client_cards
from services.deals import client_merge
from services.oversight import client_looks, journal, list_rules
from services.people import employees, team
from services.unit_of_work import UnitOfWork
from tests.worlds.office import Office, hire, open_office

LIMIT = 3


@pytest.fixture
async def office(database: Database) -> Office:
    """The owner lets managers look at three of others' clients a day."""
    office = await open_office(database)
    await office.run(lambda work: list_rules.limit(work, LIMIT), "owner")
    return office


async def clients(office: Office, count: int) -> list[Client]:
    """Cards that no deal hangs on."""
    names = [(f"Клиент {number}", f"+7916000000{number}") for number in range(count)]
    return await office.run(lambda work: [client_cards.create(work, name, [phone]) for name, phone in names])


async def see(office: Office, who: str | Employee, *cards: Client) -> ShownClients:
    person = await office.run(lambda work: employees.get(work, (office.staff[who] if isinstance(who, str) else who).id))
    return await office.run(lambda work: client_looks.look(work, cards, "list_seen", ("search", None)), person)


async def written(office: Office, who: str | Employee, *what: str) -> list[JournalEntry]:
    key = (office.staff[who] if isinstance(who, str) else who).id
    past = datetime(2020, 1, 1, tzinfo=UTC)
    found = await office.run(lambda work: journal.latest(work.tx, past, 1000, who=key))
    return [one for one in reversed(found) if not what or one.what in what]


async def told(office: Office) -> Sequence[LooksLimited]:
    """What the owner is to hear of limits."""
    query = select(ScheduledRow.payload).where(ScheduledRow.rule == client_looks.RULE)
    rows = await office.run(lambda work: list(work.tx.execute(query).scalars()))
    return [one for one in map(read_notice, rows) if isinstance(one, LooksLimited)]


async def test_as_many_as_the_limit_are_shown_and_no_more_and_the_owner_hears_once(office: Office) -> None:
    """Twice: the same client counts once, and comes again; the owner is told once a day."""
    many = await clients(office, 6)
    assert (await see(office, "manager", *many[:2])).clients == tuple(many[:2])
    assert (await see(office, "manager", many[0])).past == 0
    last = await see(office, "manager", *many[1:])
    assert (last.clients, last.past, last.most) == (tuple(many[1:3]), 3, LIMIT)
    assert (await see(office, "manager", many[5])).past == 1
    assert (await see(office, "manager", many[0])).clients == (many[0],)
    anna = office.staff["manager"]
    assert await told(office) == [LooksLimited(anna.id, anna.name, LIMIT, office.now.date())]


async def test_each_look_is_one_row_with_those_who_were_shown(office: Office) -> None:
    many = await clients(office, 5)
    await see(office, "manager", *many[:2])
    await see(office, "manager", *many)
    rows = await written(office, "manager", "list_seen")
    assert [(one.about, one.count, one.clients) for one in rows] == [
        (("search", None), 2, tuple(one.id for one in many[:2])),
        (("search", None), 3, tuple(one.id for one in many[:3])),
    ]
    assert (await office.run(lambda work: journal.verify(work.tx))).faults == ()


async def test_ones_own_clients_do_not_count_and_are_not_written_down(office: Office) -> None:
    """Closed: a deal that is over leaves its client one's own. A firm is one's own by its contact's deal."""
    deal = await office.deal()
    assert deal.client_id is not None
    own = await office.run(lambda work: client_cards.get(work, deal.client_id or 0))
    firm = await office.run(lambda work: client_cards.create(work, "ООО «Ромашка»", kind="company"))
    await office.run(lambda work: client_cards.write_company(work, own.id, firm.id))
    await see(office, "manager", *await clients(office, 5))
    before = len(await written(office, "manager"))
    assert (await see(office, "manager", own, firm)).clients == (own, firm)
    assert len(await written(office, "manager")) == before


async def test_those_above_have_no_limit_and_are_written_down(office: Office) -> None:
    many = await clients(office, 6)
    for who in ("owner", "supervisor"):
        assert len((await see(office, who, *many)).clients) == 6
        assert [one.count for one in await written(office, who, "list_seen")] == [6]
    assert await told(office) == []


async def test_the_day_begins_at_the_companys_midnight(office: Office) -> None:
    many = await clients(office, 5)
    office.now = datetime(2026, 11, 20, 20, 59, tzinfo=UTC)  # 23:59 in Moscow
    assert (await see(office, "manager", *many)).past == 2
    office.later(minutes=1)
    assert (await see(office, "manager", *many[3:])).past == 0
    office.later(hours=23, minutes=59)
    assert (await see(office, "manager", *many)).past == 2
    assert [one.day.day for one in await told(office)] == [20, 21]


async def test_of_two_looks_of_one_person_at_once_none_goes_past_the_limit(office: Office) -> None:
    many = await clients(office, 9)
    async with asyncio.timeout(20):
        shown = await asyncio.gather(*(see(office, "manager", one) for one in many))
    assert sum(len(one.clients) for one in shown) == LIMIT
    assert len(await told(office)) == 1
    assert (await office.run(lambda work: journal.verify(work.tx))).faults == ()


async def test_a_client_who_was_merged_stays_in_the_journal_under_his_number(office: Office) -> None:
    one, other = await clients(office, 2)
    await see(office, "manager", one, other)
    await office.run(lambda work: client_merge.merge(work, one.id, other.id), "supervisor")
    assert [row.clients for row in await written(office, "manager")] == [(one.id, other.id)]


async def test_who_was_above_until_today_is_held_to_the_limit_at_the_next_press(office: Office) -> None:
    many = await clients(office, 6)
    await see(office, "supervisor", *many[:4])
    person = office.staff["supervisor"]
    await office.run(lambda work: team.change_role(work, person.id, "manager"), "owner")
    assert (await see(office, person, *many)).clients == tuple(many[:4]), "what he has seen today he may see again"
    assert (await see(office, person, many[5])).past == 1


# --- the owner decides ------------------------------------------------------------------------------------------


async def lifted_until(office: Office, who: str, days: int | None) -> None:
    """The owner lifts the limit: on the day so many days from today, or for good."""
    day = None if days is None else office.now.date() + timedelta(days=days)
    await office.run(lambda work: list_rules.lift(work, office.staff[who].id, day), "owner")


@pytest.mark.parametrize(("days", "tomorrow"), [(0, 2), (None, 0)])
async def test_the_limit_is_lifted_for_a_day_or_for_good(office: Office, days: int | None, tomorrow: int) -> None:
    many = await clients(office, 5)
    await lifted_until(office, "manager", days)
    assert (await see(office, "manager", *many)).past == 0
    office.later(days=1)
    assert (await see(office, "manager", *many)).past == tomorrow
    await office.run(lambda work: list_rules.put_back(work, office.staff["manager"].id), "owner")
    office.later(days=1)
    assert (await see(office, "manager", *many)).past == 2


async def test_a_limit_that_was_lifted_holds_again_after_a_dismissal_or_another_role(office: Office) -> None:
    """Gone: who comes back comes back without it; a button for him who has left says that he is not there."""
    many = await clients(office, 5)
    person = await hire(office, "manager", 2000, "Борис")
    await office.run(lambda work: list_rules.lift(work, person.id, None), "owner")
    await office.run(lambda work: employees.dismiss(work, person.id), "owner")
    with pytest.raises(NotFound):
        await office.run(lambda work: list_rules.lift(work, person.id, None), "owner")
    assert await office.run(list_rules.lifted) == []
    await hire(office, "manager", 2000, "Борис")
    assert (await see(office, person, *many)).past == 2


async def test_a_day_that_is_over_is_not_lifted(office: Office) -> None:
    with pytest.raises(NotFound):
        await lifted_until(office, "manager", -1)


@pytest.mark.parametrize("who", ["supervisor", "manager", "installer"])
async def test_nobody_but_the_owner_changes_what_holds(office: Office, who: str) -> None:
    for change in (
        lambda work: list_rules.limit(work, None),
        lambda work: list_rules.show_only_own(work, own_only=True),
        lambda work: list_rules.lift(work, office.staff["manager"].id, None),
        lambda work: list_rules.put_back(work, office.staff["manager"].id),
    ):
        with pytest.raises(NotAllowed):
            await office.run(change, who)
    assert await office.run(list_rules.get) == ListRules(most=LIMIT)


async def test_without_a_word_of_the_owner_a_manager_sees_all_clients_a_hundred_a_day(database: Database) -> None:
    office = await open_office(database)
    assert await office.run(list_rules.get) == ListRules(own_only=False, most=100)


async def test_where_managers_see_their_own_only_a_colleagues_client_is_not_shown(office: Office) -> None:
    """Free ones are: those without a deal, and those of a deal that nobody leads."""
    await office.run(lambda work: list_rules.show_only_own(work, own_only=True), "owner")
    boris = await hire(office, "manager", 2000, "Борис")
    deal = await office.deal()
    assert deal.client_id is not None
    annas = await office.run(lambda work: client_cards.get(work, deal.client_id or 0))
    (free,) = await clients(office, 1)
    shown = await see(office, boris, annas, free)
    assert (shown.clients, shown.hidden, shown.led_by) == ((free,), 1, ("Анна",))
    assert (await see(office, "manager", annas)).clients == (annas,)
    assert (await see(office, "supervisor", annas)).clients == (annas,)
    assert not await office.run(lambda work: client_looks.peek(work, annas), boris)


async def test_what_a_robot_reads_is_no_look(office: Office) -> None:
    many = await clients(office, 5)
    shown = await office.run(lambda work: client_looks.look(work, many, "list_seen", ("search", None)))
    assert len(shown.clients) == 5
    assert (await office.run(lambda work: journal.verify(work.tx))).rows == 1, "the owner's limit alone"


async def test_every_change_of_what_holds_is_written_down(office: Office) -> None:
    def change(work: UnitOfWork) -> None:
        list_rules.show_only_own(work, own_only=True)
        list_rules.show_only_own(work, own_only=True)
        list_rules.lift(work, office.staff["manager"].id, None)

    await office.run(change, "owner")
    anna = ClientId(office.staff["manager"].id)
    assert [(one.what, one.about, one.count) for one in await written(office, "owner")] == [
        ("lists_changed", ("all", None), LIMIT),
        ("lists_changed", ("own", None), LIMIT),
        ("limit_lifted", ("employee", anna), None),
    ]
