"""Robots: trigger + condition + action. Every automatic thing of every process is one of these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Tag, model_validator
from pydantic import Field as Setting

from models.process.base import Clock, Duration, Name, ProcessModel, Text, Title, one_or_many
from models.process.conditions import Condition, Value
from models.roles import Role

Person = Name  # `responsible`, a role, or a field of type `person`; `checks` says which names there are


# --- triggers -------------------------------------------------------------------------------------------------


class Stuck(ProcessModel):
    """The deal has stood this long on the stage; at `clock` of that day if given."""

    stuck: Duration
    clock: Clock | None = None


class OnDate(ProcessModel):
    """Before, at or after a date field: `before: visit_on, by: 3d, clock: "10:00", working: true`.

    A date without a clock counts from the opening hour. `working` moves it to the nearest working day: earlier for
    `before`, later otherwise. `before` rings at once if its hour has passed when the date is set; with `missed: skip`
    it does not, as an alarm that says «not done by four» must not at six.
    """

    before: Name | None = None
    at: Name | None = None
    after: Name | None = None
    by: Duration | None = None
    clock: Clock | None = None
    working: bool = False
    missed: Literal["ring", "skip"] = "ring"

    @model_validator(mode="after")
    def _one_anchor(self) -> OnDate:
        if sum(anchor is not None for anchor in (self.before, self.at, self.after)) != 1:
            raise ValueError("name one date field: before, at or after")
        if self.at and self.by:
            raise ValueError("`at` takes no `by`; use before or after")
        if self.before and self.by is None:
            raise ValueError("`before` needs `by`, for example by: 1d")
        return self

    @property
    def field(self) -> str:
        return self.before or self.at or self.after or ""


class Changed(ProcessModel):
    changed: Name


class FilledIn(ProcessModel):
    filled: Name


class Closed(ProcessModel):
    """A task was closed, with any outcome or with this one."""

    task: Name
    outcome: Name | None = None


class Tapped(ProcessModel):
    """A button of this title on the card of a deal that stands here."""

    tap: Title
    ask: Annotated[tuple[Name, ...], BeforeValidator(one_or_many)] = ()


class Becomes(ProcessModel):
    """A fact of the deal becomes true."""

    becomes: Literal["paid_in_full", "claim_open", "claim_settled"]


TRIGGER_KEYS = ("stuck", "before", "at", "after", "changed", "filled", "task", "tap", "becomes")


def _trigger(value: Any) -> str | None:
    if isinstance(value, str):
        return "enter" if value == "enter" else None
    if isinstance(value, ProcessModel):
        return {
            Stuck: "stuck",
            OnDate: "date",
            Changed: "changed",
            FilledIn: "filled",
            Closed: "task",
            Tapped: "tap",
            Becomes: "becomes",
        }.get(type(value))
    if isinstance(value, dict):
        key = next((key for key in TRIGGER_KEYS if key in value), None)
        return "date" if key in ("before", "at", "after") else key
    return None


Trigger = Annotated[
    Annotated[Literal["enter"], Tag("enter")]
    | Annotated[Stuck, Tag("stuck")]
    | Annotated[OnDate, Tag("date")]
    | Annotated[Changed, Tag("changed")]
    | Annotated[FilledIn, Tag("filled")]
    | Annotated[Closed, Tag("task")]
    | Annotated[Tapped, Tag("tap")]
    | Annotated[Becomes, Tag("becomes")],
    Discriminator(
        _trigger,
        custom_error_type="unknown_word",
        custom_error_message="no such trigger; allowed: enter, " + ", ".join(TRIGGER_KEYS),
    ),
]


# --- actions --------------------------------------------------------------------------------------------------


class Notify(ProcessModel):
    """A message to a person, with a button that opens the deal; or on the `card` of his open task of that name, so
    that what he is asked to answer is under his thumb (M-11)."""

    notify: Person
    text: Text
    card: Name | None = None


class Escalate(ProcessModel):
    """A message to those above, with buttons that act (C-6). It passes by people who cannot be reached."""

    escalate: Role
    text: Text


class GiveTask(ProcessModel):
    """Give a task that the stage or the process describes."""

    give: Name


class Close(ProcessModel):
    """Close a task that is open, with this outcome and all that it does: what it waited for came by itself (K-17)."""

    close: Name
    outcome: Name


class Move(ProcessModel):
    """Move the deal to a stage of the same pipeline, through the same guard as a button; `previous` goes back."""

    move: Name


class CarryOver(ProcessModel):
    """The same deal goes on in another pipeline (F-D6): `pipeline` or `pipeline.stage`."""

    carry: str


class Convert(ProcessModel):
    """A new deal in that pipeline is made from this one (F-L6); what is filled in goes along (F-L7).

    `process:pipeline` begins it in another process that is switched on (K-24): the fields of the same name and type
    go along, and those that `fill` names: `{its field: our field}`.
    """

    convert: str
    fill: dict[Name, Name] = {}


class CreateClients(ProcessModel):
    """Make the contact and / or the company that a choice field names by its options `contact`, `company` (F-L5).

    `create_clients: contact` makes one without asking (K-1).
    """

    create_clients: Name


CLIENTS = ("contact", "company")


class AskFields(ProcessModel):
    """Ask a person for fields, in conversation."""

    ask: Annotated[tuple[Name, ...], BeforeValidator(one_or_many)]
    of: Person = "responsible"
    text: Text


class PutValues(ProcessModel):
    """Set a field to a value."""

    put: Annotated[dict[Name, Value], Setting(min_length=1)]


class CopyFields(ProcessModel):
    """Set a field to the value of another one of the same type: `copy: {contact_on: measure_on}`."""

    copy_: Annotated[dict[Name, Name], Setting(alias="copy", min_length=1)]


class Comment(ProcessModel):
    """A line by the system in the deal's history (K-6)."""

    comment: Text


