"""A renamed stage takes along the deals that stand on it, with their timers, tasks and counts (design section 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot import selfcheck
from models.entities import Deal
from models.process import parse
from models.process.process import Process
from models.tables.deals import DealCounterRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from services.deals import deal_commands, deal_lists, deal_queries, stage_renames
from services.tasks import task_commands, task_queries
from services.unit_of_work import Company, UnitOfWork

TEXT = (Path(__file__).parents[3] / "processes" / "furniture.yaml").read_text(encoding="utf-8")


def edited(was: str) -> Process:
    """The furniture maker with «Предоплата» of «Изготовление заказа» under another id."""
    order = TEXT.index("  order:\n")
    head, tail = TEXT[:order], TEXT[order:]
    tail = tail.replace("next: [prepayment]", "next: [advance]", 1).replace(
        "      prepayment:\n", f"      advance:\n{was}", 1
    )
    process, problems, _ = parse.read(head + tail, "furniture.yaml")
    assert process is not None, problems
    return process


def _begin(work: UnitOfWork) -> int:
    process = work.process("furniture")
    begun = deal_commands.begin(work, process, "order", {"name": "Мария", "phone": "+79123456789", "comment": "Кухня"})
    deal_commands.fill(work, begun.id, {"budget": Decimal(100)})
    return deal_commands.move(work, begun.id, None, "prepayment").id


async def test_a_stage_that_deals_stand_on_cannot_be_removed(in_work: Callable[..., Any]) -> None:
    await in_work(_begin)
    process = edited("")
    left = await in_work(lambda work: selfcheck.stranded(work.tx, {"furniture": process}))
    assert len(left) == 1 and "prepayment" in left[0]


async def test_a_renamed_stage_takes_along_who_stands_there(in_work: Callable[..., Any], company: Company) -> None:
    key = await in_work(_begin)
    process = edited("        was: prepayment\n")
    assert await in_work(lambda work: selfcheck.stranded(work.tx, {"furniture": process})) == []

    def follow(work: UnitOfWork) -> tuple[str, set[str], int]:
        assert stage_renames.follow_renames(work.tx, {"furniture": process}) == 1
        assert stage_renames.follow_renames(work.tx, {"furniture": process}) == 0, "once is enough"
        later = UnitOfWork(work.tx, work.now, replace(company, processes={"furniture": process}))
        found = deal_queries.get(later, key)
        rules = work.tx.execute(
            select(ScheduledRow.rule).where(ScheduledRow.done_at.is_(None), ScheduledRow.kind == "timer")
        ).scalars()
        counted = deal_lists.by_stage(later, "deal", "free")
        assert counted == [("furniture", "order", "advance", 1)]
        assert (
            work.tx.execute(
                select(DealCounterRow.n).where(DealCounterRow.stage == "prepayment", DealCounterRow.n != 0)
            ).all()
            == []
        )
        return found.stage, set(rules), len(deal_queries.options(later, found))

    stage, rules, options = await in_work(follow)
    assert stage == "advance" and options > 0
    assert rules == {"order.advance.stuck1440.notify", "order.advance.stuck4320.escalate", "silence"}


async def test_a_failed_deal_is_taken_back_to_the_stage_that_was_renamed_meanwhile(
    in_work: Callable[..., Any], company: Company
) -> None:
    """Nobody stands there now, but one deal remembers it as the stage that it came from."""
    key = await in_work(_begin)
    await in_work(lambda work: deal_commands.fill(work, key, {"refusal_reason": "expensive"}))
    await in_work(lambda work: deal_commands.move(work, key, None, "refused"))
    process = edited("        was: prepayment\n")

    def follow(work: UnitOfWork) -> Deal:
        stage_renames.follow_renames(work.tx, {"furniture": process})
        later = UnitOfWork(work.tx, work.now, replace(company, processes={"furniture": process}))
        back = [
            option.stage
            for option in deal_queries.options(later, deal_queries.get(later, key))
            if option.direction == "back"
        ]
        assert back == ["advance", "contract"]
        [call] = [one for one in task_queries.of_deal(later, key) if one.name == "call_back"]
        task_commands.close(later, call.id, "back", {})
        return deal_queries.get(later, key)

    after = await in_work(follow)
    assert (after.stage, after.status) == ("advance", "open")


async def test_what_was_done_on_a_renamed_stage_was_done_on_it_under_its_new_name(in_work: Callable[..., Any]) -> None:
    """Closed tasks too, of deals that have gone on since: they count until the deal comes there again."""
    key = await in_work(_begin)

    def follow(work: UnitOfWork) -> list[str]:
        given = {"deal_id": key, "name": "call", "title": "Позвонить", "due_at": work.now, "given_at": work.now}
        work.tx.execute(insert(TaskRow).values(**given, origin="order.prepayment", state="done", outcome="done"))
        deal_commands.fill(work, key, {"prepayment": Decimal(50)})
        deal_commands.move(work, key, None, "making")
        stage_renames.follow_renames(work.tx, {"furniture": edited("        was: prepayment\n")})
        return list(work.tx.execute(select(TaskRow.origin).where(TaskRow.name == "call")).scalars())

    assert await in_work(follow) == ["order.advance"]


async def test_a_stage_of_the_same_name_in_another_pipeline_keeps_it(in_work: Callable[..., Any]) -> None:
    def refused(work: UnitOfWork) -> Deal:
        process = work.process("furniture")
        told = {"name": "Мария", "phone": "+79123456789", "comment": "Кухня", "design_price": Decimal(100)}
        begun = deal_commands.begin(work, process, "design", told)
        for stage in ("contract", "prepayment"):
            deal_commands.move(work, begun.id, None, stage)
        deal_commands.fill(work, begun.id, {"refusal_reason": "expensive"})
        return deal_commands.move(work, begun.id, None, "refused")

    deal = await in_work(refused)
    process = edited("        was: prepayment\n")
    await in_work(lambda work: stage_renames.follow_renames(work.tx, {"furniture": process}))
    assert (await in_work(lambda work: deal_queries.get(work, deal.id))).came_from == "prepayment"
