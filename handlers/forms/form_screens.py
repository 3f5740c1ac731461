"""From an open form to the screen of its question.

A type of field whose question shows more than the field says (what is free, who works, which month) draws it itself:
`@draws(DateField)`, in `handlers/forms/steps`. Of every other type the question stands in `keyboards/forms`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.forms import form_state
from handlers.forms.form_state import Form
from handlers.request import Request
from keyboards.forms import field_prompts, prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Screen
from models.fields.base import Field
from models.fields.groups import FileLike
from services.clients import client_cards
from services.deals import deal_queries

Draw = Callable[[Request, Form, Question], Screen]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How a question is drawn, and the keys of `draft.sub` that say that the person stands somewhere inside it."""

    draw: Draw
    inside: tuple[str, ...]


_DRAWN: dict[type[Field], _Drawing] = {}


def draws(*kinds: type[Field], inside: tuple[str, ...] = ()) -> Callable[[Draw], Draw]:
    """Register who draws the question of some types. With one of the keys `inside`, «back» leads within it."""

    def register(draw: Draw) -> Draw:
        for kind in kinds:
            if kind in _DRAWN:
                raise ValueError(f"the question of {kind.__name__} is registered twice")
            _DRAWN[kind] = _Drawing(draw, inside)
        return draw

    return register


def has_question(kind: type[Field]) -> bool:
    """Whether a type of field can be asked for."""
    return kind in _DRAWN or field_prompts.has(kind)


def question(request: Request, form: Form, problem: str = "") -> Screen:
    """The screen of the current question, at the place inside it where the person stands."""
    ask, t = _ask(request, form, problem), request.t
    if "known" in form.draft.sub:
        return _known_client(request, form, ask)
    if form.draft.purpose.wants_file:  # the only text that is a file
        return prompts.typed(t, ask, t("Прикрепите файл скрепкой."))
    drawing = _DRAWN.get(type(form.field))
    return drawing.draw(request, form, ask) if drawing else field_prompts.get(type(form.field))(t, ask, form.field)


def _ask(request: Request, form: Form, problem: str) -> Question:
    draft, field, t = form.draft, form.field, request.t
    present = form.present()
    keeps = present is not None and not isinstance(field, FileLike) and not draft.sub.get("address")
    return Question(
        step=draft.step,
        title=form.title(t),
        hint=form.hint(t),
        example=t(field.example or field.usual_example),
        about=form.about(t),
        intro=draft.intro if draft.at == 0 else "",
        said=str(draft.sub.get("said", "")),
        problem=problem,
        place=(draft.at + 1, len(draft.queue)),
        can_back=draft.at > 0 or _is_inside(form),
        can_skip=form.name in draft.optional,
        now=form_state.shown(request, field, present) if keeps else "",
    )


def _is_inside(form: Form) -> bool:
    """Whether «back» leads to an earlier place of the same question."""
    drawing = _DRAWN.get(type(form.field))
    return any(key in form.draft.sub for key in ("known", *(drawing.inside if drawing else ())))


def _known_client(request: Request, form: Form, ask: Question) -> Screen:
    person = client_cards.get(request.work, form.draft.sub["known"])
    open_deals = [one for one in deal_queries.of_client(request.work, person.id) if one.status == "open"]
    titles = [request.t("{title} · № {number}", title=one.title, number=one.number) for one in open_deals]
    phone = request.t.phone(str(form.present() or ""))
    return prompts.known_client(request.t, ask, person.name, phone, titles)