class ClearField(ProcessModel):
    """Empty a field; a booked window becomes free (K-21)."""

    clear: Name


class SendSms(ProcessModel):
    """A message to the client's phone, within the company's hours (K-21)."""

    sms: Text


class PinText(ProcessModel):
    """A message pinned in the responsible's chat; it is kept true when the card changes (K-14)."""

    pin: Text


class Make(ProcessModel):
    """Make one of the process's papers (K-11)."""

    make: Name


class OpenClaim(ProcessModel):
    """Register a claim with the text of that field, and with the files of another one as its `photos` (K-24)."""

    open_claim: Name
    photos: Name | None = None


class SettleClaim(ProcessModel):
    """The deal's open claims are settled; the field holds the client's word (K-24)."""

    settle_claim: Name


ACTIONS: dict[str, type[ProcessModel]] = {
    "notify": Notify,
    "escalate": Escalate,
    "give": GiveTask,
    "close": Close,
    "move": Move,
    "carry": CarryOver,
    "convert": Convert,
    "create_clients": CreateClients,
    "ask": AskFields,
    "put": PutValues,
    "copy": CopyFields,
    "comment": Comment,
    "clear": ClearField,
    "sms": SendSms,
    "pin": PinText,
    "make": Make,
    "open_claim": OpenClaim,
    "settle_claim": SettleClaim,
}


def _action(value: Any) -> str | None:
    if isinstance(value, ProcessModel):
        return next((name for name, kind in ACTIONS.items() if type(value) is kind), None)
    if isinstance(value, dict):
        return next((name for name in ACTIONS if name in value), None)
    return None


Action = Annotated[
    Annotated[Notify, Tag("notify")]
    | Annotated[Escalate, Tag("escalate")]
    | Annotated[GiveTask, Tag("give")]
    | Annotated[Close, Tag("close")]
    | Annotated[Move, Tag("move")]
    | Annotated[CarryOver, Tag("carry")]
    | Annotated[Convert, Tag("convert")]
    | Annotated[CreateClients, Tag("create_clients")]
    | Annotated[AskFields, Tag("ask")]
    | Annotated[PutValues, Tag("put")]
    | Annotated[CopyFields, Tag("copy")]
    | Annotated[Comment, Tag("comment")]
    | Annotated[ClearField, Tag("clear")]
    | Annotated[SendSms, Tag("sms")]
    | Annotated[PinText, Tag("pin")]
    | Annotated[Make, Tag("make")]
    | Annotated[OpenClaim, Tag("open_claim")]
    | Annotated[SettleClaim, Tag("settle_claim")],
    Discriminator(
        _action,
        custom_error_type="unknown_word",
        custom_error_message="no such action; allowed: " + ", ".join(ACTIONS),
    ),
]


class Robot(ProcessModel):
    """When `on` happens and `if` holds, do the actions.

    One action may stand beside `on` (`{on: enter, notify: responsible, text: …}`), several stand under `do`.
    """

    on: Trigger
    if_: Annotated[tuple[Condition, ...], BeforeValidator(one_or_many)] = Setting(default=(), alias="if")
    do: Annotated[tuple[Action, ...], Setting(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _inline_action(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "do" in value:
            return value
        own = {key: value[key] for key in value if key in ("on", "if", "if_")}
        action = {key: value[key] for key in value if key not in own}
        return {**own, "do": [action]} if action else value

    @property
    def timed(self) -> bool:
        """Whether it fires by the clock, not by an act."""
        return isinstance(self.on, Stuck | OnDate)


def trigger_name(on: Trigger) -> str:
    """A short stable name of a trigger: part of a rule's name, so that a timer outlives edits of other rules."""
    match on:
        case Stuck():
            return f"stuck{int(on.stuck.total_seconds() // 60)}"
        case OnDate():
            minutes = int(on.by.total_seconds() // 60) if on.by else 0
            side = "before" if on.before else "after" if on.after else "at"
            return f"{side}-{on.field}-{minutes}" + (f"-{on.clock:%H%M}" if on.clock else "")
        case Changed():
            return f"changed-{on.changed}"
        case FilledIn():
            return f"filled-{on.filled}"
        case Closed():
            return f"task-{on.task}" + (f"-{on.outcome}" if on.outcome else "")
        case Tapped():
            return "tap"
        case Becomes():
            return f"becomes-{on.becomes}"
        case _:
            return "enter"


def action_name(action: Action) -> str:
    """The action's key word."""
    return next(name for name, kind in ACTIONS.items() if type(action) is kind)
