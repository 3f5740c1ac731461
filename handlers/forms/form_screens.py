"""From an open form to the screen of its question."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from handlers.forms import form_state, payment_question, visit_question
from handlers.forms.form_state import Form
from handlers.request import Request
from keyboards.forms import address_prompts, date_prompts, prompts, visit_prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Screen
from models.engine.guards import business_date
from models.fields import answers, codec
from models.process import fields as f
from models.values.addresses.address import Address
from models.values.invalid_value import N_
from services.clients import client_cards
from services.deals import deal_queries
from services.files import deal_files
from services.visits import workload

EXAMPLES = {
    f.MoneyField: "150 000",
    f.PaymentField: "75 000",
    f.PhoneField: "+7 912 345-67-89",
    f.NumberField: N_("12,5"),
}


def question(request: Request, form: Form, problem: str = "") -> Screen:
    """The screen of the current question, at the place inside it where the person stands."""
    ask, t = _ask(request, form, problem), request.t
    if "known" in form.draft.sub:
        return _known_client(request, form, ask)
    match form.field:
        case f.YesNoField():
            return prompts.yes_no(t, ask)
        case f.ChoiceField(options=options, many=many):
            return prompts.choice(t, ask, options, ticked(form) if many else None)
        case f.PersonField() as field:
            staff = form_state.staff(request, field)
            day = _day_before(request, form)
            return prompts.people(t, ask, staff, workload.jobs_on(request.work, day, list(staff)) if day else None)
        case f.FileField(many=many) | f.PhotoField(many=many):
            names = deal_files.names(request.work, received(request, form))
            return prompts.files(t, ask, names, photo=isinstance(form.field, f.PhotoField), many=many)
        case f.DateField() | f.MomentField():
            return _date(request, form, ask)
        case f.AddressField() as field:
            return _address(request, form, ask, field)
        case f.PaymentField():
            return payment_question.question(request, form, ask)
        case f.BookingField():
            return visit_question.question(request, form, ask)
        case f.LocationField():
            return visit_prompts.place(t, ask)
        case _:
            return prompts.typed(t, ask, t("Прикрепите файл скрепкой.") if form.draft.purpose.wants_file else "")


def _ask(request: Request, form: Form, problem: str) -> Question:
    draft, field, t = form.draft, form.field, request.t
    present = form.present()
    keeps = present is not None and not isinstance(field, f.FileField | f.PhotoField) and not draft.sub.get("address")
    return Question(
        step=draft.step,
        title=form.title(t),
        hint=form.hint(t),
        example=t(field.example or EXAMPLES.get(type(field), "")),
        about=form.about(t),
        intro=draft.intro if draft.at == 0 else "",
        said=str(draft.sub.get("said", "")),
        problem=problem,
        place=(draft.at + 1, len(draft.queue)),
        can_back=draft.at > 0 or _inside(form),
        can_skip=form.name in draft.optional,
        now=form_state.shown(request, field, present) if keeps else "",
    )


def _inside(form: Form) -> bool:
    """Whether «back» leads to an earlier place of the same question."""
    return any(key in form.draft.sub for key in ("day", "guess", "address", "known", "sum", *visit_question.INSIDE))


def ticked(form: Form) -> list[str]:
    """The options that are ticked."""
    return list(form.draft.sub.get("ticked", form.present() or ()))


def received(request: Request, form: Form) -> list[int]:
    """The files that have come in for the current question, those that were there before included.

    Also those that came into its folder by themselves (a job's photos, the late rest of an album).
    """
    if "files" in form.draft.sub or form.deal is None or not getattr(form.field, "many", False):
        return list(form.draft.sub.get("files", form.present() or ()))
    return list(dict.fromkeys([*(form.present() or ()), *deal_files.in_field(request.work, form.deal, form.name)]))


def address(form: Form) -> Address | None:
    """What is known of the address that is being entered."""
    data = form.draft.sub.get("address")
    return Address.from_data(data) if data is not None else None


def guessed(form: Form) -> Any:
    """The date that is to be confirmed."""
    return codec.decode(form.fields, {form.name: form.draft.sub["guess"]})[form.name]


def _date(request: Request, form: Form, ask: Question) -> Screen:
    t, sub, today = request.t, form.draft.sub, request.work.moment.today
    if "guess" in sub:
        return prompts.guess(t, ask, form_state.shown(request, form.field, guessed(form)))
    if "day" in sub:
        return date_prompts.hours(t, ask, date.fromordinal(sub["day"]), today)
    month = int(sub.get("month", _opens_at(request, form)))
    earliest, latest = _limits(request, form)
    return date_prompts.calendar(t, ask, month, today, earliest=earliest, latest=latest)


def _opens_at(request: Request, form: Form) -> int:
    """The month that the calendar shows first: where the date stands now, if it is still to come (K-16)."""
    moment, had = request.work.moment, form.present()
    now = date_prompts.month_of(moment.today)
    stands = date_prompts.month_of(business_date(had, moment)) if isinstance(had, date) else now
    return max(now, min(stands, now + date_prompts.YEARS_AWAY * date_prompts.MONTHS))


def _limits(request: Request, form: Form) -> tuple[date | None, date | None]:
    """Which days the calendar offers."""
    moment, known = request.work.moment, form.known()

    def day(limit: str | None) -> date | None:
        if limit in ("today", "now"):
            return moment.today
        bound = known.get(limit) if limit else None
        return business_date(bound, moment) if bound is not None else None

    return day(getattr(form.field, "not_before", None)), day(getattr(form.field, "not_after", None))


def _day_before(request: Request, form: Form) -> date | None:
    """The day that was named last before the current question: on it the person will be needed."""
    known = form.known()
    asked = form.draft.queue[: form.draft.at]
    stage = form.process.find_stage(form.deal.pipeline, form.deal.stage) if form.process and form.deal else None
    names = [*reversed(asked), *reversed(stage.fields if stage else ())]
    values = [known[name] for name in names if isinstance(known.get(name), date | datetime)]
    return business_date(values[0], request.work.moment) if values else None


def _address(request: Request, form: Form, ask: Question, field: f.AddressField) -> Screen:
    known = address(form)
    if known is None:
        return address_prompts.whole(request.t, ask)
    gaps = answers.gaps(field, known)
    asked = form.draft.sub.get("part") or (gaps[0] if gaps else None)
    if asked:
        return address_prompts.part(request.t, ask, known, asked, needed=asked in gaps)
    return address_prompts.confirm(request.t, ask, known, field.parts)


def _known_client(request: Request, form: Form, ask: Question) -> Screen:
    person = client_cards.get(request.work, form.draft.sub["known"])
    open_deals = [one for one in deal_queries.of_client(request.work, person.id) if one.status == "open"]
    titles = [request.t("{title} · № {number}", title=one.title, number=one.number) for one in open_deals]
    phone = request.t.phone(str(form.present() or ""))
    return prompts.known_client(request.t, ask, person.name, phone, titles)
