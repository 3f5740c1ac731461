"""A template in use that is refused when a paper is asked for: who hears of it, how often, what ends it (safety 22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select

from models.entities import Employee
from models.tables.documents import PaperTemplateRow
from models.tables.outbox import ScheduledRow
from models.values.product_text import NO_TITLE, StoredTitle
from models.values.template_flaw import TemplateFlaw
from services.documents import paper_templates
from services.documents.paper_templates import PaperTemplate
from services.unit_of_work import UnitOfWork
from tests.conftest import MovableClock

InWork = Callable[..., Any]
FLAWS = (TemplateFlaw("field", "word/document.xml", 'DDEAUTO "x"'), TemplateFlaw("macro", "word/vbaProject.bin"))


def own(state: str = "used") -> Callable[[UnitOfWork], int]:
    """A template of the owner's; gives its id."""

    def add(work: UnitOfWork) -> int:
        row = {
            "process": "kitchens", "name": "contract", "file_name": "наш.docx", "telegram_id": "x", "sha": "a" * 64,
            "state": state, "at": work.now,
        }  # fmt: skip
        return int(work.add(insert(PaperTemplateRow).returning(PaperTemplateRow.id), **row))

    return add


def stop(key: int, why: str = "", flaws: tuple[TemplateFlaw, ...] = FLAWS) -> Callable[[UnitOfWork], bool]:
    return lambda work: paper_templates.stop(work, found(work, key), StoredTitle(why), flaws)


def found(work: UnitOfWork, key: int) -> PaperTemplate:
    one = paper_templates.find(work, key)
    assert one is not None
    return one


async def told(in_work: InWork) -> list[int]:
    """To whom something was said of templates."""
    to = select(ScheduledRow.employee_id).where(ScheduledRow.kind == "notice", ScheduledRow.rule == "template")
    return list(await in_work(lambda work: work.tx.execute(to.order_by(ScheduledRow.id)).scalars().all()))


async def test_every_owner_hears_of_it_once_a_day_and_it_is_known_why(
    in_work: InWork, staff: dict[str, Employee], hire: Callable[..., Any], clock: MovableClock
) -> None:
    second = await hire("Second", "owner")
    key = await in_work(own())
    assert await in_work(stop(key)) and await in_work(stop(key))
    assert sorted(await told(in_work)) == sorted([staff["owner"].id, second.id])
    one = await in_work(lambda work: paper_templates.in_use(work, "kitchens", "contract"))
    assert one.is_stopped and one.flaws == FLAWS and one.problem is None
    clock.forward(days=1)
    await in_work(stop(key))
    assert len(await told(in_work)) == 4


async def test_with_no_owner_nobody_is_said_to_know(in_work: InWork) -> None:
    key = await in_work(own())
    assert not await in_work(stop(key)) and await told(in_work) == []


async def test_a_paper_that_is_made_after_all_ends_it(in_work: InWork, staff: dict[str, Employee]) -> None:
    key = await in_work(own())
    await in_work(stop(key, "слишком долго", ()))
    one = await in_work(lambda work: found(work, key))
    assert one.is_stopped and one.problem == "слишком долго" and one.flaws == ()
    await in_work(lambda work: paper_templates.resume(work, one))
    assert not (await in_work(lambda work: found(work, key))).is_stopped


async def test_one_that_is_in_use_no_more_is_left_as_it_is(in_work: InWork, staff: dict[str, Employee]) -> None:
    key = await in_work(own("old"))
    await in_work(stop(key))
    one = await in_work(lambda work: found(work, key))
    assert (one.state, one.flaws, one.problem or NO_TITLE) == ("old", (), NO_TITLE)
