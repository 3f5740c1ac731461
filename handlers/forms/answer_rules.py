"""What an answer is for has rules of its own: a day that they forbid is asked again at once, not kept (M-3, M-17)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.forms import date_states
from handlers.forms.form_state import Form
from handlers.request import Request
from models.engine import foresight, guards, moves, visit_changes, visit_faces
from models.engine.deal_state import DealState, Moment
from models.engine.effects import Plan, StageChanged
from models.entities import Deal
from models.errors import OtherDay
from models.field_values import FieldValues
from models.fields.groups import DateLike
from models.process.actions import Action, CarryOver, Move
from models.process.conditions import Condition, fields_of
from models.values.invalid_value import N_, InvalidValue
from models.visits import Visit
from services.deals import deal_queries
from services.purposes.deal_purposes import MovePurpose, TapPurpose
from services.purposes.task_purposes import OutcomePurpose
from services.tasks import task_queries
from services.visits import bookings


def check(request: Request, form: Form, value: Any) -> None:
    """Raise Wrong with the rule's own words if the answer to the current question breaks one, or if a step would undo
    itself with it; SlotTaken if nobody can come then."""
    if form.deal is None or form.process is None:
        return
    _check_visit(request, form, value)
    conditions, actions = _rules(request, form)
    tests = [test for test in conditions if form.name in fields_of(test)]
    is_day = isinstance(form.field, DateLike)
    if not tests and not is_day:
        return
    work, state = request.work, deal_queries.state_of(request.work, form.deal)
    given = {**form.values, form.name: value}
    after = visit_changes.write(form.process, state, given, work.moment).deal
    still = set(form.draft.queue[form.draft.at + 1 :])
    for test in tests:
        if still.isdisjoint(fields_of(test)) and not guards.holds(test, after, work.moment):
            raise InvalidValue("rule", test.why or N_("Такой ответ к этому шагу не подходит."), field=form.name)
    if is_day:
        goes = any(isinstance(one, Move | CarryOver) for one in actions)
        found = foresight.of_actions(form.process, after, actions, work.moment)
        if not goes and not isinstance(form.draft.purpose, MovePurpose):
            _check_goes_on(form, state, value, work.moment)
            found = foresight.of_values(form.process, state, {form.name: value}, work.moment)
        for one in found:
            raise InvalidValue("rule", one.why or N_("С такой датой этот шаг тут же отменился бы."), field=form.name)


def _check_goes_on(form: Form, state: DealState, value: Any, moment: Moment) -> None:
    """Raise InvalidValue for a visit to the client of a deal that is lost."""
    assert form.process is not None
    if foresight.goes_to_nobody(form.process, state, {form.name: value}, moment):
        message = N_(
            "Сделка закрыта, к этому клиенту никто не поедет. Сначала верните её на этап, потом назначьте день."
        )
        raise InvalidValue("visit.lost", message, field=form.name)


def _check_visit(request: Request, form: Form, value: Any) -> None:
    """Raise SlotTaken if whoever comes cannot come then: said when it is answered, not after the last question."""
    deal, process = form.deal, form.process
    kind = process.faces.get(form.name) if process is not None else None
    if deal is None or kind is None or kind.who is None or kind.slot or deal.kind == "practice":
        return
    given = {name: one for name, one in {**form.values, form.name: value}.items() if name in kind.fields}
    before = deal.visit(kind.name)
    after = visit_faces.written(kind, before, given, request.work.moment)
    if after is not None and after.is_agreed():
        bookings.check_free(request.work, deal.id, kind, after)
    if kind.at == form.name and kind.day is not None and before is not None and before.state != "off":
        _check_day(request, form, deal, given, before)


def _check_day(request: Request, form: Form, deal: Deal, given: FieldValues, before: Visit) -> None:
    """Raise OtherDay if the hour is on another day than the deal has and nobody has said yet that it is meant."""
    work, at = request.work, given[form.name]
    day = visit_faces.day_of(before, work.company.calendar)
    if day is None or work.moment.day_of(at) == day or date_states.has_confirmed_day(form, at):
        return
    process = work.process(deal.process)
    plan = moves.plan_fields(process, deal_queries.state_of(work, deal), given, work.moment)
    effects = plan.effects if isinstance(plan, Plan) else ()  # what is refused is said when it is done
    goes = next((one for one in reversed(effects) if isinstance(one, StageChanged)), None)
    stage = None
    if goes is not None and goes.to_pipeline != deal.pipeline:
        stage = process.pipelines[goes.to_pipeline].title
    elif goes is not None:
        stage = process.stage(goes.to_pipeline, goes.to_stage).title
    raise OtherDay(day, at, stage)


def _rules(request: Request, form: Form) -> tuple[Sequence[Condition], Sequence[Action]]:
    """The conditions, and what follows, of the robot's button or of the outcome that the form was begun by."""
    process = form.process
    match form.draft.purpose:
        case TapPurpose(rule=rule) if process is not None:
            robot = process.rules.get(rule)
            return (robot.if_, robot.do) if robot else ((), ())
        case OutcomePurpose(task=task_id, outcome=name) if process is not None:
            task = task_queries.find(request.work, task_id)
            described = task_queries.description_of(process, task) if task else None
            chosen = described.outcomes.get(name) if described else None
            return (chosen.if_, chosen.do) if chosen else ((), ())
        case _:
            return (), ()
