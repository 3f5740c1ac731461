"""What a person answers to the question for a visit: a window is chosen, held while he talks, then booked (K-19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.forms import form_runner, visit_question
from handlers.forms.form_state import Form
from handlers.request import Request, number
from keyboards.forms import prompts, visit_prompts
from keyboards.screen import Reply
from keyboards.visits import visit_words
from models.errors import NotFound, SlotTaken
from models.fields import answers
from models.process import fields as f
from models.values.invalid_value import InvalidValue
from models.values.visit_slot import VisitSlot
from services.people import employees
from services.visits import bookings


def typed(request: Request, form: Form, raw: str) -> Reply:
    """A day leads to its windows, a moment to that window or to those around it; a name after it chooses the person."""
    staff = employees.of_role(request.work, visit_question.field_of(form).role)
    words = raw.split()
    named = [one for one in staff if words and any(_is_called(one.name, word) for word in words)]
    said = " ".join(word for word in words if not any(_is_called(one.name, word) for one in named)) or raw
    before = prompts.set_aside(request.t, form.title(request.t))
    moment = f.MomentField(type="datetime", title=form.field.title, not_before="now")
    try:
        at = answers.parse(moment, said, deal_fields={}, all_fields={}, moment=request.work.moment)
    except InvalidValue as wrong:
        day = answers.day_named(wrong)
        if day is None:
            raise
        form.draft.sub = {"from": max(day, request.work.moment.today).toordinal()}
        return form_runner.ask(request, form, before=before)
    form.draft.sub = {"near": visit_prompts.stamp(at), **({"who": named[0].id} if len(named) == 1 else {})}
    exact = next((one for one in visit_question.near(request, form) if one.starts_at == at), None)
    if exact is None:
        return form_runner.ask(request, form, before=before)
    return replace(_take(request, form, exact.person_id, at), new=True)


def _is_called(name: str, word: str) -> bool:
    said = word.strip(".,!").lower()
    return len(said) > 2 and any(part.lower() == said for part in name.split())


def _take(request: Request, form: Form, person_id: int, at: datetime) -> Reply:
    """Hold the window; somebody was faster: why, and the nearest free ones (K-20)."""
    field = visit_question.field_of(form)
    if form.deal is None:
        raise NotFound("deal")
    slot = VisitSlot(person_id, at, at + field.takes)
    try:
        bookings.hold(request.work, form.deal.id, form.name, slot)
    except SlotTaken as taken:
        return refused(request, form, taken, slot)
    form.draft.sub = {"held": [person_id, visit_prompts.stamp(at)]}
    return form_runner.ask(request, form)


def refused(request: Request, form: Form, taken: SlotTaken, slot: VisitSlot) -> Reply:
    """The window went to somebody else meanwhile: say so above the nearest free ones."""
    form.draft.sub = {"near": visit_prompts.stamp(slot.starts_at), "who": slot.person_id}
    said = visit_words.trouble(taken.why, request.t)
    return form_runner.ask(request, form, toast=said[:190])


# --- buttons ----------------------------------------------------------------------------------------------------


def _win(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    visit_question.field_of(form)
    if len(args) != 2:
        raise NotFound("button")
    return _take(request, form, number(args[0], "employee"), visit_question.moment_of(number(args[1])))


def _later(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    visit_question.field_of(form)
    day = number(args[0] if args else "")
    today = request.work.moment.today.toordinal()
    if not today <= day <= today + 366:
        raise NotFound("button")
    form.draft.sub = {"from": day}
    return form_runner.ask(request, form)


def _other(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Another window: the one that was held is free for others at once."""
    visit_question.field_of(form)
    if form.deal is not None:
        bookings.release(request.work, form.deal.id, form.name)
    form.draft.sub = {}
    return form_runner.ask(request, form)


def _agreed(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """The client agreed. A hold that ran out is tried once more: perhaps nobody took the window meanwhile."""
    field = visit_question.field_of(form)
    held = form.draft.sub.get("held")
    if held is None:
        raise NotFound("button")
    at = visit_question.moment_of(int(held[1]))
    return form_runner.record(request, form, VisitSlot(int(held[0]), at, at + field.takes))


VERBS = {"win": _win, "later": _later, "other": _other, "agreed": _agreed}


def release(request: Request, form: Form) -> None:
    """The form was given up: what it held is free."""
    if form.deal is not None and form.process is not None:
        for name in form.draft.queue:
            if isinstance(form.process.fields.get(name), f.BookingField):
                bookings.release(request.work, form.deal.id, name)
