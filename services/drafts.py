"""Half-filled forms: one per employee, in the database, so that a question survives a restart (C-2)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from models import access, discovery, rights
from models.field_values import FieldValues, KeptFieldValues
from models.fields import codec
from models.fields.base import Field
from models.states import QuestionStands
from models.tables.forms import DraftRow
from models.values.invalid_value import N_
from services import form_purposes, purposes, step_states
from services.form_purposes import Purpose, UnknownPurpose
from services.step_states import StepState
from services.unit_of_work import UnitOfWork

DRAFT = rights.thing("draft", N_("Незаконченные ответы"), tables=("draft", "typed_answer"))
SEE = DRAFT.right(N_("видеть и продолжать"), (access.EVERYONE, ("own",)))

READ = select(DraftRow.data, DraftRow.message_id, DraftRow.stands, DraftRow.updated_at).where(
    DraftRow.employee_id == bindparam("who")
)
ADD = insert(DraftRow)
CHANGE = (
    update(DraftRow)
    .where(DraftRow.employee_id == bindparam("who"))
    .values(
        data=bindparam("body"), message_id=bindparam("message"), updated_at=bindparam("at"), stands=bindparam("how")
    )
)
CLEAR = delete(DraftRow).where(DraftRow.employee_id == bindparam("who")).returning(DraftRow.data)
GO_ELSEWHERE = (
    update(DraftRow).where(DraftRow.employee_id == bindparam("who"), DraftRow.stands == "asked").values(stands="aside")
)
REMEMBER = update(DraftRow).where(DraftRow.employee_id == bindparam("who")).values(message_id=bindparam("message"))
discovery.import_all(purposes)
KeptForm = dict[str, Any]  # a form as JSON
FRESH = timedelta(hours=1)  # what is typed later may be meant for something else
MOST_BEHIND = 3  # forms that wait behind the open one
STEP_BITS = 40  # forms begin at random numbers, so that the buttons of two forms are never taken for each other


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """A question that no field asks: `title` and `hint` are in the reader's language, `longest` counts characters."""

    title: str
    longest: int
    hint: str = ""


@dataclass
class Draft:
    """An open form.

    `purpose` says what happens after the last answer. `queue` are the fields asked, `at` the place in it. `answers` are
    JSON values as `models.fields.codec` writes them. `text` is the one question of a form that is not about a field.
    `step_state` is where the person stands inside one question, `said` the answer before it, in words. `step` is what
    the question's buttons carry: it differs from that of any other question.

    `stands`: whether what is typed answers it (day 1). `heard` is what was typed when that was in doubt, `heard_from`
    whose message that was, if it was passed on, `heard_place` the place on the map, if it was one. `typed`: which
    message said which answer. `behind` are forms with answers over which this one was opened, as they are kept, the
    last one first: they are offered again.
    """

    purpose: Purpose
    queue: list[str]
    process: str | None = None
    deal_id: int | None = None
    optional: list[str] = field(default_factory=list)
    intro: str = ""
    text: TextQuestion | None = None
    answers: KeptFieldValues = field(default_factory=dict)
    at: int = 0
    step_state: StepState | None = None
    said: str = ""
    step: int = field(default_factory=lambda: secrets.randbits(STEP_BITS))
    message_id: int | None = None
    stands: QuestionStands = "asked"
    heard: str = ""
    heard_from: str | None = None
    heard_place: Sequence[float] | None = None  # degrees: latitude, longitude
    typed: dict[str, int] = field(default_factory=dict)
    behind: list[KeptForm] = field(default_factory=list)
    asked_at: datetime | None = None  # when it was asked, or answered in part, last

    @property
    def current(self) -> str | None:
        """The field that is asked now; None after the last."""
        return self.queue[self.at] if self.at < len(self.queue) else None

    def go(self, at: int) -> None:
        """Stand at another question; the old question's buttons are dead from now on."""
        self.at, self.step = at, self.step + 1
        self.stand(None)

    def stand(self, state: StepState | None) -> None:
        """Stand at another place of the same question; the answer before it is not told again."""
        self.step_state, self.said = state, ""

    def is_doubtful(self, now: datetime) -> bool:
        """Whether what is typed now may be meant for something else: he went elsewhere, or an hour is over."""
        return self.stands == "aside" or (self.asked_at is not None and now - self.asked_at > FRESH)

    def values(self, fields: Mapping[str, Field]) -> FieldValues:
        """The answers so far as typed values."""
        return codec.decode(fields, self.answers)

    def put(self, fields: Mapping[str, Field], name: str, value: Any) -> None:
        """Keep an answer."""
        self.answers.update(codec.encode(fields, {name: value}))


