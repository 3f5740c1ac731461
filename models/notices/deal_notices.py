"""What is said about a deal: by its robots, and when it passes from hand to hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from models.field_values import KeptFieldValues
from models.notices.notice import Notice, notice
from models.values.product_text import NO_TEXT, ProductText


@dataclass(frozen=True, slots=True)
class FormerValue:
    """A field whose change is told, and its value before as JSON: {was} in the text."""

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class RuleSaid(Notice):
    """A text of the process file, with placeholders. `card`: on the card of that task of the reader's (M-11); `late`:
    the text that takes its place once the date has begun of which it reminds."""

    text: ProductText
    was: FormerValue | None = None
    card: str | None = None
    late: ProductText | None = None


@notice("note")
@dataclass(frozen=True, slots=True)
class Reminder(RuleSaid):
    """A robot reminds: `notify`."""


@notice("escalation")
@dataclass(frozen=True, slots=True)
class Escalation(RuleSaid):
    """A robot calls those above: `escalate`, with buttons that act (C-6)."""


@dataclass(frozen=True, slots=True)
class SilenceSaid(Notice):
    """Nobody has done anything on the deal `since`, for so many working `days`; `text` is what the file says of it."""

    since: datetime
    days: int
    text: ProductText = NO_TEXT


@notice("silent")
@dataclass(frozen=True, slots=True)
class DealSilent(SilenceSaid):
    """Its responsible hears."""


@notice("silent_long")
@dataclass(frozen=True, slots=True)
class DealSilentLong(SilenceSaid):
    """Those above hear, with buttons that act (C-6)."""


@notice("ask")
@dataclass(frozen=True, slots=True)
class FieldsWanted(Notice):
    """A robot asks for fields, in conversation."""

    text: ProductText
    fields: tuple[str, ...] = ()


@notice("disagree")
@dataclass(frozen=True, slots=True)
class AnswersDisagree(Notice):
    """Somebody has answered two questions so that the answers do not agree, and says so himself (M-16).

    `answers` are what he has said, as JSON by the names of their fields.
    """

    answers: KeptFieldValues
    from_id: int | None = None


@notice("blocked")
@dataclass(frozen=True, slots=True)
class RobotBlocked(Notice):
    """A robot could not move the deal to this stage."""

    stage: str


@notice("not_held")
@dataclass(frozen=True, slots=True)
class DealHoldBroken(Notice):
    """What should stay true of the deal is so no more; `why` are sentences of the process file."""

    why: tuple[ProductText, ...]


@notice("held_again")
@dataclass(frozen=True, slots=True)
class DealHoldKept(Notice):
    """It is true again; `still`: something else is not."""

    why: tuple[ProductText, ...]
    still: bool = False


@notice("change_answered")
@dataclass(frozen=True, slots=True)
class ChangeAnswered(Notice):
    """What became of a change that the reader had asked for; `fields` are titles, `text` is why he asked."""

    answer: Literal["allowed", "declined", "lapsed"]
    fields: tuple[ProductText, ...]
    text: str = ""


@notice("assigned")
@dataclass(frozen=True, slots=True)
class DealAssigned(Notice):
    """The deal was handed to the reader."""


@notice("put_back")
@dataclass(frozen=True, slots=True)
class PutBackTold(Notice):
    """What the reader has heard of a deal is so no more: a colleague has put it back, at that moment. How it stands is
    read when it is sent. `visits`: names of those that it was about, `people`: who was to come to them before or after;
    `fields`: those that changed; `given`: tasks that are off again; `led`: it was about who leads the deal."""

    tells_of_loss: ClassVar[bool] = True

    from_id: Annotated[int, Field(alias="from")]
    at: datetime
    visits: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    given: tuple[int, ...] = ()
    led: bool = False


@notice("called_off")
@dataclass(frozen=True, slots=True)
class VisitCalledOff(Notice):
    """The reader was to come at that time and need not. `title` is the deal's, where it is there no more."""

    tells_of_loss: ClassVar[bool] = True

    starts_at: datetime
    title: str = ""
    deal: int | None = None  # the deleted one, by which the words go when it is erased
