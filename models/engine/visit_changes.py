"""What becomes of a deal's visits: written through their fields, told how they went, called off with their deal.

Pure: each function gives the deal's new state with the changes (`VisitSet`, one for each visit that is now otherwise);
what else follows from them (tasks, messages, robots) the run of the engine adds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from models.engine import visit_faces
from models.engine.deal_state import DealState, Moment
from models.engine.effects import VisitSet
from models.field_values import FieldValues, NewFieldValues
from models.process.actions import SetVisit
from models.process.process import Process
from models.process.visit_kinds import VisitKind
from models.values.invalid_value import N_
from models.values.product_text import ProductText
from models.visits import Visit

Leaving = Literal["lost", "back", "carried", "left", "reopened"]
WHY: dict[str, ProductText] = {
    "lost": N_("сделка закрыта"),
    "back": N_("сделка вернулась на более ранний этап"),
    "carried": N_("сделка перешла в другое направление"),
    "left": N_("сделка ушла с этапа раньше выезда"),
    "deleted": N_("сделка удалена"),
    "cleared": N_("дата снята"),
    "missed": N_("не состоялся"),
    "replaced": N_("приедет другой, в другой день"),
}


@dataclass(frozen=True, slots=True)
class VisitUpdate:
    """The deal as it becomes, and its visits that are now otherwise."""

    deal: DealState
    sets: tuple[VisitSet, ...] = ()


def new(visit: Visit) -> VisitSet:
    """A visit that there was not before."""
    return VisitSet(visit)


def write(process: Process, deal: DealState, values: FieldValues, moment: Moment) -> VisitUpdate:
    """Fields got these values: where they are views of a visit, the visit is written, and its other fields follow."""
    kinds = {process.faces[name].name: process.faces[name] for name in values if name in process.faces}
    own = {name: value for name, value in values.items() if name not in process.faces}
    found = VisitUpdate(deal.with_fields(own))
    for kind in kinds.values():
        found = _written(found, kind, values, moment)
    return found


def _written(found: VisitUpdate, kind: VisitKind, values: FieldValues, moment: Moment) -> VisitUpdate:
    before = found.deal.visit(kind.name)
    after = visit_faces.written(kind, before, values, moment)
    if after == before:
        return found
    if after is None and before is not None:
        return _put(found, kind, _cleared(before, moment), moment)
    assert after is not None
    if before is not None and not after.id and before.id:
        found = _put(found, kind, VisitSet(_followed(before, after, moment), before), moment)
        return _put(found, kind, VisitSet(after), moment)
    return _put(found, kind, VisitSet(after, before), moment)


def _followed(before: Visit, after: Visit, moment: Moment) -> Visit:
    """A visit that has begun, now that another one is agreed: history. Whoever is still on his way to it, and does not
    come to the other one either, need not come any more."""
    is_under_way = before.is_agreed() and before.last_ends_at is not None and before.last_ends_at > moment.now
    if is_under_way and after.people and not set(before.people) & set(after.people):
        return replace(before, current=False, state="off", off_why=WHY["replaced"])
    return replace(before, current=False)


def _cleared(before: Visit, moment: Moment) -> VisitSet:
    """The fields are empty: what is over stays in the history, what was agreed is off."""
    if visit_faces.is_over(before, moment):
        return VisitSet(replace(before, current=False), before)
    off = replace(before, current=False, state="off", off_why=WHY["cleared"])
    return VisitSet(off, before)


def set_state(process: Process, deal: DealState, action: SetVisit, moment: Moment) -> VisitUpdate:
    """Say how it stands with a visit, as an action of the process does."""
    kind, found = process.visit_kinds[action.visit], VisitUpdate(deal)
    before = _meant(deal, action, moment)
    if before is None:
        return found
    match action.to:
        case "off" | "missed":
            if before.state == "off":
                return found
            return _put(found, kind, _off(before, action.why or WHY.get(action.to)), moment)
        case "held":
            after = replace(before, state="held", off_why=None)
        case "planned":
            after = replace(before, state="planned") if before.state == "confirmed" else before
        case "confirmed":
            after = replace(before, state="confirmed") if before.state == "planned" else before
        case "under_way":
            after = replace(before, state="under_way") if before.is_agreed() else before
    return found if after == before else _put(found, kind, VisitSet(after, before), moment)


def tell(process: Process, deal: DealState, visit: Visit, moment: Moment) -> VisitUpdate:
    """The client has been told of the visit as it is now."""
    kind = process.visit_kinds[visit.name]
    return _put(VisitUpdate(deal), kind, VisitSet(replace(visit, told=True), visit), moment)


def _meant(deal: DealState, action: SetVisit, moment: Moment) -> Visit | None:
    """How a visit went is said of the newest one whose day has come; everything else of the one that is current."""
    if action.to not in ("held", "missed"):
        return deal.visit(action.visit)
    come = [one for one in deal.visits.get(action.visit, ()) if _has_come(one, moment)]
    return come[-1] if come else None


def _has_come(visit: Visit, moment: Moment) -> bool:
    day = visit_faces.day_of(visit, moment.calendar)
    return day is not None and day <= moment.today


def _off(before: Visit, why: ProductText | None) -> VisitSet:
    return VisitSet(replace(before, state="off", off_why=why), before)


# --- the deal goes elsewhere ------------------------------------------------------------------------------------


def leave(process: Process, old: DealState, deal: DealState, moment: Moment) -> VisitUpdate:
    """The deal has moved from where `old` stands to where `deal` stands: visits that have no place there are off."""
    found = VisitUpdate(deal)
    for kind in process.visit_kinds.values():
        visit = deal.visit(kind.name)
        if visit is None:
            continue
        why = _why_off(process, kind, visit, old, deal, moment)
        if why is not None:
            found = _called_off(found, kind, visit, why, moment)
        elif visit.state_at(moment.now) == "under_way" and _loses_its_job(process, kind, visit, old, deal):
            held = VisitSet(replace(visit, state="held"), visit)  # the deal goes on: the work there is over
            found = _put(found, kind, held, moment) if not _is_lost(process, deal) else found
    return found


def called_off_by_going_back(process: Process, deal: DealState, to: str, moment: Moment) -> tuple[Visit, ...]:
    """The agreed visits to which nobody would come if the deal went back to the stage `to` of its pipeline."""
    after = deal.at(to, moment.now)
    if process.find_stage(deal.pipeline, to) is None or _is_lost(process, after) or not _is_back(process, deal, after):
        return ()
    sets = leave(process, deal, after, moment).sets
    return tuple(one.was for one in sets if one.was is not None and one.was.is_ahead(moment.now))


def _is_lost(process: Process, deal: DealState) -> bool:
    stage = process.find_stage(deal.pipeline, deal.stage)
    return stage is not None and stage.ending == "lost"


def _called_off(found: VisitUpdate, kind: VisitKind, visit: Visit, why: Leaving, moment: Moment) -> VisitUpdate:
    if why == "reopened":
        return _put(found, kind, VisitSet(replace(visit, current=False), visit), moment)
    wish = visit_faces.day_of(visit, moment.calendar)
    keeps_wish = kind.day is not None and wish is not None and why in ("back", "left")
    if keeps_wish and not visit.is_agreed():
        return found
    off = _off(visit, WHY[why])
    found = _put(found, kind, replace(off, visit=replace(off.visit, current=not keeps_wish)), moment)
    return _put(found, kind, VisitSet(Visit(kind.name, "wished", wish, visit.people)), moment) if keeps_wish else found


def _why_off(
    process: Process, kind: VisitKind, visit: Visit, old: DealState, deal: DealState, moment: Moment
) -> Leaving | None:
    if _is_lost(process, old) and visit.state == "off":
        return "reopened"
    if visit_faces.is_over(visit, moment):
        return None
    if _is_lost(process, deal):
        return "lost"
    if old.pipeline != deal.pipeline:
        has_place = not kind.places or any(line == deal.pipeline for line, _ in kind.places)
        return None if has_place else "carried"
    if _is_before(process, kind, deal) and _is_back(process, old, deal):
        return "back"
    return "left" if _loses_its_job(process, kind, visit, old, deal) else None


def _is_back(process: Process, old: DealState, deal: DealState) -> bool:
    order = process.order(deal.pipeline)
    return order.index(process.described(deal.pipeline, deal.stage)) < order.index(
        process.described(old.pipeline, old.stage)
    )


def _is_before(process: Process, kind: VisitKind, deal: DealState) -> bool:
    """Whether the deal stands before every stage where the visit is agreed."""
    order = process.order(deal.pipeline)
    places = [order.index(stage) for line, stage in kind.places if line == deal.pipeline]
    return bool(places) and order.index(process.described(deal.pipeline, deal.stage)) < min(places)


def _loses_its_job(process: Process, kind: VisitKind, visit: Visit, old: DealState, deal: DealState) -> bool:
    """Whether the task of whoever comes is taken back with the stage: then nobody comes (not even by the schedule)."""
    if not visit.is_agreed() or (deal.pipeline, deal.stage) in kind.places:
        return False
    return bool(open_jobs(process, kind, old))


def open_jobs(process: Process, kind: VisitKind, deal: DealState) -> tuple[str, ...]:
    """The open tasks for whoever comes, to be done when he is there."""
    return tuple(name for name, outcome in deal.tasks.items() if outcome is None and is_job(process, kind, name))


def is_job(process: Process, kind: VisitKind, name: str) -> bool:
    """Whether the task is what whoever comes has to do there."""
    task = process.find_task(name)
    return task is not None and kind.who is not None and task.to == kind.who


# --- the deal's state -------------------------------------------------------------------------------------------


def _put(found: VisitUpdate, kind: VisitKind, change: VisitSet, moment: Moment) -> VisitUpdate:
    """The deal with this visit as it is now: its fields follow."""
    deal = found.deal
    rows = list(deal.visits.get(kind.name, ()))
    if change.was is None:
        rows.append(change.visit)
    else:
        rows[next(at for at in reversed(range(len(rows))) if rows[at] == change.was)] = change.visit
    deal = replace(deal, visits={**deal.visits, kind.name: tuple(rows)})
    said: NewFieldValues = dict.fromkeys(kind.fields)
    said |= visit_faces.shown(kind, deal.visit(kind.name), moment.calendar)
    return VisitUpdate(deal.with_fields(said), (*found.sets, change))