COLUMNS = frozenset({"message_id", "stands", "asked_at"})
KEYS = frozenset(one.name for one in fields(Draft))
TEXT_KEYS = frozenset(one.name for one in fields(TextQuestion))


def find(work: UnitOfWork) -> Draft | None:
    """The actor's open form, None if there is none."""
    row = work.tx.execute(READ, {"who": work.actor_id}).one_or_none()
    if row is None or not SEE.allows(work.actor, own=True):
        return None
    return replace(_from_json(row.data, row.message_id), stands=row.stands, asked_at=row.updated_at)


def _from_json(data: Mapping[str, Any], message_id: int | None) -> Draft:
    """`sub` is the place inside a question; the versions before its kinds kept there what was said as well."""
    known = {key: value for key, value in data.items() if key in KEYS}  # another version may have kept more
    text = {key: value for key, value in (known.get("text") or {}).items() if key in TEXT_KEYS}
    if "queue" not in known or (text and not {"title", "longest"} <= text.keys()):
        return Draft(UnknownPurpose(""), [], message_id=message_id)
    known["purpose"] = form_purposes.from_json(known.get("purpose"))
    known["text"] = TextQuestion(**text) if text else None
    place = data.get("sub") or {}
    known["step_state"] = step_states.from_json(place)
    known["said"] = str(known.get("said") or (place.get("said", "") if isinstance(place, Mapping) else ""))
    return Draft(**known, message_id=message_id)


def _to_json(one: Draft) -> dict[str, Any]:
    body = {key: getattr(one, key) for key in KEYS - COLUMNS - {"step_state"}}
    text = {key: value for key, value in asdict(one.text).items() if value} if one.text else None
    return body | {
        "purpose": form_purposes.to_json(one.purpose),
        "text": text,
        "sub": step_states.to_json(one.step_state),
    }


def save(work: UnitOfWork, one: Draft) -> None:
    """Keep the actor's form; another one that was open is replaced."""
    body, message = _to_json(one), one.message_id
    _keep(work, body, message, one.stands)


def _keep(work: UnitOfWork, body: Mapping[str, Any], message: int | None, stands: QuestionStands) -> None:
    values = {"who": work.actor_id, "body": body, "message": message, "at": work.now, "how": stands}
    if work.tx.execute(CHANGE, values).rowcount == 0:
        row = {"data": body, "message_id": message, "updated_at": work.now, "stands": stands}
        work.tx.execute(ADD, {"employee_id": work.actor_id, **row})


def put_behind(work: UnitOfWork, new: Draft) -> Draft | None:
    """A form that is begun while another one is open: one with answers waits behind it, and is offered again. Gives the
    one that was open."""
    open_ = find(work)
    if open_ is None or isinstance(open_.purpose, UnknownPurpose):
        return None
    waiting = open_.behind if open_.purpose == new.purpose else [_to_json(replace(open_, behind=[])), *open_.behind]
    new.behind = [one for one in waiting if one.get("answers")][:MOST_BEHIND]
    return open_


def go_elsewhere(work: UnitOfWork) -> None:
    """The actor has turned to something else: what he types next may be meant for that."""
    work.tx.execute(GO_ELSEWHERE, {"who": work.actor_id})


def clear(work: UnitOfWork) -> None:
    """Forget the actor's open form; one that waited behind it is the open one again, and waits to be taken up."""
    row = work.tx.execute(CLEAR, {"who": work.actor_id}).one_or_none()
    behind = (row.data.get("behind") or []) if row is not None else []
    if behind:
        _keep(work, {**behind[0], "behind": behind[1:]}, None, "parked")


def message_of(work: UnitOfWork, employee_id: int) -> int | None:
    """Which message shows the question of somebody's open form; None without one."""
    row = work.tx.execute(READ, {"who": employee_id}).one_or_none()
    return row.message_id if row is not None else None


def remember_message(work: UnitOfWork, message_id: int, employee_id: int | None = None) -> None:
    """Note which message shows the form's question (the root calls it after an Answer with `remember_form`)."""
    work.tx.execute(REMEMBER, {"who": employee_id or work.actor_id, "message": message_id})
