"""Presses of the menu and of the lists of deals. In a list `a ID` is the page after that deal, `b ID` the one before.

The letters are those of old buttons: they stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyboards.callback_data import CallbackData, callback

KindLetter = Literal["l", "d", "f"]  # leads, deals, deferred demand
WhoseLetter = Literal["m", "f", "a"]  # mine, nobody's, everybody's


@callback("home")
@dataclass(frozen=True, slots=True)
class OpenHome(CallbackData):
    """The menu."""


@callback("starters")
@dataclass(frozen=True, slots=True)
class OpenStarters(CallbackData):
    """What can be begun in one business."""

    process: str


@callback("list")
@dataclass(frozen=True, slots=True)
class ListDeals(CallbackData):
    """A page of deals. With a process, a pipeline and the `place` of a stage in it: those that stand there; `way` is
    then «s» for the first page, with 0 for its edge."""

    kind: KindLetter | None = None
    whose: WhoseLetter | None = None
    way: Literal["a", "b", "s"] | None = None
    edge: int | None = None
    process: str | None = None
    pipeline: str | None = None
    place: int | None = None


@callback("bystage")
@dataclass(frozen=True, slots=True)
class CountByStage(CallbackData):
    """How many stand on which stage."""

    kind: KindLetter | None = None
    whose: WhoseLetter | None = None


@callback("deferred")
@dataclass(frozen=True, slots=True)
class ListDeferredMonths(CallbackData):
    """«Отложенный спрос» by month."""

    whose: WhoseLetter | None = None


@callback("practice")
@dataclass(frozen=True, slots=True)
class ListPractice(CallbackData):
    """Practice deals."""

    way: Literal["a", "b"] | None = None
    edge: int | None = None
