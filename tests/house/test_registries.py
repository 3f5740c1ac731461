"""Every part that belongs to another one is missed at start: both ways round, by its name."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

import pytest

from bot import features
from keyboards.callback_data import CallbackData
from models.history.line import HistoryLine
from models.jobs import JOBS, Job
from models.notices.notice import Notice
from models.stored_kinds import UnknownKind
from services import facts
from services.form_purposes import Purpose
from services.step_states import StepState

FAMILIES = {
    Notice: "notice Planted: it has no word",
    HistoryLine: "line of the history Planted: it has no word",
    Job: "job Planted: it has no word",
    StepState: "step state Planted: it has no word",
    Purpose: "the purpose Planted has no word that it is kept under",
    CallbackData: "the press Planted has no word that a button carries",
}


@pytest.fixture
def planted() -> Iterator[ModuleType]:
    """A module of the program that somebody has just written."""
    name = "services.planted"
    sys.modules[name] = module = ModuleType(name)
    yield module
    del sys.modules[name]


@pytest.mark.parametrize(("family", "said"), FAMILIES.items(), ids=[one.__name__ for one in FAMILIES])
def test_a_kind_that_was_given_no_word_is_named_at_start(family: type, said: str, planted: ModuleType) -> None:
    """It would be written, or drawn, and never read again."""

    @dataclass(frozen=True)
    class Planted(family):  # type: ignore[misc, valid-type]
        deal: int

    Planted.__module__ = planted.__name__
    planted.Planted = Planted  # type: ignore[attr-defined]
    assert features.missing() == [said]


def test_a_fact_that_nobody_reads_is_named_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A condition on it would be false for ever."""
    monkeypatch.setattr(facts, "KNOWN", facts.KNOWN - {"claim_open"})
    assert features.missing() == ["the fact `claim_open`: nobody reads it (services.facts, @fact)"]


@pytest.mark.parametrize("data", [[1], "text", 5], ids=["a list", "a text", "a number"])
def test_what_is_no_mapping_is_no_kind(data: object) -> None:
    with pytest.raises(UnknownKind, match="it is no mapping"):
        JOBS.read("fetch", data)
