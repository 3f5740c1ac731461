"""An open form with all that its question needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import structlog

from handlers.forms import purpose_registry
from handlers.request import Request
from keyboards.forms import field_words, prompts
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.entities import Deal
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.field_values import FieldValues
from models.fields import answers
from models.fields.base import AnswerContext, Field
from models.fields.payment_field import PaymentField
from models.fields.text_field import TextField
from models.ids import TaskId
from models.process.process import Process
from models.values.product_text import NO_TEXT
from models.values.received_payment import ReceivedPayment
from services import drafts, form_purposes, usual_sums
from services.deals import deal_queries
from services.drafts import Draft
from services.form_purposes import UnknownPurpose
from services.people import employees
from services.step_states import StepState
from services.tasks import task_queries

logger = structlog.get_logger("handlers.forms.form_state")
F = TypeVar("F", bound=Field)
S = TypeVar("S", bound=StepState)
TEXT = "text"  # the one question of a form that is not about a field
LONGEST_SHOWN = 100


@dataclass
class Form:
    """The actor's draft, the process whose fields it asks, and the deal it is for."""

    draft: Draft
    process: Process | None
    deal: Deal | None

    @property
    def fields(self) -> Mapping[str, Field]:
        asked = self.draft.text
        if asked is not None:
            return {TEXT: TextField(type="text", title=asked.title, hint=asked.hint or None, longest=asked.longest)}
        return self.process.fields if self.process else {}

    @property
    def name(self) -> str:
        """The field that is asked now; NotFound after the last one."""
        if self.draft.current is None:
            raise NotFound("button")
        return self.draft.current

    @property
    def field(self) -> Field:
        return self.fields[self.name]

    def field_as(self, kind: type[F]) -> F:
        """The current field, if it is of the kind that a button belongs to; NotFound."""
        if not isinstance(self.field, kind):
            raise NotFound("button")
        return self.field

    def find_state(self, kind: type[S]) -> S | None:
        """Where the person stands inside the question, if that is a place of this kind."""
        state = self.draft.step_state
        return state if isinstance(state, kind) else None

    @property
    def is_name(self) -> bool:
        """Whether the question is the client's name."""
        return self.draft.text is None and self.process is not None and self.name == self.process.client.name

    def title(self, t: Translator) -> str:
        """The question. A text that is no field comes in the reader's language already, and may hold a person's words:
        it is never looked up nor formatted; after the last question there is none."""
        if self.draft.current is None:
            return ""
        return self.field.title if self.draft.text is not None else t(self.field.title)

    def hint(self, t: Translator) -> str:
        hint = self.field.hint or NO_TEXT
        return hint if self.draft.text is not None else t(hint)

    @property
    def values(self) -> FieldValues:
        """The answers so far, of fields that the process still has."""
        fields = self.fields
        return {name: value for name, value in self.draft.values(fields).items() if name in fields}

    def known(self) -> FieldValues:
        """The deal's values as they will be, without those that this form has still to ask."""
        still = set(self.draft.queue[self.draft.at :])
        merged = {**(self.deal.fields if self.deal else {}), **self.values}
        return {name: value for name, value in merged.items() if name not in still} | self.sums(but=self.draft.current)

    def beside(self, name: str) -> FieldValues:
        """All values as they will be; a payment just entered under `name` is not counted yet."""
        merged = {**(self.deal.fields if self.deal else {}), **self.values}
        return {key: value for key, value in merged.items() if not isinstance(value, ReceivedPayment)} | self.sums(
            but=name
        )

    def sums(self, but: str | None = None) -> dict[str, Decimal]:
        """What will stand under each payment field with what this form enters, `but` that field's own answer."""
        found: dict[str, Decimal] = {}
        for name, field in self.fields.items():
            if isinstance(field, PaymentField):
                had = self.deal.fields.get(name) if self.deal else None
                new = self.values.get(name) if name != but else None
                if had is not None or new is not None:
                    found[name] = (had or Decimal(0)) + (new.amount if isinstance(new, ReceivedPayment) else Decimal(0))
        return found

    def present(self) -> Any:
        """The value that the current question has already: given in this form, or on the deal."""
        if self.draft.text is not None:
            return None
        given = self.values.get(self.name)
        return given if given is not None else (self.deal.fields.get(self.name) if self.deal else None)

    def about(self, t: Translator) -> str:
        """Which deal it is for, in words."""
        return t("{title} · № {number}", title=self.deal.title, number=self.deal.number) if self.deal else ""

    def check(self, request: Request, value: Any) -> None:
        """Raise Wrong if the current field may not have this value."""
        self.field.check(value, self.context(request))

    def context(self, request: Request) -> AnswerContext:
        """What an answer to the current question is measured by."""
        process, name, deal_id = self.process, self.draft.current, self.deal.id if self.deal else None

        def usual() -> Decimal | None:
            known = process is not None and name in process.fields
            return usual_sums.find(request.work, process, name, but=deal_id) if known and process and name else None

        return AnswerContext(request.work.moment, self.known(), self.fields, is_name=self.is_name, usual=usual)


