"""What a person does while a form is open: presses its buttons, types, sends a contact, a place or files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from handlers import form_screens, form_state, forms
from handlers.form_state import Form
from handlers.visit import Sent, Visit, number, on_message, on_tap
from keyboards import prompt_dates, prompts
from keyboards.screen import Answer
from models import access, answers, codec
from models.errors import NotFound
from models.process import fields as f
from models.values.address import Address
from models.values.wrong import N_, Wrong
from services import drafts, files

Verb = Callable[[Visit, Form, tuple[str, ...]], Answer]
VERBS: dict[str, Verb] = {}


def _verb(name: str) -> Callable[[Verb], Verb]:
    def register(verb: Verb) -> Verb:
        VERBS[name] = verb
        return verb

    return register


# --- buttons ----------------------------------------------------------------------------------------------------


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
        return forms.ask(visit, form, said, toast=said[:190])


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
    from handlers import deals, home, tasks

    drafts.clear(visit.work)
    said, task_id = visit.t("Отменено"), form.draft.purpose.get("task")
    if isinstance(task_id, int):
        return tasks.show(visit, task_id, said)
    if form.deal is not None:
        return deals.card(visit, form.deal.id, said)
    return home.show(visit, said)


@_verb("back")
def _back(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """Out of a place inside the question, or to the question before; answers are kept."""
    draft = form.draft
    for inside in ("guess", "day", "known"):
        if inside in draft.sub:
            del draft.sub[inside]
            return forms.ask(visit, form)
    if draft.sub.pop("part", None) is None and draft.sub.pop("address", None) is None:
        draft.go(max(draft.at - 1, 0))
    return forms.ask(visit, form)


@_verb("skip")
def _skip(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    if form.name not in form.draft.optional:
        raise NotFound("button")
    form.draft.answers.pop(form.name, None)
    return forms.go_on(visit, form, visit.t("{title}: пропущено", title=form.title(visit.t)))


@_verb("keep")
def _keep(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """Leave the value that there is."""
    value = form.present()
    if value is None:
        raise NotFound("button")
    form.check(visit, value)
    said = form_state.shown(visit, form.field, value)
    return forms.go_on(visit, form, f"{form.title(visit.t)}: {said}")


@_verb("yes")
def _yes(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    _of(form, f.YesNoField)
    return forms.record(visit, form, True)


@_verb("no")
def _no(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    _of(form, f.YesNoField)
    return forms.record(visit, form, False)


@_verb("opt")
def _option(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    field = _of(form, f.ChoiceField)
    if field.many or _first(args) not in field.options:
        raise NotFound("button")
    return forms.record(visit, form, _first(args))


@_verb("tick")
def _tick(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    field, name = _of(form, f.ChoiceField), _first(args)
    if not field.many or name not in field.options:
        raise NotFound("button")
    chosen = set(form_screens.ticked(form)) ^ {name}
    form.draft.sub["ticked"] = [option for option in field.options if option in chosen]
    return forms.ask(visit, form)


@_verb("done")
def _done(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """Enough options ticked, or files sent."""
    match form.field:
        case f.ChoiceField(many=True):
            return forms.record(visit, form, tuple(form_screens.ticked(form)))
        case f.FileField() | f.PhotoField():
            return forms.record(visit, form, tuple(form_screens.received(form)))
        case _:
            raise NotFound("button")


@_verb("who")
def _who(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    chosen = number(_first(args), "employee")
    if chosen not in form_state.staff(visit, _of(form, f.PersonField)):
        raise NotFound("employee")
    return forms.record(visit, form, chosen)


@_verb("month")
def _month(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    month, now = number(_first(args)), prompt_dates.month_of(visit.work.moment.today)
    _dated(form)
    if abs(month - now) > prompt_dates.YEARS_AWAY * prompt_dates.MONTHS:
        raise NotFound("button")
    form.draft.sub["month"] = month
    return forms.ask(visit, form)


@_verb("day")
def _day(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    place = number(_first(args))
    if not date.min.toordinal() <= place <= date.max.toordinal():
        raise NotFound("button")
    day = date.fromordinal(place)
    if isinstance(_dated(form), f.DateField):
        return forms.record(visit, form, day)
    form.check(visit, visit.work.company.calendar.at(day, time(23, 59)))
    form.draft.sub["day"] = place
    return forms.ask(visit, form)


@_verb("time")
def _time(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    minutes = number(_first(args))
    if "day" not in form.draft.sub or not 0 <= minutes < 24 * 60:
        raise NotFound("button")
    day = date.fromordinal(form.draft.sub["day"])
    return forms.record(visit, form, visit.work.company.calendar.at(day, time(minutes // 60, minutes % 60)))


@_verb("reset")
def _reset(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """Back to the calendar."""
    _dated(form)
    form.draft.sub.pop("guess", None)
    form.draft.sub.pop("day", None)
    return forms.ask(visit, form)


@_verb("ok")
def _right(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """What was understood is right."""
    if "guess" in form.draft.sub:
        return forms.record(visit, form, form_screens.guessed(form))
    known = form_screens.address(form)
    if known is None:
        raise NotFound("button")
    return forms.record(visit, form, known)


@_verb("private")
def _private(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    field = _of(form, f.AddressField)
    return _keep_place(visit, form, answers.as_private(field, form_screens.address(form) or Address()))


@_verb("none")
def _no_part(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    field, part = _of(form, f.AddressField), _part(args)
    known = form_screens.address(form) or Address()
    return _keep_place(visit, form, answers.parse_part(field, part, "нет", known))


@_verb("part")
def _correct(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    _of(form, f.AddressField)
    form.draft.sub["part"] = _part(args)
    return forms.ask(visit, form)


@_verb("client")
def _client(visit: Visit, form: Form, args: tuple[str, ...]) -> Answer:
    """The new deal is for the client whose phone it is, or for somebody else with the same phone."""
    known = form.draft.sub.get("known")
    if known is None:
        raise NotFound("button")
    form.draft.purpose["client"] = known if _first(args) == "1" else 0
    return forms.go_on(visit, form)


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


def _dated(form: Form) -> f.DateField | f.MomentField:
    if not isinstance(form.field, f.DateField | f.MomentField):
        raise NotFound("button")
    return form.field


# --- messages ---------------------------------------------------------------------------------------------------


@on_message(10, access.EVERYONE)
def sent(visit: Visit) -> Answer | None:
    """A message while a form is open is the answer to its question; a file that nobody asked for is passed on."""
    form, gone = form_state.find(visit)
    if gone and visit.incoming.file is None:
        return Answer(prompts.closed(visit.t), new=True)
    if form is None:
        return None
    incoming = visit.incoming
    try:
        if incoming.file is not None:
            return _file(visit, form, incoming.file)
        if "known" in form.draft.sub:
            raise Wrong("client.choose", N_("Выберите кнопкой, для кого сделка."))
        if incoming.contact is not None:
            return _contact(visit, form)
        if incoming.location is not None:
            return _location(visit, form, *incoming.location)
        if incoming.text is None:
            raise answers.refuse_kind(form.field)
        return _text(visit, form, incoming.text)
    except Wrong as wrong:
        return forms.ask_again(visit, form, wrong)


def _text(visit: Visit, form: Form, raw: str) -> Answer:
    match form.field:
        case f.AddressField() as field:
            return _place(visit, form, field, raw)
        case f.MomentField():
            return _moment(visit, form, raw)
        case f.DateField():
            return _guess(visit, form, raw, _parsed(visit, form, raw))
        case _:
            return forms.record(visit, form, _parsed(visit, form, raw))


def _parsed(visit: Visit, form: Form, raw: str) -> Any:
    return answers.parse(
        form.field,
        raw,
        deal_fields=form.known(),
        all_fields=form.fields,
        moment=visit.work.moment,
        people=form_state.staff(visit, form.field),
        is_name=form.is_name,
    )


def _moment(visit: Visit, form: Form, raw: str) -> Answer:
    """A day with a time; a day alone leads to the hours, a time alone is of the day chosen before."""
    day = form.draft.sub.get("day")
    if day is not None:
        try:
            return forms.record(visit, form, _parsed(visit, form, f"{date.fromordinal(day):%d.%m.%Y} {raw}"))
        except Wrong as wrong:
            if wrong.code.startswith("date."):
                raise  # understood, but the field does not allow it
    try:
        value = _parsed(visit, form, raw)
    except Wrong as wrong:
        named = answers.day_named(wrong)
        if named is None:
            raise
        form.check(visit, visit.work.company.calendar.at(named, time(23, 59)))
        form.draft.sub["day"] = named.toordinal()
        form.draft.sub.pop("guess", None)
        return forms.ask(visit, form, before=prompts.set_aside(visit.t, form.title(visit.t)))
    return _guess(visit, form, raw, value)


def _guess(visit: Visit, form: Form, raw: str, value: date | datetime) -> Answer:
    """A date said by words is confirmed before it is kept."""
    if not answers.is_relative(raw):
        return forms.record(visit, form, value)
    form.draft.sub["guess"] = codec.encode(form.fields, {form.name: value})[form.name]
    return forms.ask(visit, form, before=prompts.set_aside(visit.t, form.title(visit.t)))


def _place(visit: Visit, form: Form, field: f.AddressField, raw: str) -> Answer:
    known = form_screens.address(form)
    asked = form.draft.sub.get("part")
    if known is not None and asked is None:
        asked = next(iter(answers.gaps(field, known)), None)
    if known is not None and asked is not None:
        return _keep_place(visit, form, answers.parse_part(field, asked, raw, known))
    return _keep_place(visit, form, answers.read_place(field, raw, known or Address()))


def _keep_place(visit: Visit, form: Form, known: Address) -> Answer:
    form.draft.sub["address"] = known.to_data()
    form.draft.sub.pop("part", None)
    return forms.ask(visit, form, before=prompts.set_aside(visit.t, form.title(visit.t)))


def _contact(visit: Visit, form: Form) -> Answer:
    """A contact out of the phone book, whoever it is: its phone, or its name where the name is asked."""
    contact = visit.incoming.contact
    assert contact is not None
    if isinstance(form.field, f.PhoneField):
        if not any(ch.isdigit() for ch in contact.phone):
            raise Wrong("phone.contact", N_("В этом контакте нет номера телефона. Напишите номер."), "+7 912 345-67-89")
        plain = contact.phone if contact.phone.startswith(("+", "8")) else f"+{contact.phone}"
        return forms.record(visit, form, _parsed(visit, form, plain))
    if form.is_name and contact.name:
        return forms.record(visit, form, _parsed(visit, form, contact.name))
    raise answers.refuse_kind(form.field)


def _location(visit: Visit, form: Form, latitude: float, longitude: float) -> Answer:
    """A point on the map goes into the address's note; its parts are still asked."""
    if not isinstance(form.field, f.AddressField):
        raise answers.refuse_kind(form.field)
    known = form_screens.address(form) or Address()
    point = f"{latitude:.6f} {longitude:.6f}"
    note = f"{known.note}, {point}" if known.note else point
    return _keep_place(visit, form, replace(known, note=note))


def _file(visit: Visit, form: Form, file: Sent) -> Answer | None:
    if not isinstance(form.field, f.FileField | f.PhotoField) or form.deal is None:
        return None
    key = files.keep(visit.work, form.deal, form.name, file)
    if not form.field.many:
        return forms.record(visit, form, (key,))
    have = form_screens.received(form)
    form.draft.sub["files"] = have if key in have else [*have, key]
    drafts.save(visit.work, form.draft)
    screen = form_screens.question(visit, form)
    if form.draft.message_id is None:
        return Answer(screen, new=True, remember_form=True)
    return Answer(edit=(form.draft.message_id, screen))  # an album is many updates: one message counts them
