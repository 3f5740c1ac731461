"""What a person types or sends while a form is open: an answer, a contact, a place on the map, files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from handlers.forms import form_buttons, form_runner, form_screens, form_state, payment_answers, visit_answers
from handlers.forms.form_state import Form
from handlers.request import Request, on_message
from keyboards.forms import prompts
from keyboards.screen import Reply
from models import access
from models.fields import answers, codec
from models.process import fields as f
from models.values.addresses.address import Address
from models.values.geo_point import GeoPoint
from models.values.invalid_value import N_, InvalidValue
from services import drafts
from services.files import deal_files, upload_targets, uploads
from services.files.incoming_files import IncomingFile


@on_message(10, access.EVERYONE)
def sent(request: Request) -> Reply | None:
    """A message while a form is open is the answer to its question; a file that nobody asked for is passed on."""
    form, gone = form_state.find(request)
    if gone and request.incoming.file is None:
        return Reply(gone, new=True)
    if form is None:
        return None
    incoming = request.incoming
    try:
        if incoming.file is not None:
            return _file(request, form, incoming.file)
        if "known" in form.draft.sub:
            raise InvalidValue("client.choose", N_("Выберите кнопкой, для кого сделка."))
        if incoming.contact is not None:
            return _contact(request, form)
        if incoming.location is not None:
            return _location(request, form, *incoming.location)
        if incoming.text is None:
            raise answers.refuse_kind(form.field)
        return _text(request, form, incoming.text)
    except InvalidValue as wrong:
        return form_runner.ask_again(request, form, wrong)


def _text(request: Request, form: Form, raw: str) -> Reply:
    match form.field:
        case f.AddressField() as field:
            return _place(request, form, field, raw)
        case f.MomentField():
            return _moment(request, form, raw)
        case f.DateField():
            return _guess(request, form, raw, _parsed(request, form, raw))
        case f.PaymentField():
            return payment_answers.typed(request, form, raw)
        case f.BookingField():
            return visit_answers.typed(request, form, raw)
        case _:
            return form_runner.record(request, form, _parsed(request, form, raw))


def _parsed(request: Request, form: Form, raw: str) -> Any:
    return answers.parse(
        form.field,
        raw,
        deal_fields=form.known(),
        all_fields=form.fields,
        moment=request.work.moment,
        people=form_state.staff(request, form.field),
        is_name=form.is_name,
    )


def _moment(request: Request, form: Form, raw: str) -> Reply:
    """A day with a time; a day alone leads to the hours, a time alone is of the day chosen before."""
    day = form.draft.sub.get("day")
    if day is not None:
        try:
            return form_runner.record(request, form, _parsed(request, form, f"{date.fromordinal(day):%d.%m.%Y} {raw}"))
        except InvalidValue as wrong:
            if wrong.code.startswith("date."):
                raise  # understood, but the field does not allow it
    try:
        value = _parsed(request, form, raw)
    except InvalidValue as wrong:
        named = answers.day_named(wrong)
        if named is None:
            raise
        form.check(request, request.work.company.calendar.at(named, time(23, 59)))
        form.draft.sub["day"] = named.toordinal()
        form.draft.sub.pop("guess", None)
        return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))
    return _guess(request, form, raw, value)


def _guess(request: Request, form: Form, raw: str, value: date | datetime) -> Reply:
    """A date said by words, or one that fell into the next year, is confirmed before it is kept."""
    day = request.work.company.calendar.local(value).date() if isinstance(value, datetime) else value
    if not answers.is_relative(raw) and not answers.is_next_year(raw, day, request.work.moment.today):
        return form_runner.record(request, form, value)
    form.draft.sub["guess"] = codec.encode(form.fields, {form.name: value})[form.name]
    return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))


def _place(request: Request, form: Form, field: f.AddressField, raw: str) -> Reply:
    known = form_screens.address(form)
    asked = form.draft.sub.get("part")
    if known is not None and asked is None:
        asked = next(iter(answers.gaps(field, known)), None)
    if known is not None and asked is not None:
        return form_buttons.keep_place(request, form, answers.parse_part(field, asked, raw, known))
    return form_buttons.keep_place(request, form, answers.read_place(field, raw, known or Address()))


def _contact(request: Request, form: Form) -> Reply:
    """A contact out of the phone book, whoever it is: its phone, or its name where the name is asked."""
    contact = request.incoming.contact
    assert contact is not None
    if isinstance(form.field, f.PhoneField):
        if not any(ch.isdigit() for ch in contact.phone):
            raise InvalidValue(
                "phone.contact", N_("В этом контакте нет номера телефона. Напишите номер."), "+7 912 345-67-89"
            )
        plain = contact.phone if contact.phone.startswith(("+", "8")) else f"+{contact.phone}"
        return form_runner.record(request, form, _parsed(request, form, plain))
    if form.is_name and contact.name:
        return form_runner.record(request, form, _parsed(request, form, contact.name))
    raise answers.refuse_kind(form.field)


def _location(request: Request, form: Form, latitude: float, longitude: float) -> Reply:
    """A point on the map goes into the address's note; its parts are still asked. A question for a place takes it."""
    if isinstance(form.field, f.LocationField):
        return form_runner.record(request, form, GeoPoint(latitude, longitude))
    if not isinstance(form.field, f.AddressField):
        raise answers.refuse_kind(form.field)
    known = form_screens.address(form) or Address()
    point = f"{latitude:.6f} {longitude:.6f}"
    note = f"{known.note}, {point}" if known.note else point
    return form_buttons.keep_place(request, form, replace(known, note=note))


def _file(request: Request, form: Form, file: IncomingFile) -> Reply | None:
    """A file answers the question, unless it belongs elsewhere: the rest of an album, an answer to another message."""
    if not isinstance(form.field, f.FileField | f.PhotoField) or form.deal is None or _belongs_elsewhere(request, form):
        return None
    key, album = deal_files.keep(request.work, form.deal, form.name, file), request.incoming.album
    uploads.answered(request.work, file, album, form.deal.id, form.name, key)
    if not form.field.many:
        return form_runner.record(request, form, (key,))
    draft, have = form.draft, form_screens.received(request, form)
    follows = album is not None and draft.sub.get("album") == album
    draft.sub |= {"files": have if key in have else [*have, key], "album": album}
    if follows and draft.message_id is not None:  # an album is many updates: one message counts them
        drafts.save(request.work, draft)
        return Reply(edit=(draft.message_id, form_screens.question(request, form)))
    return form_runner.ask(
        request, form, before=prompts.set_aside(request.t, form.title(request.t))
    )  # «Готово» below the files


def _belongs_elsewhere(request: Request, form: Form) -> bool:
    assert form.deal is not None
    heap = uploads.find_of_album(request.work, request.incoming.album)
    if heap is not None:
        return (heap.deal_id, heap.folder) != (form.deal.id, form.name)
    told = upload_targets.replied_to(request.work, request.incoming.reply_to)
    return told is not None and told.id != form.deal.id
