"""The buttons of a form's questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from handlers import home
from handlers.deals import deal_actions
from handlers.forms import (
    form_runner,
    form_screens,
    form_state,
    payment_answers,
    payment_question,
    visit_answers,
    visit_question,
)
from handlers.forms.form_state import Form
from handlers.request import Request, number, on_callback
from handlers.tasks import task_actions
from keyboards.forms import date_prompts, prompts
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from models.fields import answers
from models.ids import ClientId, TaskId
from models.process import fields as f
from models.values.addresses.address import Address
from models.values.invalid_value import InvalidValue
from services import drafts, form_purposes
from services.purposes.deal_purposes import SOMEBODY_ELSE, NewDealPurpose

Verb = Callable[[Request, Form, tuple[str, ...]], Reply]
VERBS: dict[str, Verb] = {**payment_answers.VERBS, **visit_answers.VERBS}


def _verb(name: str) -> Callable[[Verb], Verb]:
    def register(verb: Verb) -> Verb:
        VERBS[name] = verb
        return verb

    return register


@on_callback("form", access.EVERYONE)
def pressed(request: Request, step: str = "", verb: str = "", *args: str) -> Reply:
    """A button of a question. An old question's buttons say that it is no longer open, and change nothing."""
    form, gone = form_state.find(request)
    if gone:
        return Reply(gone)
    if form is None or form.draft.step != number(step):
        return Reply(toast=request.t("Этот вопрос уже закрыт."))
    if verb not in VERBS:
        raise NotFound("button")
    try:
        return VERBS[verb](request, form, args)
    except InvalidValue as wrong:
        said = form_state.explain(request.t, wrong)
        return form_runner.ask(request, form, said, toast=said[:190])


@on_callback("noop", access.EVERYONE)
def nothing(request: Request) -> Reply:
    """A button that only looks: a month's title, a day that is not offered."""
    return Reply()


@on_callback("cancel", access.EVERYONE)
def cancel(request: Request) -> Reply:
    """Give up whatever form is open."""
    form, _ = form_state.find(request)
    return _cancelled(request, form, ()) if form else Reply(prompts.cancelled(request.t))


