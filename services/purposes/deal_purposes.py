"""Forms about a deal: its fields, a move, a robot's button, a new one, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.ids import ClientId, DealId
from models.states import CallResult
from services.form_purposes import Purpose, purpose

SOMEBODY_ELSE = ClientId(0)  # the same phone, another person


@purpose("fill")
@dataclass(frozen=True, slots=True)
class FillPurpose(Purpose):
    """Fields of a deal."""

    deal: DealId


@purpose("move")
@dataclass(frozen=True, slots=True)
class MovePurpose(Purpose):
    """Fields, then the move that wanted them."""

    is_tried_again: ClassVar[bool] = True

    deal: DealId
    to: str


@purpose("tap")
@dataclass(frozen=True, slots=True)
class TapPurpose(Purpose):
    """What a robot's button asks, then the button; `rule` names the robot."""

    deal: DealId
    rule: str


@purpose("new")
@dataclass(frozen=True, slots=True)
class NewDealPurpose(Purpose):
    """A new deal. `client` is whose card the phone is on, if the person said that it is for him."""

    process: str
    pipeline: str
    client: ClientId | None = None


@purpose("new_with")
@dataclass(frozen=True, slots=True)
class NewLeadPurpose(Purpose):
    """A new lead whose phone is known (E.164; empty: it is asked), and perhaps the name; `heap`: the words and files
    that it begins with, by their token."""

    process: str
    pipeline: str
    phone: str
    name: str | None = None
    heap: str | None = None


@purpose("note")
@dataclass(frozen=True, slots=True)
class NotePurpose(Purpose):
    """A line of the deal's history."""

    is_note: ClassVar[bool] = True

    deal: DealId


@purpose("rename")
@dataclass(frozen=True, slots=True)
class RenameDealPurpose(Purpose):
    """Another title."""

    deal: DealId


@purpose("call")
@dataclass(frozen=True, slots=True)
class CallPurpose(Purpose):
    """What did the client say in a call that ended so, and what comes next?"""

    is_step: ClassVar[bool] = True

    deal: DealId
    result: CallResult
