"""Claims: registered, told at once, worked on by one task until the client's word, listed for those above (K-24)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from models.entities import Claim, Deal
from models.errors import MoveRefused, NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from services import claims
from services.deals import deal_commands, deal_queries
from services.tasks import task_commands, task_queries
from services.unit_of_work import UnitOfWork
from tests.worlds import claim_shop
from tests.worlds.claim_shop import BOTH, KITCHENS
from tests.worlds.office import Office, hire


@pytest.fixture
async def office(database: Database) -> Office:
    return await claim_shop.open_shop(database)


async def assembled(office: Office, **values: Any) -> Deal:
    """A deal on «Монтаж»."""

    def go(work: UnitOfWork) -> Deal:
        made = claim_shop.begin(work, office, total=Decimal(150000), fitter=office.staff["installer"].id, **values)
        return deal_commands.move(work, made.id, None, "assembly")

    return await office.run(go, "manager")


async def complain(office: Office, deal: Deal, text: str = "Сколот фасад", who: str = "manager") -> Claim:
    return await office.run(lambda work: claims.register(work, deal.id, text), who)


async def told(office: Office, who: str, kind: str = "escalation") -> list[str]:
    """What was said to that person, by rule's text."""
    key = office.staff[who].id

    def read(work: UnitOfWork) -> list[str]:
        rows = work.tx.execute(
            select(ScheduledRow.payload).where(ScheduledRow.kind == "notice", ScheduledRow.employee_id == key)
        )
        return [row.payload["text"] for row in rows if row.payload["kind"] == kind]

    return await office.run(read)


async def task_of(office: Office, deal: Deal, name: str) -> int:
    found = await office.run(lambda work: task_queries.of_deal(work, deal.id))
    (one,) = [task for task in found if task.name == name]
    return one.id


async def fresh(office: Office, deal: Deal) -> Deal:
    return await office.run(lambda work: deal_queries.get(work, deal.id), "owner")


async def test_a_claim_by_hand_has_a_number_a_task_and_the_supervisor_hears_of_it_at_once_K24(office: Office) -> None:
    deal = await assembled(office)
    one = await complain(office, deal)
    assert (one.number, one.text, one.is_open, one.opened_by) == ("П-2026-0001", "Сколот фасад", True, "Анна")
    assert await told(office, "supervisor") == ["Претензия по сделке {client}: {claim}"]
    assert (await fresh(office, deal)).fields["claim"] == "Сколот фасад"  # so that the rule's text can say it
    # who works on it until when, its task says
    assert one.task_id == await task_of(office, deal, "settle")
    assert (one.responsible, one.due_at) == ("Анна", office.now + timedelta(days=2))


async def test_an_installer_registers_one_by_the_outcome_of_his_task_and_not_by_hand_K24(office: Office) -> None:
    deal = await assembled(office)
    with pytest.raises(NotAllowed):
        await complain(office, deal, who="installer")
    job = await task_of(office, deal, "job")
    answers = {"claim": "Дверца перекошена", "claim_photos": (7, 8)}
    await office.run(lambda work: task_commands.close(work, job, "claim", answers), "installer")
    (one,) = await office.run(lambda work: claims.of_deal(work, deal_queries.get(work, deal.id)), "manager")
    assert (one.text, one.photos, one.opened_by) == ("Дверца перекошена", (7, 8), "Игорь")
    assert await told(office, "supervisor")
    # whoever sees the deal sees its claims
    assert await office.run(lambda work: claims.get(work, one.id)[0].text, "installer") == "Дверца перекошена"


async def test_a_deal_with_an_open_claim_does_not_close_as_success_until_the_client_has_said_so_K24(
    office: Office,
) -> None:
    deal = await assembled(office)
    await complain(office, deal)
    with pytest.raises(MoveRefused) as refused:
        await office.run(lambda work: deal_commands.move(work, deal.id, None, "won"), "manager")
    assert [one.why for one in refused.value.refusal.reasons] == ["Сначала уладьте претензию"]
    settle = await task_of(office, deal, "settle")
    with pytest.raises(MoveRefused) as silent:
        await office.run(lambda work: task_commands.close(work, settle, "settled"), "manager")
    assert silent.value.refusal.missing == ("word",)
    office.later(days=1)
    await office.run(
        lambda work: task_commands.close(work, settle, "settled", {"word": "Фасад заменили, всё хорошо"}), "manager"
    )
    (one,) = await office.run(lambda work: claims.of_deal(work, deal_queries.get(work, deal.id)), "manager")
    assert (one.is_open, one.client_word, one.settled_by) == (False, "Фасад заменили, всё хорошо", "Анна")
    assert one.settled_at == office.now and one.task_id is None
    assert (await office.run(lambda work: deal_commands.move(work, deal.id, None, "won"), "manager")).status == "won"


async def test_a_second_claim_is_one_of_its_own_and_one_task_settles_both_K24(office: Office) -> None:
    deal = await assembled(office)
    await complain(office, deal, "Сколот фасад")
    office.later(hours=3)
    second = await complain(office, deal, "И ручка шатается")
    assert second.number == "П-2026-0002"
    assert len(await told(office, "supervisor")) == 2  # of each the supervisor hears
    settle = await task_of(office, deal, "settle")  # there is exactly one
    await office.run(lambda work: task_commands.close(work, settle, "settled", {"word": "Довольна"}), "manager")
    both = await office.run(lambda work: claims.of_deal(work, deal_queries.get(work, deal.id)), "manager")
    assert [(one.is_open, one.client_word) for one in both] == [(False, "Довольна")] * 2
    # the next one is asked for anew, and gets a task again
    await complain(office, deal, "Протёк сифон")
    assert await task_of(office, deal, "settle") != settle


