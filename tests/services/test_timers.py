"""What rings, and who hears it: a reminder changes nothing, and reaches somebody who can act (promises 3 and 5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.database import Database
from models.entities import Deal, Employee
from models.outbox import DeliveryState, Scheduled
from models.tables.outbox import ScheduledRow
from services import timers
from services.deals import deal_commands, deal_queries
from services.outbox import queue
from services.people import employees, team
from services.tasks import task_commands, task_queries
from services.unit_of_work import Company, UnitOfWork
from tests.worlds import notice_shop, outbox
from tests.worlds.notice_shop import HOUR, MORNING, News, begin, move
from tests.worlds.office import ADDRESS, NOON, Office, hire, open_office


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


@pytest.fixture
async def shop(database: Database) -> Office:
    """Another office: its process has tasks for every kind of person."""
    return await notice_shop.open_shop(database)


def ring_all(work: UnitOfWork) -> None:
    """Everything that is due now rings; what is to be sent stays on the schedule."""
    for row in queue.claim(work):
        if row.kind != "notice":
            timers.fire(work, row)


async def notices(office: Office) -> list[Scheduled]:
    return await office.run(outbox.notices)


async def news(office: Office, before: Sequence[Scheduled]) -> list[tuple[int, str]]:
    """(Whom, what) that was put on the schedule since."""
    known = {row.id for row in before}
    return [(row.reader_id, outbox.text_of(row)) for row in await notices(office) if row.id not in known]


async def test_a_reminder_leaves_the_buttons_good_that_people_look_at_promise_3(office: Office) -> None:
    deal = await office.deal(budget=Decimal(150000))
    before = await notices(office)
    office.later(days=1)
    await office.run(ring_all)
    assert await news(office, before) == [(office.staff["manager"].id, "Сделка {day_here} на договоре: {deal}")]
    assert (await office.run(lambda work: deal_queries.get(work, deal.id), "manager")).version == deal.version
    moved = await office.run(lambda work: deal_commands.move(work, deal.id, deal.version, "prepayment"), "manager")
    assert (moved.stage, moved.version) == ("prepayment", deal.version + 1)


# --- a responsible who does something else now ----------------------------------------------------------------------


async def become_installer(office: Office, who: Employee) -> Employee:
    return await office.run(lambda work: team.change_role(work, who.id, "installer"), "owner")


async def test_a_responsible_who_has_left_sales_is_not_reminded_but_those_above_promise_5(office: Office) -> None:
    """He could not move the deal: the supervisor can."""
    await office.deal()
    await become_installer(office, office.staff["manager"])
    before = await notices(office)
    office.later(days=1)
    await office.run(ring_all)
    assert await news(office, before) == [(office.staff["supervisor"].id, "Сделка {day_here} на договоре: {deal}")]


async def test_what_he_does_himself_on_his_old_deal_is_told_to_those_above_promise_5(office: Office) -> None:
    pavel = await become_installer(office, await hire(office, "manager", 2000, "Павел"))
    when = NOON + timedelta(hours=4)
    told = {
        "name": "Мария", "phone": "+79123456789", "comment": "Шкаф", "budget": Decimal(150000),
        "prepayment": Decimal(75000), "delivery_at": when, "needs_assembly": True, "assembly_at": when,
        "assembler": pavel.id, "address": ADDRESS,
    }  # fmt: skip

    def assembled(work: UnitOfWork) -> Deal:
        begun = deal_commands.begin(work, work.process("furniture"), "order", told, responsible_id=pavel.id)
        for stage in ("prepayment", "making", "delivery", "assembly"):
            deal_commands.move(work, begun.id, None, stage)
        return deal_queries.get(work, begun.id)

    deal = await office.run(assembled, "owner")
    assert deal.responsible_id == pavel.id
    before = await notices(office)
    job = next(one for one in await office.run(lambda work: task_queries.of_deal(work, deal.id)) if one.name == "job")
    await office.run(lambda work: task_commands.close(work, job.id, "claim", {"claim": "Царапина"}), pavel)
    supervisor = office.staff["supervisor"].id
    assert await news(office, before) == [
        (supervisor, "Клиент не принял сборку: {claim}"), (supervisor, "Претензия по сборке ({deal}): {claim}"),
    ]  # fmt: skip


# --- what rings -----------------------------------------------------------------------------------------------------


async def rung(shop: Office, **later: int) -> list[tuple[str, str]]:
    """(To whom, what) is told when everything rings that is due after so long."""
    shop.later(**later)
    news = News(shop)
    await news.rows()
    await shop.run(ring_all)
    return await news.told()


async def rows_of(shop: Office, rule: str) -> list[Scheduled]:
    return await shop.run(lambda work: outbox.scheduled(work, ScheduledRow.rule == rule, ScheduledRow.kind != "notice"))


async def dismiss(shop: Office, who: str) -> None:
    await shop.run(lambda work: employees.dismiss(work, shop.staff[who].id), "owner")


OPENING = NOON - timedelta(hours=3)  # the net rings when the company opens, so that all that is silent is one list


async def test_the_net_that_rang_is_done_and_hangs_again(shop: Office) -> None:
    await begin(shop)
    assert ("Семён", "Тишина") in await rung(shop, days=7)
    assert [(row.delivery_state, row.run_at) for row in await rows_of(shop, "silence")] == [
        (DeliveryState.SENT, OPENING + timedelta(days=7)), (DeliveryState.WAITING, OPENING + timedelta(days=14)),
    ]  # fmt: skip


async def test_nothing_rings_for_a_process_that_is_switched_off(shop: Office) -> None:
    await begin(shop)
    shop.company = Company({}, shop.company.calendar)
    assert ("Анна", "Стоит") not in await rung(shop, days=1)
    assert [row.delivery_state for row in await rows_of(shop, "general.start.stuck1440.notify")] == [DeliveryState.VOID]


async def test_a_task_that_was_closed_while_its_ring_was_on_the_way_is_not_told(shop: Office) -> None:
    deal = await begin(shop)
    shop.later(days=1)
    ring = next(row for row in await shop.run(queue.claim) if row.kind == "task")
    assert ring.task_id is not None
    name = (await shop.run(lambda work: task_queries.get(work, ring.task_id), "owner")).name
    assert (deal.id, name) == (ring.deal_id, "call")
    await shop.run(lambda work: task_commands.close(work, ring.task_id, "done", {}), "manager")
    news = News(shop)
    await news.rows()
    await shop.run(lambda work: timers.fire(work, ring))
    assert await news.told() == []


async def test_a_task_of_somebody_who_has_left_rings_for_who_can_do_it_promise_5(shop: Office) -> None:
    await hire(shop, "manager", 2000, "Борис")
    await begin(shop)
    await dismiss(shop, "technologist")
    await dismiss(shop, "manager")
    told = [name for name, what in await rung(shop, days=1) if what == "task"]
    assert told == ["Борис", "Борис"], "both tasks: it is not known any more for which role they were"


async def test_a_task_of_a_role_that_nobody_holds_rings_for_those_above_promise_5(shop: Office) -> None:
    await hire(shop, "technologist", 2000, "Тарас")  # two: the task is for the role
    await begin(shop)
    await shop.run(
        lambda work: [employees.dismiss(work, one.id) for one in employees.of_role(work, "technologist")], "owner"
    )
    assert [name for name, what in await rung(shop, days=1) if what == "task"] == ["Анна", "Семён"]
    await dismiss(shop, "supervisor")
    await begin(shop, of="manager")
    assert [name for name, what in await rung(shop, days=1) if what == "task"] == ["Анна", "Ольга"]


async def test_c_4_a_task_that_falls_due_at_night_is_told_in_the_morning_and_one_that_rings_late_says_so(
    shop: Office,
) -> None:
    shop.later(hours=14)
    await begin(shop)
    begun, news = shop.now, News(shop)
    await news.rows()
    shop.later(days=1)
    await shop.run(ring_all)
    told = [row for row in await news.rows() if row.notice.kind == "task"]
    assert {(row.run_at, row.scheduled_for, row.envelope.late) for row in told} == {
        (MORNING + timedelta(days=1), begun + timedelta(days=1), False)
    }
    await begin(shop)
    begun = shop.now
    await news.rows()
    shop.later(days=1, hours=10)  # noon: the bot was down for ten hours
    await shop.run(ring_all)
    late = [row for row in await news.rows() if row.notice.kind == "task"]
    assert {(row.run_at, row.scheduled_for, row.envelope.late) for row in late} == {
        (shop.now, begun + timedelta(days=1), True)
    }


# --- lists of calls (F-E5) ------------------------------------------------------------------------------------------


async def waiting(shop: Office) -> int:
    """A deal with a call on the list of the third day; the call's id."""
    deal = await begin(shop)
    await move(shop, deal, "waiting")
    found = await shop.run(lambda work: task_queries.of_deal(work, deal.id))
    return next(one.id for one in found if one.name == "ring")


