"""What follows from a decision: effects, in order, for a service to carry out in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypedDict

from models.field_values import FieldValues
from models.process.stages import TaskDefinition
from models.states import DealStatus
from models.values.before_date import BeforeDate
from models.values.product_text import ProductText, StoredTitle
from models.values.received_payment import ReceivedPayment
from models.visits import Visit


@dataclass(frozen=True, slots=True)
class Change:
    """A field that was something else before."""

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class StageChanged:
    """The deal moved; what was planned for the old stage is void. `why`: the rule that moved it, None for a person."""

    pipeline: str
    from_stage: str
    to_pipeline: str
    to_stage: str
    status: DealStatus
    why: str | None = None
    kept: frozenset[str] = frozenset()
    """Open tasks that go along; the others are taken back."""


@dataclass(frozen=True, slots=True)
class FieldsPutAside:
    """Values of the deal whose time is over: they stand in the history, and the fields are empty."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldsSet:
    """Fields got these typed values; None empties one."""

    values: FieldValues
    why: str | None = None


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A robot is to be looked at again at `due_at`. `anchor` tells for which state of the deal it was planned: the
    moment of entering the stage or the value of the date field; a new anchor replaces the old timer. A reminder
    `before` a date names whom it tells: it rings first when somebody's own hours end, if that is earlier."""

    rule: str
    anchor: str
    due_at: datetime
    before: BeforeDate | None = None
    tells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimerVoided:
    """The rule's timer is no longer wanted (its date was emptied)."""

    rule: str


@dataclass(frozen=True, slots=True)
class TaskGiven:
    """A task was given to a person or role."""

    name: str
    task: TaskDefinition
    due_at: datetime
    rule: str


@dataclass(frozen=True, slots=True)
class TaskMoved:
    """An open task's due time follows its date field; `anew`: what was ticked was about another day or hour."""

    name: str
    due_at: datetime
    anew: bool = False


@dataclass(frozen=True, slots=True)
class TaskClosed:
    name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ApprovalLapsed:
    """What this outcome of a task approved has changed: whoever gave it hears of it, and whoever relies on it. `was` is
    the value before."""

    task: str
    title: ProductText
    outcome: str
    was: Change


@dataclass(frozen=True, slots=True)
class TasksTakenBack:
    """Open tasks are off, on the stage where they were given; `told`: who had one hears of it, unless he hears why
    anyway (of the visit that it was for)."""

    names: tuple[str, ...]
    told: bool = True


@dataclass(frozen=True, slots=True)
class OutcomesPutAside:
    """Closed tasks whose outcomes (by name of the task) count no longer."""

    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TaskAnswered:
    """An outcome was chosen that leaves the task open (K-16)."""

    name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TaskSnoozed:
    name: str
    outcome: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TaskReset:
    """The open task's lines are to be ticked anew: they were of another day, or of somebody else."""

    name: str


@dataclass(frozen=True, slots=True)
class VisitSet:
    """A visit is now so; `was` is what it was, None for a new one. Whoever was to come and need not is told."""

    visit: Visit
    was: Visit | None = None


@dataclass(frozen=True, slots=True)
class NoticePlanned:
    """A message to a person. `escalated` ones carry buttons that act, and pass by people who cannot be reached.

    `was` is the value before of the field whose change is told: {was} in the text. `card` is the task of the deal on
    whose card it comes, if the person has it open. What the clock rings for has its timer's `anchor`; a reminder
    `before` a date must be heard before it begins, and says `late` instead once it has.
    """

    to: str
    text: ProductText
    rule: str
    escalated: bool = False
    was: Change | None = None
    card: str | None = None
    anchor: str | None = None
    before: BeforeDate | None = None
    late: ProductText | None = None


@dataclass(frozen=True, slots=True)
class SilenceTold:
    """Somebody hears that nobody has done anything on the deal `since`, for so many working `days`; in the file's own
    words, if it has any. `escalated`: it is one of those above."""

    to: str
    text: ProductText | None
    since: datetime
    days: int
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class FieldsAsked:
    """A person is asked, in conversation, for fields."""

    to: str
    fields: tuple[str, ...]
    text: ProductText
    rule: str


@dataclass(frozen=True, slots=True)
class ClientsCreated:
    """The contact and / or the company of the deal are made (F-L5)."""

    what: frozenset[str]


@dataclass(frozen=True, slots=True)
class Converted:
    """A new deal is begun in `pipeline` from this one (F-L6), in another process if one is named (K-24).

    `fill` says which of its fields are filled with which of ours, beside those of the same name.
    """

    pipeline: str
    stage: str
    process: str | None = None
    fill: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentEntered:
    """Money came in, or (below zero) was given back; the field's new sum is set beside this (K-13)."""

    field: str
    received: ReceivedPayment


@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """A payment is taken back by a line of its own; the field's new sum is set beside this (K-14)."""

    payment_id: int
    why: str


@dataclass(frozen=True, slots=True)
class RefundDue:
    """The deal is over, and so much of the client's money is in it: somebody above hears, beside the task."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class SmsPlanned:
    """A message to the client's phone (K-21)."""

    text: ProductText
    rule: str
    was: Change | None = None


