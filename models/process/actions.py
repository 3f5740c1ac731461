"""Actions: what a robot, or a task's outcome, does. `models.engine.performers` tells the engine how to perform each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Setting

from models.process.annotations import (
    AskedField,
    FieldName,
    FilesFieldName,
    GivenTaskName,
    Name,
    NamesField,
    NamesPart,
    OneOrMany,
    PaperName,
    PersonName,
    Sentence,
    TaskName,
    Text,
    TextFieldName,
)
from models.process.conditions import Value
from models.process.visit_kinds import VisitName
from models.process.vocabulary import Vocabulary, Word
from models.roles import Role

CLIENTS = ("contact", "company")
NEAR = "name of a pipeline, or `pipeline.stage`"
FAR = "name of a pipeline, `pipeline.stage`, or of another process `process:pipeline`"


class BaseAction(Word):
    """What every action says of itself."""


ACTIONS: Vocabulary[BaseAction] = Vocabulary("action")
Action = Annotated[BaseAction, ACTIONS]


@ACTIONS.word("notify")
class Notify(BaseAction):
    """A message to a person, with a button that opens the deal; or on the `card` of his open task of that name, so
    that what he is asked to answer is under his thumb (M-11)."""

    notify: PersonName
    text: Text
    late: Text | None = None
    """What a robot `before` a date says instead once the date has begun; without it nothing is said then."""
    card: TaskName | None = None


@ACTIONS.word("escalate")
class Escalate(BaseAction):
    """A message to those above, with buttons that act (C-6). It passes by people who cannot be reached."""

    escalate: Role
    text: Text
    late: Text | None = None
    """What a robot `before` a date says instead once the date has begun; without it the text, in words that fit."""


@ACTIONS.word("give")
class GiveTask(BaseAction):
    """Give a task that the stage or the process describes."""

    give: GivenTaskName


@ACTIONS.word("close")
class Close(BaseAction):
    """Close a task that is open, with this outcome and all that it does: what it waited for came by itself (K-17)."""

    close: TaskName
    outcome: Annotated[Name, NamesPart("name of an outcome of that task", "outcome", of="close")]


@ACTIONS.word("move")
class Move(BaseAction):
    """Move the deal to a stage of the same pipeline, through the same guard as a button; `previous` goes back."""

    move: Annotated[Name, NamesPart("name of a stage of this pipeline, or `previous`", "stage", besides=("previous",))]


@ACTIONS.word("carry")
class CarryOver(BaseAction):
    """The same deal goes on in another pipeline (F-D6): `pipeline` or `pipeline.stage`."""

    carry: Annotated[str, NamesPart(NEAR, "place")]


@ACTIONS.word("convert")
class Convert(BaseAction):
    """A new deal in that pipeline is made from this one (F-L6); what is filled in goes along (F-L7).

    `process:pipeline` begins it in another process that is switched on (K-24): the fields of the same name and type
    go along, and those that `fill` names: `{its field: our field}`.
    """

    convert: Annotated[str, NamesPart(FAR, "place", abroad=True)]
    fill: dict[Name, FieldName] = {}
    """Fields of the other process that get the value of ours."""


@ACTIONS.word("create_clients")
class CreateClients(BaseAction):
    """Make the contact and / or the company that a choice field names by its options `contact`, `company` (F-L5).

    `create_clients: contact` makes one without asking (K-1).
    """

    create_clients: Annotated[
        Name, NamesField("`contact`, `company`, or the name of a field of type choice", "choice", besides=CLIENTS)
    ]


@ACTIONS.word("ask")
class AskFields(BaseAction):
    """Ask a person for fields, in conversation; unanswered the next working day it is a task, closed by the answer."""

    ask: OneOrMany[AskedField]
    of: PersonName = "responsible"
    """Who is asked."""
    text: Text


@ACTIONS.word("put")
class PutValues(BaseAction):
    """Set fields to values: `put: {accepted: true}`; several of a choice of many: `put: {rooms: [hall, bath]}`."""

    put: Annotated[dict[AskedField, Value | tuple[Value, ...]], Setting(min_length=1)]


@ACTIONS.word("copy")
class CopyFields(BaseAction):
    """Set a field to the value of another one of the same type: `copy: {contact_on: measure_on}`."""

    copy_: Annotated[dict[AskedField, FieldName], Setting(alias="copy", min_length=1)]


@ACTIONS.word("comment")
class Comment(BaseAction):
    """A line by the system in the deal's history (K-6)."""

    comment: Text


@ACTIONS.word("clear")
class ClearField(BaseAction):
    """Empty a field; a booked window becomes free (K-21)."""

    clear: FieldName


@ACTIONS.word("visit")
class SetVisit(BaseAction):
    """Say how it stands with a visit: `visit: measuring, to: held`.

    `confirmed` by who comes, and `planned` again; `under_way`; `held`; `off` (called off: who was to come is told, his
    half hours are free); `missed` (its day has come, and it did not take place).
    """

    visit: VisitName
    to: Literal["planned", "confirmed", "under_way", "held", "missed", "off"]
    why: Sentence | None = None
    """For what reason it is off, as the card says it: «нет печати технолога»."""


@ACTIONS.word("sms")
class SendSms(BaseAction):
    """A message to the client's phone, within the company's hours (K-21)."""

    sms: Text


@ACTIONS.word("pin")
class PinText(BaseAction):
    """A message pinned in the responsible's chat; it is kept true when the card changes (K-14)."""

    pin: Text


@ACTIONS.word("make")
class Make(BaseAction):
    """Make one of the process's papers (K-11)."""

    make: PaperName


@ACTIONS.word("open_claim")
class OpenClaim(BaseAction):
    """Register a claim with the text of that field, and with the files of another one as its `photos` (K-24)."""

    open_claim: TextFieldName
    photos: FilesFieldName | None = None


@ACTIONS.word("settle_claim")
class SettleClaim(BaseAction):
    """The deal's open claims are settled; the field holds the client's word (K-24)."""

    settle_claim: TextFieldName
