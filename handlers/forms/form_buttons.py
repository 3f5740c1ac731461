"""The buttons of a form's questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

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
from handlers.request import Visit, number, on_tap
from keyboards.forms import date_prompts, prompts
from keyboards.screen import Answer
from models import access
from models.errors import NotFound
from models.fields import answers
from models.process import fields as f
from models.values.addresses.address import Address
from models.values.invalid_value import Wrong
from services import drafts

Verb = Callable[[Visit, Form, tuple[str, ...]], Answer]
VERBS: dict[str, Verb] = {**payment_answers.VERBS, **visit_answers.VERBS}


def _verb(name: str) -> Callable[[Verb], Verb]:
    def register(verb: Verb) -> Verb:
        VERBS[name] = verb
        return verb

    return register


@on_tap("form", access.EVERYONE)
def pressed(visit: Visit, step: str = "", verb: str = "", *args: str) -> Answer:
    """A button of a question. An old question's buttons say that it is no longer open, and change nothing."""
    form, gone = form_state.find(visit)
    if gone:
        return Answer(prompts.closed(visit.t))
    if form is None or form.draft.step != number(step):
        return Answer(toast=visit.t("Этот вопрос уже закрыт."))
    if verb not in VERBS:
        raise NotFound("button")
    try:
        return VERBS[verb](visit, form, args)
    except Wrong as wrong:
        said = form_state.explain(visit.t, wrong)
        return form_runner.ask(visit, form, said, toast=said[:190])


@on_tap("noop", access.EVERYONE)
def nothing(visit: Visit) -> Answer:
    """A button that only looks: a month's title, a day that is not offered."""
    return Answer()


@on_tap("cancel", access.EVERYONE)
def cancel(visit: Visit) -> Answer:
    """Give up whatever form is open."""
    form, _ = form_state.find(visit)
    return _cancelled(visit, form, ()) if form else Answer(prompts.cancelled(visit.t))


