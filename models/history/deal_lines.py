"""What happens to a deal itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.history.line import HistoryLine, line
from models.states import CallResult
from models.values.product_text import NO_TEXT, ProductText


@line("created")
@dataclass(frozen=True, slots=True)
class DealCreated(HistoryLine):
    """The card was made."""

    source: str | None = None


@line("moved")
@dataclass(frozen=True, slots=True)
class DealMoved(HistoryLine):
    """It went from stage to stage."""


@line("filled")
@dataclass(frozen=True, slots=True)
class FieldFilled(HistoryLine):
    """A field has this value now (as JSON), and had that one before."""

    field: str
    value: Any = None
    was: Any = None


@line("aside")
@dataclass(frozen=True, slots=True)
class FieldPutAside(HistoryLine):
    """A field's value (as JSON) counts no longer: the stay on a stage, or the day, that it belonged to is over."""

    field: str
    value: Any = None


@line("confirmed")
@dataclass(frozen=True, slots=True)
class AnswersConfirmed(HistoryLine):
    """Somebody has seen these answers together and said that they agree, or that they do not (M-16)."""

    fields: tuple[str, ...] = ()
    agree: bool = True


@line("assigned")
@dataclass(frozen=True, slots=True)
class ResponsibleChanged(HistoryLine):
    """Whose it is now, and whose it was, by name."""

    to: str = ""
    of: str | None = None


@line("client")
@dataclass(frozen=True, slots=True)
class ClientMade(HistoryLine):
    """A client's card was made of it."""

    name: str = ""


@line("merged")
@dataclass(frozen=True, slots=True)
class ClientsMerged(HistoryLine):
    """Its client's card was joined with another one."""

    gone: str = ""
    kept: str = ""


@line("split")
@dataclass(frozen=True, slots=True)
class ClientsSplit(HistoryLine):
    """The joining was taken back: the deal hangs on `back` again, and no more on `kept`."""

    back: str = ""
    kept: str = ""


@line("put_back")
@dataclass(frozen=True, slots=True)
class DealPutBack(HistoryLine):
    """What a press had changed is as it was before: `fields` and `visits` of it by name, who leads it (`led`), tasks by
    their names; the lines of that press stand as undone."""

    fields: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    led: bool = False


@line("converted")
@dataclass(frozen=True, slots=True)
class LeadConverted(HistoryLine):
    """A deal was made of it (F-L6)."""

    deal: int | None = None
    number: str = ""


@line("renamed")
@dataclass(frozen=True, slots=True)
class DealRenamed(HistoryLine):
    """It has another title."""

    title: str = ""


@line("deleted")
@dataclass(frozen=True, slots=True)
class DealDeleted(HistoryLine):
    """It was taken out of sight."""


@line("erased")
@dataclass(frozen=True, slots=True)
class PersonErased(HistoryLine):
    """All that told of its client was erased from it."""


@line("corrected")
@dataclass(frozen=True, slots=True)
class CommentCorrected(HistoryLine):
    """What somebody has written stands so now."""

    text: str = ""


@line("forwarded")
@dataclass(frozen=True, slots=True)
class WordsForwarded(HistoryLine):
    """Words of somebody outside, passed on into the deal; `sender` as his account is called."""

    text: str = ""
    sender: str = ""


@line("call")
@dataclass(frozen=True, slots=True)
class CallLogged(HistoryLine):
    """Somebody has called the client: how it ended."""

    result: CallResult = "reached"


@line("comment")
@dataclass(frozen=True, slots=True)
class CommentMade(HistoryLine):
    """A person's remark."""

    text: str = ""


@line("note")
@dataclass(frozen=True, slots=True)
class RuleNoted(HistoryLine):
    """A robot's remark: a text of the process file (K-6)."""

    text: ProductText = NO_TEXT


@line("blocked")
@dataclass(frozen=True, slots=True)
class MoveWasBlocked(HistoryLine):
    """A robot could not move it to this stage."""

    to: str = ""


@line("not_held")
@dataclass(frozen=True, slots=True)
class HoldWasBroken(HistoryLine):
    """What should stay true of it is so no more; `why` are sentences of the process file."""

    why: tuple[ProductText, ...] = ()


@line("held_again")
@dataclass(frozen=True, slots=True)
class HoldWasKept(HistoryLine):
    """It is true again."""

    why: tuple[ProductText, ...] = ()


@line("change_asked")
@dataclass(frozen=True, slots=True)
class ChangeAsked(HistoryLine):
    """Somebody above was asked to let a field become this value (as JSON); it is that one now. `text` is why."""

    field: str
    value: Any = None
    was: Any = None
    text: str = ""


@line("snoozed")
@dataclass(frozen=True, slots=True)
class EscalationSnoozed(HistoryLine):
    """An escalation was put off (C-6)."""

    rule: str = ""
    days: int = 0