async def test_a_claim_on_a_closed_deal_leaves_it_closed_and_is_worked_on_K24(office: Office) -> None:
    deal = await assembled(office)
    await office.run(lambda work: deal_commands.move(work, deal.id, None, "won"), "manager")
    office.later(days=40)
    one = await complain(office, deal, "Отошла кромка")
    assert (await fresh(office, deal)).status == "won"
    assert await told(office, "supervisor") == ["Претензия после закрытия"]
    assert one.due_at == office.now + timedelta(days=2)
    assert await office.run(lambda work: claims.count_open(work)) == 1
    settle = await task_of(office, deal, "settle")
    await office.run(lambda work: task_commands.close(work, settle, "settled", {"word": "Приклеили"}), "manager")
    assert await office.run(lambda work: claims.count_open(work)) == 0
    assert (await fresh(office, deal)).status == "won"


async def test_where_the_stage_says_nothing_of_claims_the_supervisor_and_the_task_are_there_all_the_same_K24(
    office: Office,
) -> None:
    deal = await office.run(lambda work: claim_shop.begin(work, office), "manager")
    one = await complain(office, deal, "Обещали перезвонить и не перезвонили")
    assert await told(office, "supervisor") == ["Клиент предъявил претензию"]
    assert one.task_id is not None


async def test_the_task_of_a_claim_goes_along_when_the_deal_moves_K24(office: Office) -> None:
    deal = await office.run(lambda work: claim_shop.begin(work, office, total=Decimal(1)), "manager")
    one = await complain(office, deal)
    await office.run(lambda work: deal_commands.move(work, deal.id, None, "assembly"), "manager")
    again = await office.run(lambda work: claims.get(work, one.id)[0], "manager")
    assert again.task_id == one.task_id
    names = [task.name for task in await office.run(lambda work: task_queries.of_deal(work, deal.id))]
    assert sorted(names) == ["job", "settle"]  # what was given for the stage alone is gone


async def test_a_claim_opens_a_deal_in_repair_where_that_process_is_on_K24(office: Office) -> None:
    office.company = BOTH
    deal = await assembled(office)
    one = await complain(office, deal, "Просел фасад")
    settle = await task_of(office, deal, "settle")
    await office.run(lambda work: task_commands.close(work, settle, "repair"), "manager")
    after = await office.run(lambda work: claims.get(work, one.id)[0], "manager")
    assert after.repair_id is not None and after.is_open
    repair = await office.run(lambda work: deal_queries.get(work, after.repair_id or 0), "manager")
    assert (repair.process, repair.pipeline, repair.fields["fault"]) == ("furniture", "repair", "Просел фасад")
    assert repair.origin_id == deal.id


async def test_all_open_claims_the_oldest_first_a_page_at_a_time_for_those_above_K24(office: Office) -> None:
    numbers = []
    for place in range(claims.PAGE + 3):
        deal = await office.run(lambda work: claim_shop.begin(work, office), "manager")
        numbers.append((await complain(office, deal, f"Претензия {place}")).number)
    first = await office.run(lambda work: claims.page(work), "supervisor")
    assert [one.claim.number for one in first.entries] == numbers[: claims.PAGE]
    assert first.before is None and first.after is not None
    second = await office.run(lambda work: claims.page(work, after=first.after or 0), "supervisor")
    assert [one.claim.number for one in second.entries] == numbers[claims.PAGE :] and second.after is None
    back = await office.run(lambda work: claims.page(work, before=second.before), "supervisor")
    assert back.entries == first.entries and back.before is None
    with pytest.raises(NotAllowed):
        await office.run(lambda work: claims.page(work), "manager")


async def test_another_managers_claim_is_not_to_be_seen_C8(office: Office) -> None:
    pavel = await hire(office, "manager", 3000, "Павел")
    one = await complain(office, await assembled(office))
    with pytest.raises(NotAllowed):
        await office.run(lambda work: claims.get(work, one.id), pavel)
    with pytest.raises(NotFound):
        await office.run(lambda work: claims.get(work, 2**40), pavel)


async def test_photos_belong_to_one_claim_only_K24(office: Office) -> None:
    deal = await assembled(office)
    first = await complain(office, deal)
    await office.run(lambda work: claims.add_photos(work, first.id, [3, 4]), "manager")
    second = await complain(office, deal, "Ещё одна")
    after = await office.run(lambda work: claims.add_photos(work, second.id, [3, 4, 5]), "manager")
    assert after.photos == (5,)


async def test_a_deal_taken_away_takes_its_claims_off_the_list(office: Office) -> None:
    deal = await assembled(office)
    await complain(office, deal)
    await office.run(lambda work: deal_commands.delete(work, deal.id), "owner")
    assert await office.run(lambda work: claims.count_open(work)) == 0
    assert (await office.run(lambda work: claims.page(work), "owner")).entries == ()


def test_the_process_knows_which_tasks_and_fields_are_about_claims() -> None:
    assert KITCHENS.settling == {"settle"}
    assert KITCHENS.claim_fields == ("claim", "claim_photos")