def load(request: Request) -> Form | None:
    """The actor's open form. NotFound, NotAllowed if its deal is gone or no longer his to see, or if his role may not
    finish it any more; NotFound("form") if another version began it."""
    draft = drafts.find(request.work)
    if draft is None:
        return None
    if isinstance(draft.purpose, UnknownPurpose):
        logger.info("a form that another version has begun", purpose=draft.purpose.word)
        raise NotFound("form")
    purpose_registry.check_may_finish(request, draft.purpose)
    process = request.work.company.processes.get(draft.process) if draft.process else None
    if draft.process and process is None:
        raise NotFound("deal")
    deal = _deal(request, draft) if draft.deal_id is not None else None
    form = Form(draft, process, deal)
    if draft.current is not None and draft.current not in form.fields:
        raise NotFound("button")  # the process was edited, and has the field no more
    if process is not None and not process.hidden_by_role[request.me.role].isdisjoint(draft.queue):
        raise NotAllowed  # … or hides it from his role by now
    return form


def _deal(request: Request, draft: Draft) -> Deal:
    """The form's deal. Who has a task may answer its questions, even if the rest of the deal is not his to see."""
    assert draft.deal_id is not None
    task_id = form_purposes.find_id(draft.purpose, TaskId)
    if task_id is None:
        return deal_queries.get(request.work, draft.deal_id)
    task = task_queries.get(request.work, task_id)
    deal = deal_queries.find(request.work, draft.deal_id)
    if deal is None or task.deal_id != deal.id:
        raise NotFound("deal")
    return deal


def find(request: Request) -> tuple[Form | None, Screen | None]:
    """The open form; or what to say of one that is no longer possible (it is cleared)."""
    try:
        return load(request), None
    except (NotFound, NotAllowed, AlreadyDone) as error:
        drafts.clear(request.work)
        is_old = isinstance(error, NotFound) and error.what == "form"
        return None, prompts.of_another_version(request.t) if is_old else prompts.closed(request.t)


def staff(request: Request, field: Field) -> dict[int, str]:
    """The employees that the field offers as answers: id → name."""
    role = field.chosen_from()
    return {one.id: one.name for one in employees.of_role(request.work, role)} if role else {}


def parsed(request: Request, form: Form, raw: str) -> Any:
    """What was typed as a value of the current field. Raise InvalidValue if it is none that the field may have."""
    people = staff(request, form.field)
    return answers.parse(form.field, raw, replace(form.context(request), people=people))


def shown(request: Request, field: Field, value: Any) -> str:
    """A value as it is echoed: short, a date without the year if it is this year's."""
    now = request.work.now if isinstance(value, date) else None
    text = field_words.value(request.t, field, value, staff(request, field), now=now)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
