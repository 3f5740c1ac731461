"""What triggers wait for: the acts that wake robots, and the moments at which those that go by the clock fire.

Every trigger of the language has its entry here: `@wakes(Trigger, by=Event)` for one that an act wakes,
`@times(Trigger)` for one that fires by the clock. A trigger that a person presses has none: `moves.plan_tap` fires it.
Start refuses while one is `missing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar

from models.engine import due_dates
from models.engine.deal_state import DealState, Moment
from models.engine.effects import Change
from models.field_values import FieldValues
from models.process.triggers import (
    TRIGGERS,
    BaseTrigger,
    Becomes,
    Changed,
    Closed,
    Enter,
    FilledIn,
    Lapsed,
    OnDate,
    Stuck,
    VisitBecomes,
)
from models.values.visit_slot import VisitSlot

# --- what happens to a deal -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """The deal came to its stage; `again`: it has come back there."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class FieldsChanged:
    """These fields have other values than `before`; None for one that was emptied."""

    changed: FieldValues
    before: DealState


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """A task was closed with that outcome."""

    task: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TaskLapsed:
    """The outcome of a closed task counts no longer; `was` is the value before of the field that has changed."""

    task: str
    was: Change


@dataclass(frozen=True, slots=True)
class FactBecame:
    """A fact of the deal became true (`paid_in_full`, `claim_open`), or ceased to (`claim_settled`)."""

    fact: str


@dataclass(frozen=True, slots=True)
class VisitCame:
    """A visit of that name came to that state."""

    visit: str
    state: str


Event = Entered | FieldsChanged | TaskEnded | TaskLapsed | FactBecame | VisitCame


@dataclass(frozen=True, slots=True)
class RobotFires:
    """The robot acts; `was` is the value before of the field whose change it tells."""

    was: Change | None = None


# --- the registries -------------------------------------------------------------------------------------------

On = TypeVar("On", bound=BaseTrigger, contravariant=True)
Happened = TypeVar("Happened", Entered, FieldsChanged, TaskEnded, TaskLapsed, FactBecame, VisitCame, contravariant=True)


class TriggerTest(Protocol[On, Happened]):
    """Whether what happened to the deal wakes a robot with this trigger; `deal` is as it stands now."""

    def __call__(self, on: On, event: Happened, deal: DealState) -> RobotFires | None: ...


class Timing(Protocol[On]):
    """When a trigger that goes by the clock fires."""

    def anchor(self, on: On, deal: DealState) -> str:
        """For which state of the deal the timer is set; '' if there is nothing to hang it on."""

    def due_at(self, on: On, deal: DealState, moment: Moment) -> datetime | None:
        """The moment, None if it never comes."""


WAKINGS: dict[type[BaseTrigger], tuple[type[Event], TriggerTest[Any, Any]]] = {}
TIMINGS: dict[type[BaseTrigger], Timing[Any]] = {}


def wakes(trigger: type[On], by: type[Happened]) -> Callable[[TriggerTest[On, Happened]], TriggerTest[On, Happened]]:
    """Register what tells whether an event of that kind wakes the trigger."""

    def register(waking: TriggerTest[On, Happened]) -> TriggerTest[On, Happened]:
        WAKINGS[trigger] = (by, waking)
        return waking

    return register


def times(trigger: type[On]) -> Callable[[type[Timing[On]]], type[Timing[On]]]:
    """Register what tells when the trigger fires."""

    def register(timing: type[Timing[On]]) -> type[Timing[On]]:
        TIMINGS[trigger] = timing()
        return timing

    return register


def missing() -> list[str]:
    """Each trigger of the language that nothing ever fires."""
    lines = []
    for name, trigger in TRIGGERS.words.items():
        if trigger.fires_by == "clock" and trigger not in TIMINGS:
            lines.append(f"trigger `{name}`: nothing tells when it fires (models.engine.trigger_rules, @times)")
        if trigger.fires_by == "act" and trigger not in WAKINGS:
            lines.append(f"trigger `{name}`: nothing wakes it (models.engine.trigger_rules, @wakes)")
    return lines


def woken(on: BaseTrigger, event: Event, deal: DealState) -> RobotFires | None:
    """Whether what happened to the deal wakes a robot with this trigger."""
    kind, waking = WAKINGS.get(type(on), (None, None))
    return waking(on, event, deal) if waking is not None and kind is type(event) else None


# --- woken by an act ------------------------------------------------------------------------------------------


@wakes(Enter, by=Entered)
def _entered(on: Enter, event: Entered, deal: DealState) -> RobotFires | None:
    return RobotFires() if on.enter is None or (on.enter == "again") == event.again else None


@wakes(Changed, by=FieldsChanged)
def _changed(on: Changed, event: FieldsChanged, deal: DealState) -> RobotFires | None:
    if on.changed in event.changed and event.before.filled(on.changed):
        return RobotFires(Change(on.changed, event.before.fields[on.changed]))
    return None


@wakes(FilledIn, by=FieldsChanged)
def _filled(on: FilledIn, event: FieldsChanged, deal: DealState) -> RobotFires | None:
    new = on.filled in event.changed and deal.filled(on.filled) and not event.before.filled(on.filled)
    return RobotFires() if new else None


@wakes(Closed, by=TaskEnded)
def _closed(on: Closed, event: TaskEnded, deal: DealState) -> RobotFires | None:
    return RobotFires() if on.task == event.task and on.outcome in (None, event.outcome) else None


@wakes(Lapsed, by=TaskLapsed)
def _lapsed(on: Lapsed, event: TaskLapsed, deal: DealState) -> RobotFires | None:
    return RobotFires(event.was) if on.lapsed == event.task else None


@wakes(Becomes, by=FactBecame)
def _becomes(on: Becomes, event: FactBecame, deal: DealState) -> RobotFires | None:
    return RobotFires() if on.becomes == event.fact else None


@wakes(VisitBecomes, by=VisitCame)
def _visit_came(on: VisitBecomes, event: VisitCame, deal: DealState) -> RobotFires | None:
    return RobotFires() if (on.visit, on.to) == (event.visit, event.state) else None


# --- by the clock ---------------------------------------------------------------------------------------------


@times(Stuck)
class StuckTiming:
    """Hangs on the moment at which the deal came to the stage."""

    def anchor(self, on: Stuck, deal: DealState) -> str:
        return stamp(deal.entered_at)

    def due_at(self, on: Stuck, deal: DealState, moment: Moment) -> datetime | None:
        return due_dates.stuck_due(on, deal.entered_at, moment)


@times(OnDate)
class DateTiming:
    """Hangs on the value of the date field."""

    def anchor(self, on: OnDate, deal: DealState) -> str:
        value = deal.fields.get(on.field)
        return stamp(value) if value is not None else ""

    def due_at(self, on: OnDate, deal: DealState, moment: Moment) -> datetime | None:
        value = deal.fields.get(on.field)
        return due_dates.date_due(on, value, moment) if value is not None else None


def stamp(value: date | datetime | VisitSlot) -> str:
    """One moment is one text, whatever zone it was written in."""
    if isinstance(value, VisitSlot):
        value = value.starts_at
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()
