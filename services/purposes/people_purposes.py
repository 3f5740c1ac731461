"""Forms about people: quiet hours, phones, working hours, absences."""

from __future__ import annotations

from dataclasses import dataclass

from models.ids import EmployeeId
from models.states import AbsenceKind
from services.form_purposes import Purpose, purpose


@purpose("quiet")
@dataclass(frozen=True, slots=True)
class QuietHoursPurpose(Purpose):
    """One's own quiet hours."""


@purpose("myphone")
@dataclass(frozen=True, slots=True)
class OwnPhonePurpose(Purpose):
    """One's own phone for work."""


@purpose("phone_of")
@dataclass(frozen=True, slots=True)
class MemberPhonePurpose(Purpose):
    """A colleague's phone for work."""

    who: EmployeeId


@purpose("hours")
@dataclass(frozen=True, slots=True)
class DayHoursPurpose(Purpose):
    """Somebody's hours on a weekday; Monday is 0."""

    who: EmployeeId
    day: int


@purpose("absence")
@dataclass(frozen=True, slots=True)
class AbsencePurpose(Purpose):
    """The days of somebody's absence; `kind`: a day off, leave, illness."""

    who: EmployeeId
    kind: AbsenceKind