async def test_f_e_5_a_list_whose_calls_are_all_done_is_not_told(shop: Office) -> None:
    call = await waiting(shop)
    await shop.run(lambda work: task_commands.close(work, call, "done", {}), "manager")
    assert ("Анна", "Обзвон") not in await rung(shop, days=3)
    assert [row.delivery_state for row in await rows_of(shop, "Обзвон")] == [DeliveryState.VOID]


async def test_f_e_5_a_list_holds_the_calls_of_its_day_and_not_those_put_off(shop: Office) -> None:
    call = await waiting(shop)
    later = NOON + timedelta(days=5)
    await shop.run(lambda work: task_commands.put_off(work, call, later, "просили позже"), "manager")
    assert ("Анна", "Обзвон") not in await rung(shop, days=3)
    await waiting(shop)
    assert ("Анна", "Обзвон") in await rung(shop, days=3)


# --- who is not reached ---------------------------------------------------------------------------------------------


async def passed_on(shop: Office, text: str) -> list[str]:
    """To whom a message of that text goes when it cannot be delivered, and so on until nobody is left."""
    names: list[str] = []
    news = News(shop)
    rows = [row for row in await news.rows() if outbox.text_of(row) == text or row.notice.kind == text]
    assert rows
    while rows:
        await shop.run(lambda work, rows=rows[:1]: timers.undeliverable(work, rows, "blocked"))
        rows = [row for row in await news.rows() if row.envelope.instead_of]
        names += [(await shop.run(lambda work, row=row: employees.get(work, row.reader_id))).name for row in rows]
    return names


