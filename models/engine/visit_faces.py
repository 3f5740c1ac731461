"""The faces of a visit: what the fields that show it say, and what becomes of it when one of them is written.

Pure: one function couples them, so that an hour on another day moves the day, a new day drops the hour with all that
hung on it, and whoever is named anew has confirmed nothing yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from models.engine.deal_state import Moment
from models.field_values import FieldValues, NewFieldValues
from models.process.visit_kinds import Face, VisitKind
from models.values.visit_slot import VisitSlot
from models.values.work_calendar import WorkCalendar
from models.visits import DONE, Visit


def day_of(visit: Visit, calendar: WorkCalendar) -> date | None:
    """The company's day of a visit, with or without an hour."""
    return calendar.local(visit.starts_at).date() if visit.starts_at is not None else visit.day


def shown(kind: VisitKind, visit: Visit | None, calendar: WorkCalendar) -> NewFieldValues:
    """What the fields of a visit say; those that say nothing are left out. One that is off has a day at most."""
    if visit is None or not visit.current:
        return {}
    said = {"day": day_of(visit, calendar), "at": visit.starts_at, "by": visit.person_id, "slot": visit.slot}
    if visit.state == "off":
        said |= {"at": None, "slot": None}
    return {name: said[face] for name, face in kind.faces if said[face] is not None}


def all_shown(
    kinds: Mapping[str, VisitKind], visits: Mapping[str, tuple[Visit, ...]], calendar: WorkCalendar
) -> NewFieldValues:
    """What the fields of all visits of a deal say."""
    found: NewFieldValues = {}
    for name, every in visits.items():
        if name in kinds:
            found |= shown(kinds[name], next((one for one in reversed(every) if one.current), None), calendar)
    return found


def is_over(visit: Visit, moment: Moment) -> bool:
    """Whether it is a thing of the past: somebody said how it went, its hour has come, or its day has gone by."""
    if visit.state in DONE:
        return True
    if visit.starts_at is not None:
        return visit.starts_at <= moment.now
    return visit.day is not None and visit.day < moment.today


def written(kind: VisitKind, visit: Visit | None, values: FieldValues, moment: Moment) -> Visit | None:
    """The visit after some of its fields were written; None where nothing of it is left.

    A visit that is over stays as it was and another one begins (it has no id), if the new day is another day. So does
    one that is off, once an hour is agreed again, be it the same one.
    """
    faces: dict[Face, Any] = {face: values[name] for name, face in kind.faces if name in values}
    base = visit or Visit(kind.name)
    after = _with_people(_with_time(kind, base, faces, moment), faces)
    if after.starts_at is None and after.day is None and not after.people:
        return None
    comes_back = base.state == "off" and (faces.get("at") is not None or faces.get("slot") is not None)
    if after == base and not comes_back:
        return visit
    if base.state in DONE and set(faces) == {"by"}:
        return after
    if (
        base.state == "off"
        and after.starts_at is None
        and day_of(after, moment.calendar) == day_of(base, moment.calendar)
    ):
        return visit  # only another day, or an hour, brings back what is off
    if visit is not None and is_over(visit, moment) and _begins_anew(visit, after, moment):
        after = Visit(kind.name, "wished", after.day, after.people, after.starts_at, after.ends_at, after.more_starts)
    return replace(after, state=_state(kind, base, after), told=False, current=True, off_why=None, off_by=None)


def _with_time(kind: VisitKind, base: Visit, faces: Mapping[Face, Any], moment: Moment) -> Visit:
    own_day = day_of(base, moment.calendar)
    if "slot" in faces:
        slot: VisitSlot | None = faces["slot"]
        if slot is None:
            return replace(_without_hour(base, None), people=())
        return replace(
            base,
            day=None,
            people=slot.people,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            more_starts=slot.more_starts,
        )
    if faces.get("at") is not None:
        at: datetime = faces["at"]
        return replace(base, day=None, starts_at=at, ends_at=at + kind.takes, more_starts=())
    if "day" in faces:
        day: date | None = faces["day"]
        keeps = day is not None and day == own_day and base.state != "off" and "at" not in faces
        return base if keeps else _without_hour(base, day)
    if "at" in faces:
        return _without_hour(base, own_day if kind.day else None)
    return base


def _without_hour(visit: Visit, day: date | None) -> Visit:
    return replace(visit, day=day, starts_at=None, ends_at=None, more_starts=())


def _with_people(after: Visit, faces: Mapping[Face, Any]) -> Visit:
    if "by" not in faces:
        return after
    who = faces["by"]
    others = tuple(one for one in after.people[1:] if one != who)
    return replace(after, people=(who, *others) if who is not None else ())


def _begins_anew(visit: Visit, after: Visit, moment: Moment) -> bool:
    """Whether what was written is about another visit than the one that is over."""
    calendar = moment.calendar
    return visit.state in DONE or day_of(visit, calendar) != day_of(after, calendar)


def _state(kind: VisitKind, base: Visit, after: Visit) -> Any:
    agreed = after.starts_at is not None and (bool(after.people) or kind.who is None)
    if not agreed:
        return "wished"
    same = (base.starts_at, base.ends_at, base.more_starts, base.people) == (
        after.starts_at, after.ends_at, after.more_starts, after.people
    )  # fmt: skip
    return base.state if same and base.is_agreed() and after.id == base.id else "planned"


def is_as_told(old: Visit, new: Visit | None) -> bool:
    """Whether what the client was told of the visit is still so."""
    same = new is not None and (old.starts_at, old.more_starts, old.people) == (
        new.starts_at,
        new.more_starts,
        new.people,
    )
    return same and new is not None and (new.is_agreed() or new.state == "held")


def is_of_another_day(old: Visit, new: Visit, calendar: WorkCalendar) -> bool:
    """Whether what was ticked for the one says nothing about the other."""
    return day_of(old, calendar) != day_of(new, calendar) or old.people != new.people
