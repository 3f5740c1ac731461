"""The page of a job offers what can be done now, and nothing that cannot (K-22)."""

from __future__ import annotations

from dataclasses import replace

from keyboards.tasks import job_page
from keyboards.tasks.task_card import ItemView, OutcomeView
from tests.keyboards.test_task_screens import TASK, T
from tests.worlds.office import labels

CLAIM = OutcomeView("claim", "Есть претензия", "danger", unchecked=True)
SIGNED = OutcomeView("signed", "Акт подписан", "success")
JOB = replace(
    TASK,
    items=(ItemView(1, "На месте", False), ItemView(2, "Собрано", False)),
    outcomes=(SIGNED, CLAIM),
    drives=True,
)


def shown(*, outcomes: tuple[OutcomeView, ...], done: bool = False) -> list[str]:
    """The buttons of lines and outcomes, from above."""
    page = job_page.job_page(
        replace(JOB, outcomes=outcomes, items=tuple(replace(one, done=done) for one in JOB.items)), T
    )
    return [one for one in labels(page) if one.startswith(("☐", "☑", "🔒", "Акт", "Есть"))]


def test_what_cannot_be_told_yet_stands_behind_the_dots() -> None:
    shut = replace(CLAIM, shut=True, colour=None)
    assert shown(outcomes=(SIGNED, shut)) == ["☐ На месте"]


def test_a_claim_can_be_told_in_the_middle_of_the_work() -> None:
    assert shown(outcomes=(SIGNED, CLAIM)) == ["☐ На месте", "Есть претензия"]


def test_when_all_is_ticked_what_is_shut_says_why() -> None:
    shut = replace(SIGNED, shut=True, colour=None)
    assert shown(outcomes=(shut, CLAIM), done=True) == ["🔒 Акт подписан", "Есть претензия", "☑ Собрано"]
