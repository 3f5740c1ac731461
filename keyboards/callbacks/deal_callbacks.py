"""Presses about a deal: its card, its stages, its sections, who is responsible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, EmployeeId, Revision
from models.states import CallResult


@callback("deal")
@dataclass(frozen=True, slots=True)
class OpenDeal(CallbackData):
    """The card."""

    deal: DealId


@callback("stages")
@dataclass(frozen=True, slots=True)
class OpenStages(CallbackData):
    """The menu of stages."""

    deal: DealId


@callback("move")
@dataclass(frozen=True, slots=True)
class MoveDeal(CallbackData):
    """To another stage. `seen` is the revision that the button was drawn for, None for any. `sure`: visits that the
    move calls off may be called off, and it is known that no way leads back."""

    deal: DealId
    seen: Revision | None
    to: str
    sure: Literal["y"] | None = None


@callback("cure")
@dataclass(frozen=True, slots=True)
class FillForMove(CallbackData):
    """Fill in the field that blocks a move to that stage, then move."""

    deal: DealId
    field: str
    to: str


@callback("on_day")
@dataclass(frozen=True, slots=True)
class MoveOnDay(CallbackData):
    """Set a date field to that day (a proleptic ordinal), then move to the stage that is open with it. `sure`: it is
    known that no way leads back."""

    deal: DealId
    field: str
    to: str
    day: int
    sure: Literal["y"] | None = None


@callback("robot")
@dataclass(frozen=True, slots=True)
class PressRobot(CallbackData):
    """A button that a robot puts on the card: its place among the rules of the stage. `sure` as in MoveDeal."""

    deal: DealId
    place: int
    sure: Literal["y"] | None = None


@callback("take")
@dataclass(frozen=True, slots=True)
class TakeDeal(CallbackData):
    """Become responsible for what is nobody's."""

    deal: DealId


@callback("handto")
@dataclass(frozen=True, slots=True)
class ChooseResponsible(CallbackData):
    """To whom is it handed over?"""

    deal: DealId


@callback("hand")
@dataclass(frozen=True, slots=True)
class HandOver(CallbackData):
    """Hand the deal over."""

    deal: DealId
    to: EmployeeId


@callback("sections")
@dataclass(frozen=True, slots=True)
class OpenSections(CallbackData):
    """Everything about the deal."""

    deal: DealId


@callback("section")
@dataclass(frozen=True, slots=True)
class OpenSection(CallbackData):
    """The fields of one section, to be filled in."""

    deal: DealId
    name: str


@callback("wanted")
@dataclass(frozen=True, slots=True)
class FillWanted(CallbackData):
    """Ask one after another for what the stage wants."""

    deal: DealId


@callback("fill")
@dataclass(frozen=True, slots=True)
class FillField(CallbackData):
    """Ask for one field."""

    deal: DealId
    field: str


@callback("history")
@dataclass(frozen=True, slots=True)
class OpenHistory(CallbackData):
    """Who did what, when and why."""

    deal: DealId


@callback("dtasks")
@dataclass(frozen=True, slots=True)
class ListDealTasks(CallbackData):
    """The open tasks of the deal."""

    deal: DealId


@callback("call")
@dataclass(frozen=True, slots=True)
class AskCall(CallbackData):
    """How has a call to the client ended?"""

    deal: DealId


@callback("called")
@dataclass(frozen=True, slots=True)
class LogCall(CallbackData):
    """A call to the client has ended so."""

    deal: DealId
    result: CallResult


@callback("note")
@dataclass(frozen=True, slots=True)
class WriteNote(CallbackData):
    """A line for the deal's history."""

    deal: DealId


@callback("rename")
@dataclass(frozen=True, slots=True)
class RenameDeal(CallbackData):
    """Another title."""

    deal: DealId


@callback("new")
@dataclass(frozen=True, slots=True)
class BeginDeal(CallbackData):
    """A new deal by hand."""

    process: str
    pipeline: str


@callback("delete")
@dataclass(frozen=True, slots=True)
class DeleteDeal(CallbackData):
    """Take a deal away; without `sure` it is asked about first."""

    deal: DealId
    sure: Literal["y"] | None = None


@callback("place")
@dataclass(frozen=True, slots=True)
class PutPlace(CallbackData):
    """A place on the map that no question had asked for, in millionths of a degree, belongs to the deal's address."""

    deal: DealId
    latitude: int
    longitude: int
