"""All that the card of a deal and its pages show, read in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models import access
from models.approval import Approval
from models.client_contact import ClientContact, contact
from models.engine.effects import Fill, Reason
from models.engine.transitions import Option
from models.entities import Claim, Client, Deal, Task
from models.fields.base import Field
from models.history.line import HistoryEntry
from models.process.process import Process
from models.process.stages import Stage
from models.roles import Role
from models.undo import Undo
from models.values import person_name
from models.values.product_text import ProductText


@dataclass(frozen=True, slots=True)
class DealView:
    """All that a card shows, read in one transaction, as the reader's role may see it: what is hidden from it is not in
    it, wherever the view was made."""

    deal: Deal
    process: Process
    now: datetime
    client: Client | None = None
    responsible: str | None = None
    me: int = 0
    tasks: tuple[Task, ...] = ()
    options: tuple[Option, ...] = ()
    files: int = 0
    sms: int = 0  # messages to the client
    next_at: datetime | None = None
    next_is_escalation: bool = False
    people: Mapping[int, str] = field(default_factory=dict)
    origin: Deal | None = None  # the lead it was
    became: Deal | None = None  # the deal that the lead has become
    can_edit: bool = True
    can_assign: bool = False
    role: Role = "manager"
    claims: tuple[Claim, ...] = ()
    can_claim: bool = False  # may register a claim by hand
    expects_claim: bool = False  # the stage is one where clients complain
    may_ask: bool = False  # he drives out for the deal (M-10)
    word: HistoryEntry | None = None  # what was said last with the client, or of him
    newest: tuple[HistoryEntry, ...] = ()  # lines of the history, the newest first
    may_step: bool = False  # may say what comes next
    people_of_tasks: Mapping[int, str] = field(default_factory=dict)
    """Whose the deal's tasks are that are not the reader's, by the tasks' ids."""
    not_held: tuple[ProductText, ...] = ()  # what should stay true of it and is not: sentences of the process file
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    """Behind the fields that say that something is agreed."""
    undo: Undo | None = None  # what the reader may put back now
    undo_of: str = ""  # whose doing that is, where it is not the reader's own
    running: Collection[str] = ()  # processes that are switched on: what needs another one is not shown

    def __post_init__(self) -> None:
        object.__setattr__(self, "deal", access.as_seen(self.role, self.process, self.deal))

    @property
    def hidden(self) -> frozenset[str]:
        """The fields of which the reader sees nothing."""
        return access.hidden_fields(self.role, self.process)

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields that the reader may see."""
        hidden = self.hidden
        return {name: one for name, one in self.process.fields.items() if name not in hidden}

    def has(self, name: str) -> bool:
        """Whether the field has a value."""
        return self.deal.fields.get(name) not in (None, "", ())

    @property
    def sees_money(self) -> bool:
        """Whether the reader may see what is to be paid and was."""
        return access.can_see_account(self.role, self.process)

    @property
    def other_name(self) -> str:
        """The name that the deal itself has, where it is another person's than the client's card says; else nothing."""
        own, card = str(self.deal.fields.get(self.process.client.name) or ""), self.contact.name
        if own == card or not (own and card):  # nearly every card: nothing to compare
            return ""
        return "" if person_name.is_same(own, card) else own

    @property
    def contact(self) -> ClientContact:
        """The client's name and phones."""
        return contact(self.process.client, self.deal, self.client)

    def is_shut(self, way: Option) -> bool:
        """Whether more stands in the way than what is asked for when it is pressed: empty fields, the rest of the
        money. While the deal does not add up, its ways on are shut."""
        return any(not one.is_asked and (self.not_held or not self.asks_money(one)) for one in way.reasons)

    def asks_money(self, one: Reason) -> bool:
        """Whether pressing the way asks for the rest of the money; who may do without it has the choice."""
        cure = one.cure.fields if isinstance(one.cure, Fill) else ()
        above = (name for name in cure if self.process.fields[name].filled_by)
        return one.wants_money and not any(access.fills(self.role, self.process, name) for name in above)

    @property
    def stage(self) -> Stage:
        return self.process.stage(self.deal.pipeline, self.deal.stage)
