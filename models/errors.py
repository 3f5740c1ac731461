"""Every refusal: a fact with its data. Its sentence is made at the edge, in the reader's language.

A value that cannot be what was asked for is `models.values.invalid_value.Wrong`.

CrmError
├── NotFound            there is no such deal, task, client (or it was deleted)
├── NotAllowed          the role may not see or do this (C-8)
├── CardOutdated        somebody was faster; carries who, what and when
├── MoveRefused         the engine's refusal, with every reason
│   └── ApprovalWanted  a change that somebody above can be asked for
├── DealHasMoney        it cannot be deleted: money of the client's is in it
├── NoWayBack           the move goes through a one-way door: whoever moves is asked first
├── VisitsCalledOff     the move calls visits off: whoever moves is asked first
├── ListChanged         the checklist is not what the button was drawn for
├── AlreadyDone         the task is closed, the lead is taken, the request is answered
├── CannotPutBack       what a press has changed cannot be put back: something has happened since
├── OtherDay            the hour is on another day than the deal has: it is asked first
├── SlotTaken           the person cannot come then; carries why and the nearest free windows (K-20)
└── InvitationInvalid   unknown, expired, used or revoked invitation
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from models.engine.effects import Refusal
from models.field_values import FieldValues
from models.history.line import HistoryEntry
from models.ids import DealId
from models.values.product_text import ProductText, StoredTitle
from models.visits import Unavailable, Visit, VisitWindow


class CrmError(Exception):
    """The root: something a person is told in plain words; nothing was changed."""


class NotFound(CrmError):
    """There is no such thing (any more). `what`: deal, task, client, employee, file, button."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class TaskWithdrawnError(NotFound):
    """The task was taken back: its deal stands on another stage now (`stage`, by its title), or is over."""

    def __init__(self, task: StoredTitle, stage: ProductText) -> None:
        super().__init__("task")
        self.task, self.stage = task, stage


class NotAllowed(CrmError):
    """The actor's role does not see or do this. `who` is the colleague whose deal it is, for those who may know."""

    def __init__(self, who: str | None = None) -> None:
        super().__init__(who or "")
        self.who = who


class CardOutdated(CrmError):
    """The card has changed since it was drawn: the press changes nothing (promise 3)."""

    def __init__(self, who: str | None, at: datetime | None) -> None:
        super().__init__(who or "")
        self.who, self.at = who, at


class MoveRefused(CrmError):
    """The engine said no."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(", ".join(reason.code for reason in refusal.reasons))
        self.refusal = refusal


class ApprovalWanted(MoveRefused):
    """Only somebody above may change these fields of the deal so; he can be asked for it."""

    def __init__(self, refusal: Refusal, deal_id: DealId, values: FieldValues) -> None:
        super().__init__(refusal)
        self.deal_id, self.values = deal_id, values


class DealHasMoney(CrmError):
    """The deal cannot be taken away while money of the client's is in it; `amount` in roubles."""

    def __init__(self, amount: Decimal) -> None:
        super().__init__(str(amount))
        self.amount = amount


class VisitsCalledOff(CrmError):
    """The move back calls these agreed visits off: it is asked first who shall be told of it."""

    def __init__(self, visits: tuple[Visit, ...]) -> None:
        super().__init__(", ".join(visit.name for visit in visits))
        self.visits = visits


class NoWayBack(CrmError):
    """From where the move leads there is no way back to these `stages` (their titles): it is asked first (M-2)."""

    def __init__(self, stages: tuple[ProductText, ...]) -> None:
        super().__init__(", ".join(stages))
        self.stages = stages


class ListChanged(CrmError):
    """The checklist has changed since its button was drawn: the press changes nothing."""


class AlreadyDone(CrmError):
    """What was pressed has been done before; `who` did it, if known."""

    def __init__(self, who: str | None = None) -> None:
        super().__init__(who or "")
        self.who = who


class SlotTaken(CrmError):
    """The window cannot be had; `nearest` are free ones around it, the nearest first (K-20, promise 6)."""

    def __init__(self, why: Unavailable, nearest: tuple[VisitWindow, ...] = ()) -> None:
        super().__init__(why.code)
        self.why, self.nearest = why, nearest


class CannotPutBack(CrmError):
    """It cannot be put back as it was. `why`: done (somebody has gone on from it: `who`, `at`, the `line` of history),
    changed, person (who had it works here no more), slot (his time is taken: `slot` says by what)."""

    def __init__(
        self, why: Literal["done", "changed", "person", "slot"], done: HistoryEntry | None = None,
        slot: SlotTaken | None = None,
    ) -> None:  # fmt: skip
        super().__init__(why)
        self.why, self.done, self.slot = why, done, slot


class OtherDay(CrmError):
    """The hour `at` that was chosen is on another day than the visit has in the deal (`day`); `stage` is the title of
    the stage, or of the direction, to which the deal would go with it, if it would."""

    def __init__(self, day: date, at: datetime, stage: ProductText | None) -> None:
        super().__init__(f"{at:%Y-%m-%d}")
        self.day, self.at, self.stage = day, at, stage


class InvitationInvalid(CrmError):
    """`why`: unknown, expired, used, revoked."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
