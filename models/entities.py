"""The nouns as frozen values: read in one transaction, carried anywhere, never stale by surprise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row

from models.ids import ClaimId, ClientId, DealId, EmployeeId, FileId, InvitationId, ItemId, TaskId
from models.record import Record
from models.roles import Role
from models.states import ClaimState, ClientKind, FileKind, QuestionStands, StepEvery, TaskState
from models.tables.deals import DealColumns
from models.values.product_text import NO_TEXT, ProductText, StoredTitle
from models.visits import Visit, Week


@dataclass(frozen=True, slots=True)
class Employee:
    """A person of the company; who acts is an Employee, who is told is one too.

    `week` are his own working hours by weekday, None where he works as the company does.
    """

    id: EmployeeId
    telegram_id: int | None
    name: str
    role: Role
    locale: str
    quiet_from: int | None
    quiet_to: int | None
    active: bool
    unreachable_at: datetime | None
    phone: str | None = None
    week: Week | None = None
    question: QuestionStands | None = None  # of who acts: how his open form stands

    @classmethod
    def of(cls, row: Row[Any], week: Week | None = None) -> Employee:
        return cls(
            row.id,
            row.telegram_id,
            row.name,
            row.role,
            row.locale,
            row.quiet_from,
            row.quiet_to,
            row.active,
            row.unreachable_at,
            row.phone,
            week,
        )


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link that would let somebody in: with which role, under what name if one was given, made by whom (None
    if on the command line); whether its reader may take it back."""

    id: InvitationId
    role: Role
    name: str | None
    maker: str | None
    created_at: datetime
    expires_at: datetime
    may_revoke: bool


@dataclass(frozen=True, slots=True)
class Client:
    id: ClientId
    kind: ClientKind
    name: str
    note: str | None
    company_id: ClientId | None
    phones: tuple[str, ...] = ()


class Deal(DealColumns, Record):
    """A card. `fields` are typed values (in the table: JSON); `version` is the revision that buttons carry.

    `visits` have a table of their own: by name, the oldest first. Fields that are views of them hold what they say.
    """

    visits = cast("Mapping[str, tuple[Visit, ...]]", {})  # no annotation: it is no column

    def visit(self, name: str) -> Visit | None:
        """The visit of that name that the fields show, if any."""
        return next((one for one in reversed(self.visits.get(name, ())) if one.current), None)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a checklist as it was given, or as it was edited for its deal since (K-5).

    Ticking it asks for the fields of `fill`, offers those of `offers`, and makes the `paper`.
    """

    id: ItemId
    position: int
    title: StoredTitle
    fill: tuple[str, ...]
    optional: bool
    done_at: datetime | None
    offers: tuple[str, ...] = ()
    paper: str | None = None

    @classmethod
    def of(cls, row: Row[Any]) -> Item:
        return cls(
            row.id, row.position, row.title, tuple(row.fill), row.optional, row.done_at,
            tuple(row.offers or ()), row.paper,
        )  # fmt: skip

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields that ticking it asks for, in order."""
        return tuple(dict.fromkeys((*self.fill, *self.offers)))


@dataclass(frozen=True, slots=True)
class Task:
    id: TaskId
    deal_id: DealId
    name: str
    origin: str
    title: StoredTitle  # a next step is called by its person's words
    description: StoredTitle | None
    video: str | None
    list: ProductText | None
    assignee_id: EmployeeId | None
    role: Role | None
    state: TaskState
    outcome: str | None
    due_at: datetime
    template: ProductText = NO_TEXT  # its title as the file has it, with placeholders
    words: str | None = None
    given_by_id: EmployeeId | None = None
    every: StepEvery | None = None
    items: tuple[Item, ...] = ()

    @classmethod
    def of(cls, row: Row[Any], items: tuple[Item, ...] = ()) -> Task:
        return cls(
            row.id, row.deal_id, row.name, row.origin, StoredTitle(row.words or row.title), row.description, row.video,
            row.list, row.assignee_id, row.role, row.state, row.outcome, row.due_at, row.title, row.words,
            row.given_by_id, row.every, items,
        )  # fmt: skip

    @property
    def open_items(self) -> tuple[StoredTitle, ...]:
        """The titles of what must still be ticked."""
        return tuple(item.title for item in self.items if item.done_at is None and not item.optional)


@dataclass(frozen=True, slots=True)
class Claim:
    """A client's claim (K-24). `photos` are ids of files; `client_word` is what he said when it was settled;
    `repair_id` is the deal that mends it. Who works on it until when, its open task says: `task_id`, `responsible`,
    `due_at`."""

    id: ClaimId
    number: str
    deal_id: DealId
    text: str
    state: ClaimState
    opened_by: str | None
    opened_at: datetime
    photos: tuple[FileId, ...] = ()
    settled_by: str | None = None
    settled_at: datetime | None = None
    client_word: str | None = None
    repair_id: DealId | None = None
    task_id: TaskId | None = None
    responsible: str | None = None
    due_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class File:
    """A file in a deal's folder. `kind`: photo, document, video, audio, voice, animation, video_note. `size`: bytes."""

    id: FileId
    deal_id: DealId
    field: str | None
    kind: FileKind
    name: str
    size: int | None
    telegram_id: str
    at: datetime
    author: str | None = None
    mime: str | None = None
    sha: str | None = None  # of its bytes, once they lie on our disk
    paper: str | None = None  # which paper of the process it is, if we made it (K-11)
    caption: str = ""  # the words that came with it


@dataclass(frozen=True, slots=True)
class RemovedFile:
    """A file in the bin: when and by whom (None: by the bot) it was removed, and until when it can be put back."""

    file: File
    removed_at: datetime
    until: datetime
    by: str | None = None
    by_id: EmployeeId | None = None
