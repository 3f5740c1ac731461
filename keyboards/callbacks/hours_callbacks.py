"""Presses about working hours and absences; one's own schedule and its calendar. `weekday`: Monday is 0."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import AbsenceId, EmployeeId
from models.states import AbsenceKind


@callback("hours_all")
@dataclass(frozen=True, slots=True)
class ListCrew(CallbackData):
    """Everybody who drives out."""


@callback("hours")
@dataclass(frozen=True, slots=True)
class OpenHours(CallbackData):
    """Somebody's week and absences."""

    employee: EmployeeId


@callback("hours_mine")
@dataclass(frozen=True, slots=True)
class OpenOwnHours(CallbackData):
    """One's own."""


@callback("hours_day")
@dataclass(frozen=True, slots=True)
class OpenDayHours(CallbackData):
    """One weekday: which hours?"""

    employee: EmployeeId
    weekday: int


@callback("hours_set")
@dataclass(frozen=True, slots=True)
class SetDayHours(CallbackData):
    """A preset: `opens` and `closes` in minutes from midnight."""

    employee: EmployeeId
    weekday: int
    opens: int
    closes: int


@callback("hours_off")
@dataclass(frozen=True, slots=True)
class SetDayOff(CallbackData):
    """That weekday is off."""

    employee: EmployeeId
    weekday: int


@callback("hours_own")
@dataclass(frozen=True, slots=True)
class AskDayHours(CallbackData):
    """Any other hours, typed."""

    employee: EmployeeId
    weekday: int


@callback("hours_same")
@dataclass(frozen=True, slots=True)
class ResetHours(CallbackData):
    """As the company works."""

    employee: EmployeeId


@callback("absence_new")
@dataclass(frozen=True, slots=True)
class AskAbsence(CallbackData):
    """Which days is he away? `kind`: a day off, leave, illness."""

    employee: EmployeeId
    kind: AbsenceKind


@callback("absence_del")
@dataclass(frozen=True, slots=True)
class RemoveAbsence(CallbackData):
    """He is there after all."""

    absence: AbsenceId


@callback("my_plan")
@dataclass(frozen=True, slots=True)
class OpenPlan(CallbackData):
    """«Мой график»."""


@callback("my_calendar")
@dataclass(frozen=True, slots=True)
class ExplainCalendar(CallbackData):
    """How the visits get into the phone."""


@callback("my_ics")
@dataclass(frozen=True, slots=True)
class SendCalendar(CallbackData):
    """The calendar as a file."""


@callback("my_link")
@dataclass(frozen=True, slots=True)
class RenewCalendarLink(CallbackData):
    """A new link; the former one stops working."""


@callback("my_link_off")
@dataclass(frozen=True, slots=True)
class RevokeCalendarLink(CallbackData):
    """No link any more."""
