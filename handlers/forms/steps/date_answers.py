"""A day, or a day with a time: out of the calendar, or typed; what could be meant otherwise is confirmed first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from handlers.forms import form_runner, form_state
from handlers.forms.date_states import DateState, OtherDayAsked
from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.forms.steps import field_steps, visit_windows
from handlers.forms.steps.field_steps import FieldSteps, steps
from handlers.request import Request
from keyboards.callbacks.forms.date_answer_callbacks import ChooseDay, ChooseTime, OpenMonth, ResetCalendar
from keyboards.forms import date_prompts, moment_prompts, prompts, visit_prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Reply, Screen
from models.errors import NotFound, OtherDay
from models.fields.date_field import DateField
from models.fields.date_limits import NOW, LimitedDate
from models.fields.moment_field import MomentField
from models.values.dates import date_doubts
from models.values.invalid_value import InvalidValue

LAST_MINUTE = time(23, 59)


# --- screens ----------------------------------------------------------------------------------------------------


@draws(DateField, MomentField)
def _date(request: Request, form: Form, ask: Question) -> Screen:
    t, state, today = request.t, _state(form), request.work.moment.today
    if state.guess is not None and state.other_day is not None:
        return date_prompts.other_day(
            t, ask, state.other_day.day, form.field.decode(state.guess), state.other_day.stage
        )
    if state.day is not None:
        return moment_prompts.hours(t, ask, state.day, today)
    month = state.month if state.month is not None else _opens_at(request, form)
    earliest, latest = _limits(request, form)
    screen = date_prompts.calendar(t, ask, month, today, earliest=earliest, latest=latest)
    return visit_prompts.with_windows(t, ask, screen, visit_windows.offered(request, form), request.work.now)


def _opens_at(request: Request, form: Form) -> int:
    """The month that the calendar shows first: where the date stands now, if it is still to come (K-16)."""
    moment, had = request.work.moment, form.present()
    now = date_prompts.month_of(moment.today)
    stands = date_prompts.month_of(moment.day_of(had)) if isinstance(had, date) else now
    return max(now, min(stands, now + date_prompts.YEARS_AWAY * date_prompts.MONTHS))


def _limits(request: Request, form: Form) -> tuple[date | None, date | None]:
    """Which days the calendar offers."""
    moment, known, (before, after) = request.work.moment, form.known(), form.field_as(LimitedDate).limits()

    def day(limit: str | None) -> date | None:
        if limit in NOW:
            return moment.today
        bound = known.get(limit) if limit else None
        return moment.day_of(bound) if bound is not None else None

    return day(before), day(after)


def _state(form: Form) -> DateState:
    return form.find_state(DateState) or DateState()


# --- answers ----------------------------------------------------------------------------------------------------


@steps(DateField)
class DateSteps(FieldSteps):
    """A day pressed is the answer; a day said by words is confirmed."""

    def day(self, request: Request, form: Form, day: date) -> Reply:
        return form_runner.record(request, form, day)

    def confirmed(self, request: Request, form: Form) -> Reply:
        guess = _state(form).guess
        if guess is None:
            return super().confirmed(request, form)
        return form_runner.record(request, form, form.field.decode(guess))

    def turned(self, request: Request, form: Form, month: int) -> Reply:
        form.draft.step_state = replace(_state(form), month=month)
        return form_runner.ask(request, form)

    def reset(self, request: Request, form: Form) -> Reply:
        form.draft.step_state = replace(_state(form), guess=None, day=None, other_day=None)
        return form_runner.ask(request, form)

    def step_back(self, request: Request, form: Form) -> bool:
        state = _state(form)
        if not state.is_inside:
            return False
        form.draft.step_state = (
            replace(state, guess=None, other_day=None) if state.guess is not None else replace(state, day=None)
        )
        return True


@steps(MomentField)
class MomentSteps(DateSteps):
    """A day leads to its hours."""

    def typed(self, request: Request, form: Form, raw: str) -> Reply:
        """A day with a time; a day alone leads to the hours, a time alone is of the day chosen before."""
        day = _state(form).day
        if day is not None:
            try:
                whole = f"{day:%d.%m.%Y} {raw}"
                return form_runner.record(request, form, form_state.parsed(request, form, whole))
            except InvalidValue as wrong:
                if wrong.code.startswith("date."):
                    raise  # understood, but the field does not allow it
        try:
            value = form_state.parsed(request, form, raw)
        except InvalidValue as wrong:
            named = date_doubts.day_named(wrong)
            if named is None:
                raise
            return _to_hours(request, form, named)
        return self.take(request, form, raw, value)

    def day(self, request: Request, form: Form, day: date) -> Reply:
        form.check(request, request.work.company.calendar.at(day, LAST_MINUTE))
        form.draft.step_state = replace(_state(form), day=day)
        return form_runner.ask(request, form)


def _to_hours(request: Request, form: Form, day: date) -> Reply:
    form.check(request, request.work.company.calendar.at(day, LAST_MINUTE))
    form.draft.step_state = replace(_state(form), day=day, guess=None)
    return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))


@form_runner.reopens(OtherDay)
def ask_other_day(request: Request, form: Form, asked: OtherDay, before: Screen | None) -> Reply:
    """The hour is on another day than the deal has: is the visit to be moved there?"""
    wanted = OtherDayAsked(asked.day, asked.stage)
    form.draft.step_state = DateState(guess=form.field.encode(asked.at), other_day=wanted)
    return form_runner.ask(request, form, before=before or prompts.set_aside(request.t, form.title(request.t)))


# --- buttons of every calendar ----------------------------------------------------------------------------------


@on_question(OpenMonth)
def _month(request: Request, form: Form, press: OpenMonth) -> Reply:
    now = date_prompts.month_of(request.work.moment.today)
    if abs(press.month - now) > date_prompts.YEARS_AWAY * date_prompts.MONTHS:
        raise NotFound("button")
    return field_steps.of(form.field).turned(request, form, press.month)


@on_question(ChooseDay)
def _day(request: Request, form: Form, press: ChooseDay) -> Reply:
    if not date.min.toordinal() <= press.day <= date.max.toordinal():
        raise NotFound("button")
    return field_steps.of(form.field).day(request, form, date.fromordinal(press.day))


@on_question(ChooseTime)
def _time(request: Request, form: Form, press: ChooseTime) -> Reply:
    day, minutes = _state(form).day, press.minutes
    if day is None or not 0 <= minutes < 24 * 60:
        raise NotFound("button")
    return form_runner.record(request, form, request.work.company.calendar.at(day, time(minutes // 60, minutes % 60)))


@on_question(ResetCalendar)
def _reset(request: Request, form: Form, press: ResetCalendar) -> Reply:
    return field_steps.of(form.field).reset(request, form)
