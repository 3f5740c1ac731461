"""The question for a visit: free windows, a window that is held, why another time cannot be had (K-19, K-20).

Where the person stands lies in `draft.sub`: `from` (a day's ordinal: windows from there on), `near` and `who` (minutes
of a wanted moment and an employee: windows around it), `held` (employee, minutes).
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from handlers.forms.form_state import Form
from handlers.request import Visit
from keyboards.forms import visit_prompts
from keyboards.forms.prompts import Ask
from keyboards.screen import Screen
from models.errors import NotFound
from models.process import fields as f
from models.process.checks import walk
from models.process.robots import Sms
from models.visits import Booking, Trouble, Window
from services.people import employees
from services.visits import bookings, free_windows

SHOWN = 6
DAYS = 21
MINUTE = 60
INSIDE = ("held", "near", "from")  # places inside the question, the last one first


def question(visit: Visit, form: Form, ask: Ask, taken: Trouble | None = None) -> Screen:
    """The screen at the place where the person stands."""
    hold = _hold(visit, form)
    if hold is not None:
        person, until = employees.get(visit.work, hold.person_id), hold.held_until or visit.work.now
        window = Window(person.id, person.name, hold.starts_at, hold.ends_at)
        silent = not person.phone and _is_told(form)
        return visit_prompts.held(visit.t, ask, window, until, visit.work.now, no_phone=silent)
    if "near" in form.draft.sub:
        return visit_prompts.windows(visit.t, ask, near(visit, form), visit.work.now, taken=taken or _why(visit, form))
    found = _found(visit, form)
    more = _day_of(visit, found[-1]) + 1 if len(found) == SHOWN else None
    return visit_prompts.windows(visit.t, ask, found, visit.work.now, more_from=more, taken=taken)


def _is_told(form: Form) -> bool:
    """Whether the client is told the phone of who comes (K-21)."""
    word = f"{{{form.name}_phone}}"
    actions = walk.actions(form.process) if form.process else ()
    return any(isinstance(action, Sms) and word in action.sms for _, _, _, action in actions)


def _hold(visit: Visit, form: Form) -> Booking | None:
    """What is held for this question; a hold that has run out is none."""
    if "held" not in form.draft.sub or form.deal is None:
        return None
    return bookings.find_hold(visit.work, form.deal.id, form.name)


def _found(visit: Visit, form: Form) -> list[Window]:
    field, deal_id = field_of(form), form.deal.id if form.deal else None
    start = date.fromordinal(int(form.draft.sub["from"])) if "from" in form.draft.sub else visit.work.moment.today
    return free_windows.free_windows(
        visit.work, field.role, field.takes, field.travel, start, DAYS, SHOWN, deal_id=deal_id, field=form.name
    )


def near(visit: Visit, form: Form) -> list[Window]:
    field, sub = field_of(form), form.draft.sub
    return free_windows.nearest(
        visit.work, field.role, field.takes, field.travel, moment_of(int(sub["near"])), SHOWN,
        person_id=sub.get("who"), deal_id=form.deal.id if form.deal else None, field=form.name,
    )  # fmt: skip


def _why(visit: Visit, form: Form) -> Trouble | None:
    """Why the wanted time itself cannot be had: with somebody named his reason, else that of the first of the role."""
    field, sub = field_of(form), form.draft.sub
    at = moment_of(int(sub["near"]))
    named = [sub["who"]] if sub.get("who") else [one.id for one in employees.of_role(visit.work, field.role)]
    troubles = [
        free_windows.why_not(
            visit.work, key, at, at + field.takes, field.travel,
            deal_id=form.deal.id if form.deal else None, field=form.name,
        )
        for key in named
    ]  # fmt: skip
    return None if not troubles or None in troubles else troubles[0]


def _day_of(visit: Visit, window: Window) -> int:
    return visit.work.company.calendar.local(window.starts_at).date().toordinal()


def step_back(visit: Visit, form: Form) -> bool:
    """Stand one place earlier inside the question; False if there is none."""
    place = next((one for one in INSIDE if one in form.draft.sub), None)
    if place is None:
        return False
    if place == "held" and form.deal is not None:
        bookings.release(visit.work, form.deal.id, form.name)
    form.draft.sub = {}
    return True


def moment_of(minutes: int) -> datetime:
    try:
        return datetime.fromtimestamp(minutes * MINUTE, UTC)
    except (OverflowError, ValueError, OSError):
        raise NotFound("button") from None


def field_of(form: Form) -> f.BookingField:
    if not isinstance(form.field, f.BookingField):
        raise NotFound("button")
    return form.field
