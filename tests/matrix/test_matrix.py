"""The short form of the matrix: `make matrix` presses more. And it would see a hole, were there one."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.request import CALLBACKS, RegisteredCallback
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.file_callbacks import SendFile
from keyboards.screen import Reply, Screen, line
from models import access
from models.rights import Right
from services.deals import deal_queries
from services.files import deal_files
from tests.matrix.presses import MatrixPress
from tests.matrix.running import MatrixResult, MatrixRun
from tests.matrix.shop import marks_of

ROLES_ARE_LISTED = {("person", "давать роль")}  # asked as the list of roles that one may give


@pytest.fixture(scope="module")
def run() -> MatrixRun:
    return MatrixRun(seed=3)


@pytest.fixture(scope="module")
def found(run: MatrixRun) -> MatrixResult:
    run.open_links()
    run.answer_everything(2)
    run.press_everything(2)
    run.press_all_of("ledger_st", "task_take", "practice", "undo", "fback")
    run.press_by_chance(500)
    return run.result


def test_nobody_reads_or_changes_what_is_not_his_by_any_press_form_or_link(found: MatrixResult) -> None:
    assert found.wrong == []
    assert found.presses > 5000
    assert found.answered > 1000
    assert found.refused > 1000


def test_every_row_of_the_table_is_asked(run: MatrixRun, found: MatrixResult) -> None:
    """A row that no act asks would be a lie to the owner who reads it."""
    assert found.presses
    assert set(run.never_asked()) <= ROLES_ARE_LISTED


# --- it would see ----------------------------------------------------------------------------------------------------


@pytest.fixture
def holed(run: MatrixRun) -> MatrixResult:
    """The run with a fresh sheet."""
    run.result = MatrixResult()
    return run.result


def _by_anna(run: MatrixRun, press: Any, deal: int) -> None:
    run.press(run.telegram_of("Анна"), MatrixPress("deal", press.pack(), ()))
    assert deal not in run.judges[run.telegram_of("Анна")].knows


def test_the_matrix_sees_a_deal_that_is_shown_to_who_may_not_see_it(
    run: MatrixRun, holed: MatrixResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = run.foreign_deal("Анна")
    _by_anna(run, OpenDeal(foreign), foreign)
    assert holed.wrong == []
    monkeypatch.setattr(access, "can_view", lambda *_, **__: True)
    _by_anna(run, OpenDeal(foreign), foreign)
    assert [one.partition(": reads ")[2] for one in holed.wrong] == [marks_of(foreign).told]


def test_the_matrix_sees_a_file_that_is_kept_from_a_role(
    run: MatrixRun, holed: MatrixResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = run.telegram_of("Николай")
    judge = run.judges[who]
    hidden = next(
        one for one in run.shop.rows("file") if one["deal_id"] in judge.sees and "ТАЙНА" in one["name"]
    )  # fmt: skip
    press = MatrixPress("file", SendFile(hidden["id"]).pack(), ())
    run.press(who, press)
    assert holed.wrong == []
    monkeypatch.setattr(deal_files, "sees", lambda *_: True)
    run.press(who, press)
    assert len(holed.wrong) == 1


def test_the_matrix_sees_what_is_changed_on_a_strangers_deal(
    run: MatrixRun, holed: MatrixResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = run.foreign_deal("Анна")

    def takes(request: Any, press: OpenDeal) -> Reply:
        request.work.tx.exec_driver_sql(f"UPDATE deal SET title = title || '.' WHERE id = {press.deal}")
        return Reply(toast="x")

    monkeypatch.setitem(CALLBACKS, OpenDeal, RegisteredCallback(access.EVERYONE, takes))
    _by_anna(run, OpenDeal(foreign), foreign)
    assert [one.partition(": changed ")[2] for one in holed.wrong] == [f"deal {foreign}: deal {foreign} is none of his"]


def test_the_matrix_sees_an_answer_for_which_no_right_was_asked(
    run: MatrixRun, holed: MatrixResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tells(request: Any, press: OpenDeal) -> Reply:
        assert deal_queries.find(request.work, press.deal)
        return Reply(Screen((line("x"),)))

    monkeypatch.setitem(CALLBACKS, OpenDeal, RegisteredCallback(access.EVERYONE, tells))
    own = next(iter(run.judges[run.telegram_of("Анна")].sees))
    run.press(run.telegram_of("Анна"), run.maker.about(OpenDeal(own)))
    assert [one.rpartition(": ")[2] for one in holed.wrong] == ["answered without asking the right to a deal"]


def test_the_matrix_tells_what_breaks(run: MatrixRun, holed: MatrixResult, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> bool:
        raise RuntimeError("broken")

    monkeypatch.setattr(Right, "check", breaks)
    monkeypatch.setattr(access, "can_view", breaks)
    own = next(iter(run.judges[run.telegram_of("Анна")].sees))
    run.press(run.telegram_of("Анна"), run.maker.about(OpenDeal(own)))
    assert holed.wrong[0].endswith("RuntimeError: broken")