async def note(shop: Office, deal: Deal) -> None:
    await shop.run(lambda work: deal_commands.fill(work, deal.id, {"note": "Звонила"}), "owner")


async def test_a_managers_message_goes_past_a_colleague_who_may_not_open_the_deal_promise_5(shop: Office) -> None:
    await hire(shop, "manager", 2000, "Борис")
    await note(shop, await begin(shop))
    assert await passed_on(shop, "Ответственному") == ["Семён", "Ольга"]


async def test_a_message_of_a_deal_that_is_nobodys_goes_to_a_colleague_first_promise_5(shop: Office) -> None:
    deal = await begin(shop, who=None, of=None)
    await note(shop, deal)
    await hire(shop, "manager", 2000, "Борис")
    assert await passed_on(shop, "Ответственному") == ["Борис", "Семён", "Ольга"]


async def test_a_message_is_not_passed_on_to_who_blocked_the_bot_promise_5(shop: Office) -> None:
    await note(shop, await begin(shop))
    supervisor = shop.staff["supervisor"].telegram_id
    await shop.run(lambda work: employees.mark_reachable(work, supervisor, reachable=False))
    assert await passed_on(shop, "Ответственному") == ["Ольга"]


async def test_an_installers_message_goes_to_the_supervisor_before_the_owner_promise_5(shop: Office) -> None:
    deal = await begin(shop, fitter=shop.staff["installer"].id)
    await note(shop, deal)
    assert await passed_on(shop, "Монтажнику") == ["Семён", "Ольга"]


async def test_what_a_learner_is_not_told_nobody_is_told_K2(shop: Office) -> None:
    await begin(shop, pipeline="school")
    await rung(shop, days=7)
    assert await passed_on(shop, "Тишина") == []


# --- put off (C-6) --------------------------------------------------------------------------------------------------


async def test_c_6_an_escalation_that_was_put_off_comes_again_on_its_day_and_no_earlier(shop: Office) -> None:
    """This one hangs on a date of the deal, not on the day when the stage was entered."""
    deal = await begin(shop, ready_at=NOON + HOUR)
    await move(shop, deal, "work")
    assert ("Семён", "Срок вышел") in await rung(shop, hours=1)
    rang = next(row for row in await notices(shop) if outbox.text_of(row) == "Срок вышел")
    for days in (1, 2):  # pressed again: the later day counts
        await shop.run(lambda work, days=days: timers.snooze(work, deal.id, rang.rule, days), "supervisor")
    assert ("Семён", "Срок вышел") not in await rung(shop, days=1)
    assert ("Семён", "Срок вышел") in await rung(shop, days=1)
