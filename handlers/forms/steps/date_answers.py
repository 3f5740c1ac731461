"""A day, or a day with a time: out of the calendar, or typed; what could be meant otherwise is confirmed first.

Where the person stands lies in `draft.sub`: `month` (the calendar's page), `day` (an ordinal: its hours are shown),
`guess` (what was understood, as JSON).
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, ClassVar

from handlers.forms import form_runner, form_state
from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.forms.steps import field_steps
from handlers.forms.steps.field_steps import FieldSteps, steps
from handlers.request import Request
from keyboards.callbacks.forms.date_answer_callbacks import ChooseDay, ChooseTime, ReturnToCalendar, TurnCalendar
from keyboards.forms import date_prompts, moment_prompts, prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Reply, Screen
from models.errors import NotFound
from models.fields.date_field import DateField
from models.fields.date_limits import NOW, LimitedDate
from models.fields.moment_field import MomentField
from models.values.dates import date_doubts
from models.values.invalid_value import InvalidValue

LAST_MINUTE = time(23, 59)
INSIDE = ("guess", "day")  # places inside the question, the last one first


# --- screens ----------------------------------------------------------------------------------------------------


@draws(DateField, MomentField, inside=INSIDE)
def _date(request: Request, form: Form, ask: Question) -> Screen:
    t, sub, today = request.t, form.draft.sub, request.work.moment.today
    if "guess" in sub:
        return date_prompts.guess(t, ask, form_state.shown(request, form.field, _guessed(form)))
    if "day" in sub:
        return moment_prompts.hours(t, ask, date.fromordinal(sub["day"]), today)
    month = int(sub.get("month", _opens_at(request, form)))
    earliest, latest = _limits(request, form)
    return date_prompts.calendar(t, ask, month, today, earliest=earliest, latest=latest)


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


def _guessed(form: Form) -> Any:
    """The date that is to be confirmed."""
    return form.field.decode(form.draft.sub["guess"])


# --- answers ----------------------------------------------------------------------------------------------------


@steps(DateField)
class DateSteps(FieldSteps):
    """A day pressed is the answer; a day said by words is confirmed."""

    has_calendar: ClassVar[bool] = True

    def typed(self, request: Request, form: Form, raw: str) -> Reply:
        return _guess(request, form, raw, form_state.parsed(request, form, raw))

    def day(self, request: Request, form: Form, day: date) -> Reply:
        return form_runner.record(request, form, day)

    def confirmed(self, request: Request, form: Form) -> Reply:
        if "guess" not in form.draft.sub:
            raise NotFound("button")
        return form_runner.record(request, form, _guessed(form))

    def step_back(self, request: Request, form: Form) -> bool:
        place = next((one for one in INSIDE if one in form.draft.sub), None)
        if place is not None:
            del form.draft.sub[place]
        return place is not None


@steps(MomentField)
class MomentSteps(DateSteps):
    """A day leads to its hours."""

    def typed(self, request: Request, form: Form, raw: str) -> Reply:
        """A day with a time; a day alone leads to the hours, a time alone is of the day chosen before."""
        day = form.draft.sub.get("day")
        if day is not None:
            try:
                whole = f"{date.fromordinal(day):%d.%m.%Y} {raw}"
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
        return _guess(request, form, raw, value)

    def day(self, request: Request, form: Form, day: date) -> Reply:
        form.check(request, request.work.company.calendar.at(day, LAST_MINUTE))
        form.draft.sub["day"] = day.toordinal()
        return form_runner.ask(request, form)


def _to_hours(request: Request, form: Form, day: date) -> Reply:
    form.check(request, request.work.company.calendar.at(day, LAST_MINUTE))
    form.draft.sub["day"] = day.toordinal()
    form.draft.sub.pop("guess", None)
    return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))


def _guess(request: Request, form: Form, raw: str, value: date | datetime) -> Reply:
    """A date said by words, or one that fell into the next year, is confirmed before it is kept."""
    moment = request.work.moment
    if not date_doubts.is_relative(raw) and not date_doubts.is_next_year(raw, moment.day_of(value), moment.today):
        return form_runner.record(request, form, value)
    form.draft.sub["guess"] = form.field.encode(value)
    return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))


# --- buttons of every calendar ----------------------------------------------------------------------------------


@on_question(TurnCalendar)
def _month(request: Request, form: Form, press: TurnCalendar) -> Reply:
    month, now = press.month, date_prompts.month_of(request.work.moment.today)
    _check_calendar(form)
    if abs(month - now) > date_prompts.YEARS_AWAY * date_prompts.MONTHS:
        raise NotFound("button")
    form.draft.sub["month"] = month
    return form_runner.ask(request, form)


@on_question(ChooseDay)
def _day(request: Request, form: Form, press: ChooseDay) -> Reply:
    if not date.min.toordinal() <= press.day <= date.max.toordinal():
        raise NotFound("button")
    return field_steps.of(form.field).day(request, form, date.fromordinal(press.day))


@on_question(ChooseTime)
def _time(request: Request, form: Form, press: ChooseTime) -> Reply:
    minutes = press.minutes
    if "day" not in form.draft.sub or not 0 <= minutes < 24 * 60:
        raise NotFound("button")
    day = date.fromordinal(form.draft.sub["day"])
    return form_runner.record(request, form, request.work.company.calendar.at(day, time(minutes // 60, minutes % 60)))


@on_question(ReturnToCalendar)
def _reset(request: Request, form: Form, press: ReturnToCalendar) -> Reply:
    """Back to the calendar."""
    _check_calendar(form)
    form.draft.sub.pop("guess", None)
    form.draft.sub.pop("day", None)
    return form_runner.ask(request, form)


def _check_calendar(form: Form) -> None:
    if not field_steps.of(form.field).has_calendar:
        raise NotFound("button")