@dataclass(frozen=True, slots=True)
class Pinned:
    """What the pinned message of the deal says (K-14)."""

    text: ProductText


@dataclass(frozen=True, slots=True)
class PaperMade:
    """A paper is to be made (K-11)."""

    name: str
    rule: str


@dataclass(frozen=True, slots=True)
class ClaimOpened:
    """A claim of the client is registered (K-24); `photos` are the ids of files that show it."""

    text: str
    photos: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimSettled:
    """The open claims are settled, with the client's word."""

    word: str


@dataclass(frozen=True, slots=True)
class Commented:
    text: ProductText
    rule: str


@dataclass(frozen=True, slots=True)
class MoveBlocked:
    """A robot wanted to move the deal and the guard said no: a person has to hear of it, with the reasons.

    `to_pipeline` is named where the robot wanted to carry the deal over to another one.
    """

    to_stage: str
    refusal: Refusal
    rule: str
    to_pipeline: str | None = None


@dataclass(frozen=True, slots=True)
class HoldsBroken:
    """What should stay true of the deal is so no more; `why` are the process file's sentences."""

    why: tuple[ProductText, ...]


@dataclass(frozen=True, slots=True)
class HoldsKept:
    """It is true again; `still`: something else is not."""

    why: tuple[ProductText, ...]
    still: bool


Effect = (
    StageChanged
    | FieldsSet
    | FieldsPutAside
    | TimerSet
    | TimerVoided
    | TaskGiven
    | TaskMoved
    | TaskClosed
    | ApprovalLapsed
    | TasksTakenBack
    | OutcomesPutAside
    | TaskAnswered
    | TaskSnoozed
    | TaskReset
    | VisitSet
    | NoticePlanned
    | SilenceTold
    | FieldsAsked
    | ClientsCreated
    | Converted
    | Commented
    | MoveBlocked
    | PaymentEntered
    | PaymentReversed
    | RefundDue
    | SmsPlanned
    | Pinned
    | PaperMade
    | ClaimOpened
    | ClaimSettled
    | HoldsBroken
    | HoldsKept
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen: effects in order."""

    effects: tuple[Effect, ...] = ()


# --- why not ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fill:
    """Cured by filling these fields."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloseTask:
    """Cured by closing this task."""

    task: str


@dataclass(frozen=True, slots=True)
class MakePaper:
    """Cured by making this paper, or by sending it."""

    paper: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """Cured by seeing the values of these fields together and confirming them."""

    fields: tuple[str, ...]


Cure = Fill | CloseTask | MakePaper | Confirm


ReasonCode = Literal[
    # a condition that fails
    "missing", "unconfirmed", "is", "in", "has", "at_least", "at_most", "days", "task_open", "known", "not_known",
    "not_made", "not_sent", "not_running", "visit", "condition",
    # a step that there is not
    "no_way", "one_way", "no_stage", "already_here", "no_button", "items_open", "undone", "visit_ahead",
    # what must stay true, and what only somebody above may change
    "held", "asked",
]  # fmt: skip


class ReasonData(TypedDict, total=False):
    """What fills the sentence of a reason: names of the process file, values and bounds of its conditions."""

    field: str
    fields: tuple[str, ...]
    value: object
    values: Sequence[object]
    limit: object  # an amount, or the name of the field that holds it
    more_than: int | None  # days
    at_most: int | None  # days
    task: str
    items: Sequence[StoredTitle]  # titles of lines that are not ticked
    fact: str
    paper: str
    process: str
    visit: str
    day: date
    stage: str
    behind: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why not. `code` names a sentence (translated at the edge) which `data` fills; `why` is the process
    file's own sentence and goes first. `cure` is what one tap should lead to, None where nothing helps."""

    code: ReasonCode
    data: ReasonData = field(default_factory=ReasonData)
    why: ProductText | None = None
    cure: Cure | None = None

    @property
    def wants_money(self) -> bool:
        """Whether it is only that not all is paid: entering the rest is enough."""
        return self.code in ("known", "held") and self.data.get("fact") == "paid_in_full"

    @property
    def is_asked(self) -> bool:
        """Whether a conversation cures it: what is missing is asked for, what is unconfirmed is shown for a yes."""
        return self.code in ("missing", "unconfirmed")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that is not allowed now, with every reason."""

    reasons: tuple[Reason, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that are only missing: asking for them is enough, if there is no other reason."""
        found = [name for reason in self.reasons if reason.code == "missing" for name in _fields(reason)]
        return tuple(dict.fromkeys(found))

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The fields whose values are still to be confirmed together."""
        return next((one.cure.fields for one in self.reasons if isinstance(one.cure, Confirm)), ())

    @property
    def only_missing(self) -> bool:
        """Whether a conversation is all that is needed: answers that are missing, or to be confirmed together."""
        return all(reason.is_asked for reason in self.reasons)


def _fields(reason: Reason) -> tuple[str, ...]:
    return reason.cure.fields if isinstance(reason.cure, Fill) else ()
