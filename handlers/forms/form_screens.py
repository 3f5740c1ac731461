"""From an open form to the screen of its question.

A type of field whose question shows more than the field says (what is free, who works, which month) draws it itself:
`@draws(DateField)`, in `handlers/forms/steps`. Of every other type the question stands in `keyboards/forms`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from handlers.forms import agreement, doubts, form_state
from handlers.forms.agreement import Agreement
from handlers.forms.form_state import Form
from handlers.forms.known_client import KnownClient
from handlers.request import Request
from keyboards.forms import agreement_prompts, doubt_prompts, field_prompts, field_words, prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Rows, Screen
from models.fields.base import Field
from models.fields.date_limits import LimitedDate
from models.fields.groups import FileLike
from services.clients import client_cards
from services.deals import deal_queries
from services.form_purposes import Purpose
from services.oversight import client_looks

Draw = Callable[[Request, Form, Question], Screen]
P = TypeVar("P", bound=Purpose)


_DRAWN: dict[type[Field], Draw] = {}


def draws(*kinds: type[Field]) -> Callable[[Draw], Draw]:
    """Register who draws the question of some types."""

    def register(draw: Draw) -> Draw:
        for kind in kinds:
            if kind in _DRAWN:
                raise ValueError(f"the question of {kind.__name__} is registered twice")
            _DRAWN[kind] = draw
        return draw

    return register


Beside = Callable[[Request, Any], Rows]
_BESIDE: dict[type[Purpose], Beside] = {}


def beside(purpose: type[P]) -> Callable[[Callable[[Request, P], Rows]], Callable[[Request, P], Rows]]:
    """Register the buttons that stand above «Отмена» of a text's question: ways to answer it without typing."""

    def register(rows: Callable[[Request, P], Rows]) -> Callable[[Request, P], Rows]:
        _BESIDE[purpose] = rows
        return rows

    return register


def has_question(kind: type[Field]) -> bool:
    """Whether a type of field can be asked for."""
    return kind in _DRAWN or field_prompts.has(kind)


def question(request: Request, form: Form, problem: str = "") -> Screen:
    """The screen of the current question, at the place inside it where the person stands."""
    together = agreement.find(form)
    if together is not None:
        return _agreement(request, form, together, problem)
    ask, t = asked(request, form, problem), request.t
    known = form.find_state(KnownClient)
    if known is not None:
        return _known_client(request, form, ask, known)
    if form.draft.purpose.wants_file:  # the only text that is a file
        return prompts.typed(t, ask, t("Прикрепите файл скрепкой."))
    doubt = doubts.find(form)
    if doubt is not None:
        understood = [form_state.shown(request, form.field, one) for one in doubts.values(form, doubt)]
        return doubt_prompts.doubt(t, ask, understood, calendar=isinstance(form.field, LimitedDate))
    draw = _DRAWN.get(type(form.field))
    screen = draw(request, form, ask) if draw else field_prompts.get(type(form.field))(t, ask, form.field)
    more = _BESIDE.get(type(form.draft.purpose))
    return screen if more is None else replace(screen, rows=(*more(request, form.draft.purpose), *screen.rows))


def asked(request: Request, form: Form, problem: str = "") -> Question:
    """What the current question shows beside what its type of field adds."""
    draft, field, state, t = form.draft, form.field, form.draft.step_state, request.t
    present = form.present()
    keeps = present is not None and not isinstance(field, FileLike) and not (state and state.replaces_value)
    return Question(
        step=draft.step,
        title=form.title(t),
        hint=form.hint(t),
        example=t(field.example or field.usual_example),
        about=form.about(t),
        intro=draft.intro if draft.at == 0 else "",
        said=draft.said,
        problem=problem,
        place=(draft.at + 1, len(draft.queue)),
        can_back=draft.at > 0 or (state is not None and state.is_inside),
        can_skip=form.name in draft.optional,
        now=form_state.shown(request, field, present) if keeps else "",
    )


def _agreement(request: Request, form: Form, together: Agreement, problem: str) -> Screen:
    """The answers that must agree, whole, on one screen (M-16)."""
    draft, t = form.draft, request.t
    ask = Question(
        step=draft.step, title=t("Согласуются ли эти ответы?"), about=form.about(t), problem=problem,
        can_back=bool(draft.queue),
    )  # fmt: skip
    shown = {
        name: (t(field.title), field_words.value(t, field, value, form_state.staff(request, field)))
        for name, value in agreement.answers(form, together.fields).items()
        if (field := form.fields[name])
    }
    return agreement_prompts.agreement(t, ask, shown)


def _known_client(request: Request, form: Form, ask: Question, known: KnownClient) -> Screen:
    person = client_cards.get(request.work, known.client)
    open_deals = [one for one in deal_queries.of_client(request.work, person.id) if one.status == "open"]
    titles = [request.t("{title} · № {number}", title=one.title, number=one.number) for one in open_deals]
    phone = request.t.phone(str(form.present() or ""))
    name = person.name if client_looks.peek(request.work, person) else request.t("клиент коллеги")
    return prompts.known_client(request.t, ask, name, phone, titles)
