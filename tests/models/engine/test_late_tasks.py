"""Which tasks go along when their deal goes on: those of others with something still to hand in (truth 8, kind G)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from engine_shop import NOW, moment

from models.engine import late_tasks
from models.engine.deal_state import DealState
from models.process.stages import TaskDefinition
from services import processes
from tests.conftest import PROCESSES

TODAY = NOW.date()
MEASUREMENT = processes.load([PROCESSES / "measurement.yaml"])["measurement"]


def goes(to: str = "no_sheet", *, by_itself: bool = True, task: str = "visit", **fields: Any) -> bool:
    process = MEASUREMENT
    found = process.task("sales", "measure", task)
    deal = DealState("sales", "measure", NOW, {"visit_at": NOW - timedelta(days=1), **fields}, {task: None})
    if not late_tasks.is_of_others(process, found):
        return False
    return late_tasks.goes_along(process, deal, found, "sales", to, moment(), by_itself=by_itself)


def test_a_visit_whose_sheets_are_missing_goes_along() -> None:
    assert goes()
    assert goes(by_itself=False), "the stage waits for the sheets, whoever has moved the deal there"


def test_what_is_handed_in_does_not() -> None:
    assert not goes(sheets=(1,))


def test_a_visit_that_is_still_ahead_or_was_called_off_does_not() -> None:
    assert not goes(visit_at=NOW + timedelta(days=1))
    assert not goes(visit_at=None)


def test_a_person_who_decides_otherwise_takes_it_back_and_so_does_an_ending() -> None:
    assert not goes("remeasure", by_itself=False)
    assert not goes("lost") and not goes("won")


@pytest.mark.parametrize("task", ["stamp", "plan_visit", "result"])
def test_what_only_prepared_the_day_or_is_the_responsibles_does_not(task: str) -> None:
    """The stamp and the planning are over with the day; the manager has the card."""
    assert not goes(task=task, measure_on=TODAY - timedelta(days=1))


def test_a_task_for_files_without_a_day_goes_along_too() -> None:
    process = MEASUREMENT
    described = TaskDefinition.model_validate(
        {"title": "Снять", "to": "measurer", "due": {"after": "1d"}, "checklist": [{"title": "Фото", "fill": "sheets"}]}
    )
    deal = DealState("sales", "measure", NOW, {"measure_on": date(2026, 3, 1)}, {"shoot": None})
    assert late_tasks.is_of_others(process, described)
    assert late_tasks.goes_along(process, deal, described, "sales", "no_sheet", moment(), by_itself=True)
