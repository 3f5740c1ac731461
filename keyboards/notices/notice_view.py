"""A message that the bot sends by itself, with all that its words and buttons need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.entities import Deal
from models.ids import NoticeId, TaskId
from models.notices.notice import Notice
from models.outbox import EMPTY, Envelope
from models.roles import Role
from models.statements import Statement
from models.values.product_text import NO_TEXT, ProductText


@dataclass(frozen=True, slots=True)
class StepView:
    """What the one about whom those above are told will do next, when, and how often he has put it off."""

    who: str
    words: str
    due_at: datetime
    put_off: int = 0


@dataclass(frozen=True, slots=True)
class LeadView:
    """What whoever calls a lead needs: the phone (E.164), the wish, where it came from; what is open already of the
    same number, by number and in whose hands (None: nobody's); whether the reader may take it, or hand it on."""

    phone: str | None
    wish: str
    source: str
    known: tuple[tuple[str, str | None], ...] = ()
    may_take: bool = False
    may_assign: bool = False


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One message to one person, with the deal as it stands at delivery.

    `values` fill the placeholders of a rule's text; `job` is the reader's open task, where that and not the deal's card
    is what he opens; `shut`: the deal is not his to open; `late`: it comes much later than it was to; `practice`: it is
    about a learner's deal, and in life `instead` (a role) would get it; `sender` is a person's name;
    `task_words` are those by which a next step is called; `step` is the deal's next one; `may_step`: it reminds, and
    its reader may answer it by what he will do next.
    `stated` is what the placeholders of its text claim. `answers` are
    titles of fields with what was said under them, where the notice tells answers as they were.
    """

    id: NoticeId
    notice: Notice
    rule: str
    scheduled_for: datetime
    envelope: Envelope = EMPTY
    deal: Deal | None = None
    stage: str = ""
    sender: str = ""
    task_title: ProductText = NO_TEXT
    task_words: str = ""
    step: StepView | None = None
    may_step: bool = False
    job: TaskId | None = None
    shut: bool = False
    late: bool = False
    practice: bool = False
    instead: Role | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[tuple[str, str], ...] = ()
    stated: tuple[Statement, ...] = ()
    lead: LeadView | None = None  # of a lead that waits for its first call
