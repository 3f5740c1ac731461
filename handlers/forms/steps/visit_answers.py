"""What a person answers to the question for a visit: a window is chosen, held while he talks, then booked (K-19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from handlers.forms import form_runner, form_state
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.forms.steps import visit_question, visit_windows
from handlers.forms.steps.field_steps import FieldSteps, steps
from handlers.forms.steps.visit_question import VisitState
from handlers.request import Request
from keyboards.callbacks.forms.visit_answer_callbacks import (
    ChooseOtherWindow,
    ChooseWindow,
    ConfirmWindow,
    ShowLaterWindows,
)
from keyboards.forms import prompts
from keyboards.screen import Reply, Screen
from keyboards.visits import visit_words
from models.entities import Employee
from models.errors import NotFound, SlotTaken
from models.fields import answers
from models.fields.base import AnswerContext
from models.fields.booking_field import BookingField
from models.fields.moment_field import MomentField
from models.values.dates import date_doubts, visit_phrases
from models.values.invalid_value import InvalidValue
from models.values.visit_slot import VisitSlot
from services.people import employees
from services.visits import bookings

JOINING = frozenset({"и", "с", "and", "with"})  # between names, as people type them


@steps(BookingField)
class VisitSteps(FieldSteps):
    """Words name a day, a moment, perhaps a person; a window that is held is given back when it is not wanted."""

    def typed(self, request: Request, form: Form, raw: str) -> Reply:
        """A day leads to its windows, a moment to that window or to those around it; a name chooses the person."""
        staff = employees.of_role(request.work, form.field_as(BookingField).role)
        words = raw.split()
        named = [one for one in staff if words and any(_is_called(one.name, word) for word in words)]
        said = _without(words, named) or raw
        whole = _said_whole(request, form, said, named or _crew(form, staff))
        if whole is not None:
            return replace(_hold(request, form, whole), new=True)
        wanted = MomentField(type="datetime", title=form.field.title, not_before="now")
        try:
            at = answers.parse(wanted, said, AnswerContext(request.work.moment))
        except InvalidValue as wrong:
            day = date_doubts.day_named(wrong)
            if day is None:
                raise
            form.draft.stand(VisitState(start=max(day, request.work.moment.today)))
            return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))
        return _around(request, form, at, named[0].id if len(named) == 1 else None)

    def step_back(self, request: Request, form: Form) -> bool:
        return visit_question.step_back(request, form)

    def release(self, request: Request, form: Form, name: str) -> None:
        if form.deal is not None:
            bookings.release(request.work, form.deal.id, name)


def _crew(form: Form, staff: Sequence[Employee]) -> Sequence[Employee]:
    """Several who were to come together: another hour is theirs too, until others are named."""
    agreed = form.deal.fields.get(form.name) if form.deal is not None else None
    people = (agreed.person_id, *agreed.others) if isinstance(agreed, VisitSlot) and agreed.others else ()
    found = [one for key in people for one in staff if one.id == key]
    return found if len(found) == len(people) else ()


def _without(words: Sequence[str], named: Sequence[Employee]) -> str:
    """What was said but for the names, and the words between them: «завтра в 10 Николай и Олег»."""
    left = [word for word in words if not any(_is_called(one.name, word) for one in named)]
    while left and named and left[-1].lower() in JOINING:
        left.pop()
    return " ".join(left)


def _said_whole(request: Request, form: Form, said: str, named: Sequence[Employee]) -> VisitSlot | None:
    """A visit of several days or people, or with an end of its own (K1, K2 of what people write); None if it is a
    plain moment. Whoever is free for all of it comes, if nobody is named."""
    work, field = request.work, form.field_as(BookingField)
    calendar = work.company.calendar
    found = visit_phrases.find_visit(said, calendar.local(work.now))
    if found is None and len(named) < 2:
        return None
    if found is None:
        at = answers.parse(
            MomentField(type="datetime", title=form.field.title, not_before="now"), said, AnswerContext(work.moment)
        )
        starts, ends = [at], at + field.takes
    else:
        starts = [calendar.at(day, found.begins) for day in found.days]
        ends = calendar.at(found.days[0], found.ends) if found.ends is not None else starts[0] + field.takes
    people: list[int] = [one.id for one in named] or [visit_question.free_for(request, form, starts, ends)]
    return VisitSlot(people[0], starts[0], ends, tuple(people[1:]), tuple(starts[1:]))


def _around(request: Request, form: Form, at: datetime, who: int | None) -> Reply:
    """The window at that moment, or those around it."""
    form.draft.stand(_near(at, who))
    windows = visit_question.near(request, form, at, who)
    exact = next((one for one in windows if one.starts_at == at), None)
    if exact is None:
        return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))
    return replace(_take(request, form, exact.person_id, at), new=True)


def _near(at: datetime, person_id: int | None) -> VisitState:
    """Around that moment, to the minute: so it is kept."""
    return VisitState(near=at.replace(second=0, microsecond=0), person_id=person_id)


def _is_called(name: str, word: str) -> bool:
    said = word.strip(".,!").lower()
    return len(said) > 2 and any(part.lower() == said for part in name.split())


def _take(request: Request, form: Form, person_id: int, at: datetime) -> Reply:
    """Hold the window."""
    return _hold(request, form, VisitSlot(person_id, at, at + form.field_as(BookingField).takes))


def _hold(request: Request, form: Form, slot: VisitSlot) -> Reply:
    """Hold it for everybody and every day; somebody was faster: why, and the nearest free ones (K-20)."""
    if form.deal is None:
        raise NotFound("deal")
    try:
        bookings.hold(request.work, form.deal.id, form.name, slot)
    except SlotTaken as taken:
        return refused(request, form, taken, slot)
    held = (slot.person_id, slot.starts_at)
    form.draft.stand(VisitState(held=held, until=slot.ends_at, others=slot.others, more=slot.more_starts))
    return form_runner.ask(request, form)


def refused(request: Request, form: Form, taken: SlotTaken, slot: VisitSlot) -> Reply:
    """The window went to somebody else meanwhile: say so above the nearest free ones."""
    form.draft.stand(_near(slot.starts_at, slot.person_id))
    said = visit_words.trouble(taken.why, request.t)
    return form_runner.ask(request, form, toast=said[:190])


@form_runner.reopens(SlotTaken)
def other_window(request: Request, form: Form, taken: SlotTaken, before: Screen | None) -> Reply:
    """Somebody was faster while the rest was answered: the window is asked again."""
    place = next((at for at, name in enumerate(form.draft.queue) if isinstance(form.values.get(name), VisitSlot)), None)
    if place is None:
        return _other_hour(request, form, taken, before)
    slot = form.values[form.draft.queue[place]]
    form.draft.go(place)
    form.draft.stand(_near(slot.starts_at, slot.person_id))
    form.draft.answers.pop(form.name, None)  # it is not what stands there now
    # the question itself says why not, above what is free
    return form_runner.ask(request, form, before=before, toast=visit_words.trouble(taken.why, request.t)[:200])


def _other_hour(request: Request, form: Form, taken: SlotTaken, before: Screen | None) -> Reply:
    """Whoever comes is busy at that hour: what was just answered is asked again, above what is free."""
    faces = form.process.faces if form.process is not None else {}
    asked = [place for place, name in enumerate(form.draft.queue) if name in faces]
    if not asked:
        raise taken
    form.draft.go(form.draft.at if form.draft.at in asked else asked[-1])
    form.draft.answers.pop(form.name, None)
    said = visit_words.taken(taken, request.t)
    return form_runner.ask(request, form, said, before=before, toast=said[:190])


# --- buttons ----------------------------------------------------------------------------------------------------


@on_question(ChooseWindow)
def _win(request: Request, form: Form, press: ChooseWindow) -> Reply:
    at = visit_question.moment_of(press.at)
    if isinstance(form.field, MomentField):
        return _hour_of(request, form, press.employee, at)
    form.field_as(BookingField)
    return _take(request, form, press.employee, at)


def _hour_of(request: Request, form: Form, person_id: int, at: datetime) -> Reply:
    """A window of somebody's, where the hour and who comes are two fields: both are answered."""
    kind = visit_windows.kind_of(form)
    if kind is None or kind.by is None or person_id not in form_state.staff(request, form.fields[kind.by]):
        raise NotFound("button")
    form.draft.put(form.fields, kind.by, person_id)
    return form_runner.record(request, form, at)


@on_question(ShowLaterWindows)
def _later(request: Request, form: Form, press: ShowLaterWindows) -> Reply:
    form.field_as(BookingField)
    today = request.work.moment.today.toordinal()
    if not today <= press.day <= today + 366:
        raise NotFound("button")
    form.draft.stand(VisitState(start=date.fromordinal(press.day)))
    return form_runner.ask(request, form)


@on_question(ChooseOtherWindow)
def _other(request: Request, form: Form, press: ChooseOtherWindow) -> Reply:
    """Another window: the one that was held is free for others at once."""
    form.field_as(BookingField)
    if form.deal is not None:
        bookings.release(request.work, form.deal.id, form.name)
    form.draft.stand(None)
    return form_runner.ask(request, form)


@on_question(ConfirmWindow)
def _agreed(request: Request, form: Form, press: ConfirmWindow) -> Reply:
    """The client agreed. A hold that ran out is tried once more: perhaps nobody took the window meanwhile."""
    slot = visit_question.state_of(form).slot(form.field_as(BookingField).takes)
    if slot is None:
        raise NotFound("button")
    return form_runner.record(request, form, slot)