@_verb("cancel")
def _cancelled(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    from handlers import home
    from handlers.deals import deal_actions
    from handlers.tasks import task_actions

    drafts.clear(visit.work)
    if form is not None:
        visit_answers.release(visit, form)
    said, task_id = visit.t("Отменено"), form.draft.purpose.get("task")
    if isinstance(task_id, int):
        return task_actions.show(visit, task_id, said)
    if form.deal is not None:
        return deal_actions.card(visit, form.deal.id, said)
    return home.show(visit, said)


@_verb("back")
def _back(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """Out of a place inside the question, or to the question before; answers are kept."""
    draft = form.draft
    if isinstance(form.field, f.BookingField) and visit_question.step_back(visit, form):
        return form_runner.ask(visit, form)
    if isinstance(form.field, f.PaymentField) and payment_question.step_back(form):
        return form_runner.ask(visit, form)
    for inside in ("guess", "day", "known"):
        if inside in draft.sub:
            del draft.sub[inside]
            return form_runner.ask(visit, form)
    if draft.sub.pop("part", None) is None and draft.sub.pop("address", None) is None:
        draft.go(max(draft.at - 1, 0))
    return form_runner.ask(visit, form)


@_verb("skip")
def _skip(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    if form.name not in form.draft.optional:
        raise NotFound("button")
    form.draft.answers.pop(form.name, None)
    return form_runner.go_on(visit, form, visit.t("{title}: пропущено", title=form.title(visit.t)))


@_verb("keep")
def _keep(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """Leave the value that there is."""
    value = form.present()
    if value is None:
        raise NotFound("button")
    if not (isinstance(form.field, f.PaymentField) and isinstance(value, Decimal)):  # what has come in, has come in
        form.check(visit, value)
    said = form_state.shown(visit, form.field, value)
    return form_runner.go_on(visit, form, f"{form.title(visit.t)}: {said}")


@_verb("yes")
def _yes(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    _of(form, f.YesNoField)
    return form_runner.record(visit, form, True)


@_verb("no")
def _no(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    _of(form, f.YesNoField)
    return form_runner.record(visit, form, False)


@_verb("opt")
def _option(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    field = _of(form, f.ChoiceField)
    if field.many or _first(args) not in field.options:
        raise NotFound("button")
    return form_runner.record(visit, form, _first(args))


@_verb("tick")
def _tick(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    field, name = _of(form, f.ChoiceField), _first(args)
    if not field.many or name not in field.options:
        raise NotFound("button")
    chosen = set(form_screens.ticked(form)) ^ {name}
    form.draft.sub["ticked"] = [option for option in field.options if option in chosen]
    return form_runner.ask(visit, form)


@_verb("done")
def _done(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """Enough options ticked, or files sent."""
    match form.field:
        case f.ChoiceField(many=True):
            return form_runner.record(visit, form, tuple(form_screens.ticked(form)))
        case f.FileField() | f.PhotoField():
            return form_runner.record(visit, form, tuple(form_screens.received(visit, form)))
        case _:
            raise NotFound("button")


@_verb("who")
def _who(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    chosen = number(_first(args), "employee")
    if chosen not in form_state.staff(visit, _of(form, f.PersonField)):
        raise NotFound("employee")
    return form_runner.record(visit, form, chosen)


@_verb("month")
def _month(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    month, now = number(_first(args)), date_prompts.month_of(visit.work.moment.today)
    _dated(form)
    if abs(month - now) > date_prompts.YEARS_AWAY * date_prompts.MONTHS:
        raise NotFound("button")
    form.draft.sub["month"] = month
    return form_runner.ask(visit, form)


@_verb("day")
def _day(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    place = number(_first(args))
    if not date.min.toordinal() <= place <= date.max.toordinal():
        raise NotFound("button")
    day = date.fromordinal(place)
    if isinstance(form.field, f.PaymentField):
        return payment_answers.on_day(visit, form, day)
    if isinstance(_dated(form), f.DateField):
        return form_runner.record(visit, form, day)
    form.check(visit, visit.work.company.calendar.at(day, time(23, 59)))
    form.draft.sub["day"] = place
    return form_runner.ask(visit, form)


@_verb("time")
def _time(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    minutes = number(_first(args))
    if "day" not in form.draft.sub or not 0 <= minutes < 24 * 60:
        raise NotFound("button")
    day = date.fromordinal(form.draft.sub["day"])
    return form_runner.record(visit, form, visit.work.company.calendar.at(day, time(minutes // 60, minutes % 60)))


@_verb("reset")
def _reset(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """Back to the calendar."""
    _dated(form)
    form.draft.sub.pop("guess", None)
    form.draft.sub.pop("day", None)
    return form_runner.ask(visit, form)


@_verb("ok")
def _right(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """What was understood is right."""
    if "guess" in form.draft.sub and isinstance(form.field, f.PaymentField):
        return payment_answers.on_day(visit, form, payment_question.guessed(form))
    if "guess" in form.draft.sub:
        return form_runner.record(visit, form, form_screens.guessed(form))
    known = form_screens.address(form)
    if known is None:
        raise NotFound("button")
    return form_runner.record(visit, form, known)


@_verb("private")
def _private(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    field = _of(form, f.AddressField)
    return keep_place(visit, form, answers.as_private(field, form_screens.address(form) or Address()))


@_verb("none")
def _no_part(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    field, part = _of(form, f.AddressField), _part(args)
    known = form_screens.address(form) or Address()
    return keep_place(visit, form, answers.parse_part(field, part, "нет", known))


@_verb("part")
def _correct(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    _of(form, f.AddressField)
    form.draft.sub["part"] = _part(args)
    return form_runner.ask(visit, form)


@_verb("client")
def _client(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """The new deal is for the client whose phone it is, or for somebody else with the same phone."""
    known = form.draft.sub.get("known")
    if known is None:
        raise NotFound("button")
    form.draft.purpose["client"] = known if _first(args) == "1" else 0
    return form_runner.go_on(visit, form)


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


def keep_place(visit: Visit, form: Form, known: Address) -> Answer:
    """Keep what is known of the address so far, and ask for the rest or for a yes."""
    form.draft.sub["address"] = known.to_data()
    form.draft.sub.pop("part", None)
    return form_runner.ask(visit, form, before=prompts.set_aside(visit.t, form.title(visit.t)))
