"""The question for a visit: free windows, a window that is held, why another time cannot be had (K-19, K-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field as Setting

from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.request import Request
from keyboards.forms import visit_prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Screen
from models.errors import NotFound
from models.fields.booking_field import BookingField
from models.process.actions import SendSms
from models.process.checks import walk
from models.values.visit_slot import VisitSlot
from models.visits import Unavailable, Visit, VisitWindow
from services.people import employees
from services.step_states import KeptDay, KeptMoment, StepState, step_state
from services.visits import booking_rows, bookings, free_windows

SHOWN = 6
DAYS = 21
MINUTE = 60


@step_state("visit")
@dataclass(frozen=True, slots=True)
class VisitState(StepState):
    """Which windows are shown: those from a day on, or those around a wanted moment, perhaps of one person.

    `held` is the window that is kept while one talks: whose, and its beginning; `until` its end if another one was
    said, `others` who comes along, `more` the beginnings of further days.
    """

    start: Annotated[KeptDay | None, Setting(alias="from")] = None
    near: KeptMoment | None = None
    person_id: Annotated[int | None, Setting(alias="who")] = None
    held: tuple[int, KeptMoment] | None = None
    until: KeptMoment | None = None
    others: tuple[int, ...] = ()
    more: tuple[KeptMoment, ...] = ()

    def slot(self, takes: timedelta) -> VisitSlot | None:
        """What is held, as the answer; None if nothing is."""
        if self.held is None:
            return None
        person_id, at = self.held
        return VisitSlot(person_id, at, self.until or at + takes, self.others, self.more)

    @property
    def is_inside(self) -> bool:
        return self.start is not None or self.near is not None or self.held is not None


@draws(BookingField)
def question(request: Request, form: Form, ask: Question) -> Screen:
    """The screen at the place where the person stands."""
    hold = _hold(request, form)
    if hold is not None and hold.slot is not None:
        person, until = employees.get(request.work, hold.slot.person_id), hold.held_until or request.work.now
        names = [employees.get(request.work, who).name for who in hold.slot.people]
        silent = not person.phone and _is_told(form)
        return visit_prompts.held(request.t, ask, hold.slot, names, until, request.work.now, no_phone=silent)
    state = state_of(form)
    if state.near is not None:
        found = near(request, form, state.near, state.person_id)
        taken = _why(request, form, state.near, state.person_id)
        return visit_prompts.windows(request.t, ask, found, request.work.now, taken=taken)
    found = _found(request, form)
    more = _day_of(request, found[-1]) + 1 if len(found) == SHOWN else None
    return visit_prompts.windows(request.t, ask, found, request.work.now, more_from=more)


def _is_told(form: Form) -> bool:
    """Whether the client is told the phone of who comes (K-21)."""
    word = f"{{{form.name}_phone}}"
    actions = walk.actions(form.process) if form.process else ()
    return any(isinstance(action, SendSms) and word in action.sms for _, _, _, action in actions)


def _hold(request: Request, form: Form) -> Visit | None:
    """What is held for this question; a hold that has run out is none."""
    if state_of(form).held is None or form.deal is None:
        return None
    return booking_rows.find_hold(request.work, form.deal.id, form.name)


def _found(request: Request, form: Form) -> list[VisitWindow]:
    field, deal_id = form.field_as(BookingField), form.deal.id if form.deal else None
    start = state_of(form).start or request.work.moment.today
    return free_windows.free_windows(
        request.work, field.role, field.takes, field.travel, start, DAYS, SHOWN, deal_id=deal_id, field=form.name
    )


def near(request: Request, form: Form, at: datetime, person_id: int | None) -> list[VisitWindow]:
    """The free windows around a moment, of one person or of anybody."""
    field = form.field_as(BookingField)
    return free_windows.nearest(
        request.work, field.role, field.takes, field.travel, at, SHOWN,
        person_id=person_id, deal_id=form.deal.id if form.deal else None, field=form.name,
    )  # fmt: skip


def free_for(request: Request, form: Form, starts: Sequence[datetime], ends: datetime) -> int:
    """Somebody of the role who is free for all of these days; the first of the role if nobody is, so that why not is
    told. NotFound if nobody has the role."""
    field, length = form.field_as(BookingField), ends - starts[0]
    staff = employees.of_role(request.work, field.role)
    if not staff:
        raise NotFound("employee")
    deal_id = form.deal.id if form.deal else None
    for one in staff:
        reasons = (
            free_windows.why_not(
                request.work, one.id, at, at + length, field.travel, deal_id=deal_id, field=form.name
            )
            for at in starts
        )  # fmt: skip
        if all(why is None for why in reasons):
            return one.id
    return staff[0].id


def _why(request: Request, form: Form, at: datetime, person_id: int | None) -> Unavailable | None:
    """Why the wanted time itself cannot be had: with somebody named his reason, else that of the first of the role."""
    field = form.field_as(BookingField)
    named = [person_id] if person_id else [one.id for one in employees.of_role(request.work, field.role)]
    troubles = [
        free_windows.why_not(
            request.work, key, at, at + field.takes, field.travel,
            deal_id=form.deal.id if form.deal else None, field=form.name,
        )
        for key in named
    ]  # fmt: skip
    return None if not troubles or None in troubles else troubles[0]


def _day_of(request: Request, window: VisitWindow) -> int:
    return request.work.company.calendar.local(window.starts_at).date().toordinal()


def step_back(request: Request, form: Form) -> bool:
    """Stand one place earlier inside the question; False if there is none."""
    state = state_of(form)
    if not state.is_inside:
        return False
    if state.held is not None and form.deal is not None:
        bookings.release(request.work, form.deal.id, form.name)
    form.draft.stand(None)
    return True


def state_of(form: Form) -> VisitState:
    """Which windows are shown, and which is held."""
    return form.find_state(VisitState) or VisitState()


def moment_of(minutes: int) -> datetime:
    """The moment that a button says in minutes since 1970; NotFound for one that no clock shows."""
    try:
        return datetime.fromtimestamp(minutes * MINUTE, UTC)
    except (OverflowError, ValueError, OSError):
        raise NotFound("button") from None
