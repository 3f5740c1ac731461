"""Practice: everything as in life, and nothing of it reaches anybody else or counts anywhere (K-2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from models.entities import Deal
from models.errors import MoveRefused, NotAllowed
from models.process.process import Process
from models.tables.clients import ClientRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from services import claims, facts, timers
from services.clients import client_cards
from services.deals import deal_commands, deal_lists, deal_queries, practice
from services.deals.deal_lists import Scope
from services.files import deal_files
from services.outbox import queue
from services.people import employees, team
from services.search import finder
from services.tasks import agenda, task_commands, task_queries
from services.unit_of_work import UnitOfWork
from services.visits import workload
from tests.worlds import claim_shop
from tests.worlds.claim_shop import BOTH, KITCHENS
from tests.worlds.office import Office, hire
from tests.worlds.outbox import notices


@pytest.fixture
async def office(database: Database) -> Office:
    return await claim_shop.open_shop(database)


async def learn(office: Office, **values: Any) -> Deal:
    """A practice deal of the manager."""
    return await office.run(lambda work: claim_shop.begin(work, office, "school", **values), "manager")


async def heard(office: Office, who: str) -> list[dict[str, Any]]:
    """The payloads of what that person is told, with their envelopes."""
    key = office.staff[who].id
    rows = await office.run(lambda work: notices(work, ScheduledRow.employee_id == key))
    return [{**row.payload, **(row.envelope.to_data() or {})} for row in rows]


async def others_hear_nothing(office: Office) -> bool:
    return not any([await heard(office, who) for who in ("owner", "supervisor", "installer")])


async def walked(office: Office) -> Deal:
    """A practice deal that was led to «Монтаж»."""
    deal = await learn(office, fitter=office.staff["installer"].id)

    def go(work: UnitOfWork) -> Deal:
        deal_commands.fill(work, deal.id, {"total": Decimal(150000)})
        return deal_commands.move(work, deal.id, None, "assembly")

    return await office.run(go, "manager")


async def test_practice_uses_up_no_number_of_real_deals_and_is_marked_in_its_title_K2(office: Office) -> None:
    learnt = await learn(office)
    real = await office.run(lambda work: claim_shop.begin(work, office), "manager")
    assert (learnt.number, learnt.title, learnt.kind) == ("У-2026-0001", "🎓 Кухня · Мария Иванова", "practice")
    assert real.number == "2026-0001"
    renamed = await office.run(lambda work: deal_commands.rename(work, learnt.id, "Моя первая"), "manager")
    assert renamed.title == "🎓 Моя первая"


async def test_a_practice_deal_makes_no_client_and_joins_none_K2(office: Office) -> None:
    await office.run(lambda work: client_cards.create(work, "Мария Иванова", ["+79123456789"]), "manager")
    learnt = await learn(office)
    assert learnt.client_id is None
    assert len(await office.run(lambda work: work.tx.execute(select(ClientRow.id)).all())) == 1
    known = await office.run(lambda work: facts.of(work, learnt))
    assert "client" in known  # what asks for a client does not stop a learner


async def test_everybodys_messages_and_tasks_go_to_the_learner_K2(office: Office) -> None:
    deal = await walked(office)
    manager = office.staff["manager"].id
    (job,) = [one for one in await office.run(lambda work: task_queries.of_deal(work, deal.id)) if one.name == "job"]
    assert job.assignee_id == manager  # in life it would be the installer's
    await office.run(lambda work: claims.register(work, deal.id, "Учебная претензия"), "manager")
    assert await others_hear_nothing(office)
    mine = await heard(office, "manager")
    assert {one.get("to") for one in mine} >= {"technologist", "supervisor"}
    assert all(one.get("practice") for one in mine if one["kind"] != "task")


async def test_an_escalation_of_practice_never_reaches_the_supervisor_K2(office: Office) -> None:
    deal = await learn(office)
    office.later(days=8)

    def ring(work: UnitOfWork) -> int:
        rows = queue.claim(work)
        bells = [row for row in rows if row.kind == "timer"]
        for row in bells:
            timers.fire(work, row)
        return len(bells)

    assert await office.run(ring) == 2  # three days without a contract, a week of silence
    assert await others_hear_nothing(office)
    said = [one["text"] for one in await heard(office, "manager") if one["kind"] in ("escalation", "silent_long")]
    assert sorted(said) == ["Договор не подписан", "По сделке тихо"]
    assert deal.status == "open"


async def test_what_a_learner_who_has_left_does_not_hear_nobody_hears_K2(office: Office) -> None:
    await learn(office)
    await office.run(lambda work: employees.dismiss(work, office.staff["manager"].id), "owner")
    office.later(days=8)

    def ring(work: UnitOfWork) -> None:
        for row in queue.claim(work):
            if row.kind == "notice":
                timers.undeliverable(work, [row], "not employed any more")
            else:
                timers.fire(work, row)

    await office.run(ring)
    await office.run(ring)
    assert await others_hear_nothing(office)


async def test_practice_stands_in_no_list_no_count_and_no_statistics_K2(office: Office) -> None:
    learnt = await walked(office)
    key = office.staff["manager"].id

    def look(work: UnitOfWork) -> None:
        counts = deal_lists.counts(work)
        assert counts.get(("practice", "mine")) == 1 and not counts.get(("deal", "mine"))
        assert deal_lists.page(work, Scope("deal", "mine")).deals == ()
        assert deal_lists.by_stage(work, "deal", "mine") == []
        assert task_queries.mine(work) == []
        assert agenda.counts(work) == {"overdue": 0, "today": 0, "coming": 0, "practice": 1}
        assert agenda.page(work, "coming")[0] == []
        assert [one.deal.id for one in agenda.page(work, "practice")[0]] == [learnt.id]
        assert agenda.jobs(work) == []
        day = work.company.calendar.local(agenda.page(work, "practice")[0][0].task.due_at).date()
        assert workload.jobs_on(work, day, [key]) == {}
        assert deal_queries.workload(work).get(key) is None
        assert team.load(work, key) == team.PersonLoad(0, 0)
        assert finder.look(work, "0001").nothing and finder.look(work, "Иванова").nothing
        assert finder.look(work, "+79123456789").nothing

    await office.run(look, "manager")
    await office.run(lambda work: claims.register(work, learnt.id, "Учебная"), "manager")
    assert await office.run(lambda work: claims.count_open(work)) == 0
    assert (await office.run(lambda work: claims.page(work), "supervisor")).entries == ()
    # files of a practice deal are sent to it all the same
    assert learnt.id in [one.id for one in await office.run(lambda work: deal_files.recent_deals(work), "manager")]


async def test_claims_of_practice_are_numbered_by_themselves_K2(office: Office) -> None:
    deal = await walked(office)
    one = await office.run(lambda work: claims.register(work, deal.id, "Учебная"), "manager")
    assert one.number == "УП-2026-0001"
    real = await office.run(lambda work: claim_shop.begin(work, office), "manager")
    assert (
        await office.run(lambda work: claims.register(work, real.id, "Настоящая"), "manager")
    ).number == "П-2026-0001"


async def test_nothing_real_is_begun_from_practice_K2(office: Office) -> None:
    office.company = BOTH
    deal = await walked(office)
    await office.run(lambda work: claims.register(work, deal.id, "Учебная"), "manager")
    settle = next(
        one for one in await office.run(lambda work: task_queries.of_deal(work, deal.id)) if one.name == "settle"
    )
    with pytest.raises(MoveRefused) as refused:
        await office.run(lambda work: task_commands.close(work, settle.id, "repair"), "manager")
    assert [one.code for one in refused.value.refusal.reasons] == ["not_running"]
    assert await office.run(lambda work: deal_lists.by_stage(work, "deal", "all"), "owner") == []


async def test_a_call_list_holds_no_practice_K2(office: Office) -> None:
    text = claim_shop.SHOP.replace("sign: {title: Подписать договор,", "sign: {title: Подписать договор, list: Обзвон,")
    changed: Process = claim_shop.read(text)
    office.company = type(office.company)({"kitchens": changed}, office.company.calendar)
    await office.run(
        lambda work: deal_commands.begin(work, changed, "school", {"name": "Анна"}, responsible_id=work.actor_id),
        "manager",
    )
    rows = await office.run(
        lambda work: work.tx.execute(select(ScheduledRow.kind).where(ScheduledRow.kind == "list")).all()
    )
    assert rows == []
    assert (await office.run(lambda work: work.tx.execute(select(TaskRow.list)).scalar_one())) is None


async def test_everybody_sees_his_own_practice_and_those_above_all_of_it_K2(office: Office) -> None:
    pavel = await hire(office, "manager", 3000, "Павел")
    first = await learn(office)
    others = []
    for _ in range(practice.PAGE + 1):
        begun = await office.run(
            lambda work: deal_commands.begin(work, KITCHENS, "school", {"name": "Олег"}, responsible_id=pavel.id), pavel
        )
        others.append(begun.id)
    await office.run(lambda work: deal_commands.move(work, first.id, None, "lost"), "manager")
    mine = await office.run(lambda work: practice.page(work), "manager")
    assert [one.id for one in mine.deals] == [first.id] and mine.after is None  # closed ones too
    page = await office.run(lambda work: practice.page(work), "supervisor")
    assert [one.id for one in page.deals] == others[:0:-1] and page.before is None
    rest = await office.run(lambda work: practice.page(work, after=page.after), "supervisor")
    assert [one.id for one in rest.deals] == [others[0], first.id] and rest.after is None
    back = await office.run(lambda work: practice.page(work, before=rest.before), "supervisor")
    assert back == page
    with pytest.raises(NotAllowed):
        await office.run(lambda work: practice.page(work), "installer")
    assert await office.run(lambda work: practice.has_tried(work), "manager")
    assert not await office.run(lambda work: practice.has_tried(work), "owner")


def test_where_one_can_practise_K2() -> None:
    (ground,) = practice.grounds(BOTH)
    assert (ground.process, ground.pipeline, ground.button) == ("kitchens", "school", "Начать учебную сделку")
