"""The facts of a deal that conditions ask for, whatever its history says of stages that are no more (M-2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from models.entities import Deal, Employee
from models.tables.deals import HistoryRow
from services import facts
from services.deals import deal_commands
from services.unit_of_work import UnitOfWork

DOOR = "passed:sales.premeasure"


def begin(work: UnitOfWork, stage: str = "calc", responsible: Employee | None = None) -> Deal:
    process = work.process("measurement")
    told = {"name": "Мария", "phone": "+79123456789", "comment": "Шкаф"}
    return deal_commands.begin(
        work, process, "sales", told, stage=stage, responsible_id=responsible.id if responsible else None
    )


async def test_a_deal_has_a_responsible_or_none(in_work: Callable[..., Any], hire: Callable[..., Any]) -> None:
    anna = await hire("Анна")
    assert "responsible" in await in_work(lambda work: facts.of(work, begin(work, responsible=anna)))
    assert "responsible" not in await in_work(lambda work: facts.of(work, begin(work)))


@pytest.mark.parametrize(
    ("stage", "history", "passed"),
    [
        ("calc", "sales.calc", False),
        ("premeasure", "sales.premeasure", True),
        ("premeasure", "sales.before_it_was_renamed", True),  # where it stands says it too
        ("calc", "sales.premeasure", True),  # it has been there once
        ("calc", "sales.before_it_was_renamed", False),
        ("calc", "a_pipeline_that_is_gone.premeasure", False),
    ],
)
async def test_m_2_a_deal_has_passed_the_door_that_it_stands_on_or_has_ever_come_to(
    in_work: Callable[..., Any], stage: str, history: str, passed: bool
) -> None:
    def known(work: UnitOfWork) -> frozenset[str]:
        deal = begin(work, stage)
        work.tx.execute(
            update(HistoryRow)
            .where(HistoryRow.deal_id == deal.id, HistoryRow.to_stage.is_not(None))
            .values(to_stage=history)
        )
        return facts.of(work, deal)

    assert (DOOR in await in_work(known)) is passed