@_verb("cancel")
def _cancelled(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    drafts.clear(request.work)
    if form is not None:
        visit_answers.release(request, form)
    said, task_id = request.t("Отменено"), form_purposes.find_id(form.draft.purpose, TaskId)
    if task_id is not None:
        return task_actions.show(request, task_id, said)
    if form.deal is not None:
        return deal_actions.card(request, form.deal.id, said)
    return home.show(request, said)


@_verb("back")
def _back(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Out of a place inside the question, or to the question before; answers are kept."""
    draft = form.draft
    if isinstance(form.field, f.BookingField) and visit_question.step_back(request, form):
        return form_runner.ask(request, form)
    if isinstance(form.field, f.PaymentField) and payment_question.step_back(form):
        return form_runner.ask(request, form)
    for inside in ("guess", "day", "known"):
        if inside in draft.sub:
            del draft.sub[inside]
            return form_runner.ask(request, form)
    if draft.sub.pop("part", None) is None and draft.sub.pop("address", None) is None:
        draft.go(max(draft.at - 1, 0))
    return form_runner.ask(request, form)


@_verb("skip")
def _skip(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    if form.name not in form.draft.optional:
        raise NotFound("button")
    form.draft.answers.pop(form.name, None)
    return form_runner.go_on(request, form, request.t("{title}: пропущено", title=form.title(request.t)))


@_verb("keep")
def _keep(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Leave the value that there is."""
    value = form.present()
    if value is None:
        raise NotFound("button")
    if not (isinstance(form.field, f.PaymentField) and isinstance(value, Decimal)):  # what has come in, has come in
        form.check(request, value)
    said = form_state.shown(request, form.field, value)
    return form_runner.go_on(request, form, f"{form.title(request.t)}: {said}")


@_verb("yes")
def _yes(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    _of(form, f.YesNoField)
    return form_runner.record(request, form, True)


@_verb("no")
def _no(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    _of(form, f.YesNoField)
    return form_runner.record(request, form, False)


@_verb("opt")
def _option(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    field = _of(form, f.ChoiceField)
    if field.many or _first(args) not in field.options:
        raise NotFound("button")
    return form_runner.record(request, form, _first(args))


@_verb("tick")
def _tick(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    field, name = _of(form, f.ChoiceField), _first(args)
    if not field.many or name not in field.options:
        raise NotFound("button")
    chosen = set(form_screens.ticked(form)) ^ {name}
    form.draft.sub["ticked"] = [option for option in field.options if option in chosen]
    return form_runner.ask(request, form)


@_verb("done")
def _done(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Enough options ticked, or files sent."""
    match form.field:
        case f.ChoiceField(many=True):
            return form_runner.record(request, form, tuple(form_screens.ticked(form)))
        case f.FileField() | f.PhotoField():
            return form_runner.record(request, form, tuple(form_screens.received(request, form)))
        case _:
            raise NotFound("button")


@_verb("who")
def _who(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    chosen = number(_first(args), "employee")
    if chosen not in form_state.staff(request, _of(form, f.PersonField)):
        raise NotFound("employee")
    return form_runner.record(request, form, chosen)


@_verb("month")
def _month(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    month, now = number(_first(args)), date_prompts.month_of(request.work.moment.today)
    _dated(form)
    if abs(month - now) > date_prompts.YEARS_AWAY * date_prompts.MONTHS:
        raise NotFound("button")
    form.draft.sub["month"] = month
    return form_runner.ask(request, form)


@_verb("day")
def _day(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    place = number(_first(args))
    if not date.min.toordinal() <= place <= date.max.toordinal():
        raise NotFound("button")
    day = date.fromordinal(place)
    if isinstance(form.field, f.PaymentField):
        return payment_answers.on_day(request, form, day)
    if isinstance(_dated(form), f.DateField):
        return form_runner.record(request, form, day)
    form.check(request, request.work.company.calendar.at(day, time(23, 59)))
    form.draft.sub["day"] = place
    return form_runner.ask(request, form)


@_verb("time")
def _time(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    minutes = number(_first(args))
    if "day" not in form.draft.sub or not 0 <= minutes < 24 * 60:
        raise NotFound("button")
    day = date.fromordinal(form.draft.sub["day"])
    return form_runner.record(request, form, request.work.company.calendar.at(day, time(minutes // 60, minutes % 60)))


@_verb("reset")
def _reset(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Back to the calendar."""
    _dated(form)
    form.draft.sub.pop("guess", None)
    form.draft.sub.pop("day", None)
    return form_runner.ask(request, form)


@_verb("ok")
def _right(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """What was understood is right."""
    if "guess" in form.draft.sub and isinstance(form.field, f.PaymentField):
        return payment_answers.on_day(request, form, payment_question.guessed(form))
    if "guess" in form.draft.sub:
        return form_runner.record(request, form, form_screens.guessed(form))
    known = form_screens.address(form)
    if known is None:
        raise NotFound("button")
    return form_runner.record(request, form, known)


@_verb("private")
def _private(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    field = _of(form, f.AddressField)
    return keep_place(request, form, answers.as_private(field, form_screens.address(form) or Address()))


@_verb("none")
def _no_part(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    field, part = _of(form, f.AddressField), _part(args)
    known = form_screens.address(form) or Address()
    return keep_place(request, form, answers.parse_part(field, part, "нет", known))


@_verb("part")
def _correct(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    _of(form, f.AddressField)
    form.draft.sub["part"] = _part(args)
    return form_runner.ask(request, form)


@_verb("client")
def _client(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """The new deal is for the client whose phone it is, or for somebody else with the same phone."""
    known, purpose = form.draft.sub.get("known"), form.draft.purpose
    if known is None or not isinstance(purpose, NewDealPurpose):
        raise NotFound("button")
    form.draft.purpose = replace(purpose, client=ClientId(known) if _first(args) == "1" else SOMEBODY_ELSE)
    return form_runner.go_on(request, form)


def _first(args: tuple[str, ...]) -> str:
    if not args:
        raise NotFound("button")
    return args[0]


def _part(args: tuple[str, ...]) -> str:
    if _first(args) not in answers.PART_TITLES:
        raise NotFound("button")
    return args[0]


def _of(form: Form, kind: type[Any]) -> Any:
    """The current field, if it is of the kind that the button belongs to."""
    if not isinstance(form.field, kind):
        raise NotFound("button")
    return form.field


def _dated(form: Form) -> f.DateField | f.MomentField | f.PaymentField:
    if not isinstance(form.field, f.DateField | f.MomentField | f.PaymentField):
        raise NotFound("button")
    return form.field


def keep_place(request: Request, form: Form, known: Address) -> Reply:
    """Keep what is known of the address so far, and ask for the rest or for a yes."""
    form.draft.sub["address"] = known.to_data()
    form.draft.sub.pop("part", None)
    return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))
