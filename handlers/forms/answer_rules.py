"""What an answer is for has rules of its own: a day that they forbid is asked again at once, not kept (M-3, M-17)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.forms.form_state import Form
from handlers.request import Request
from models.engine import foresight, guards
from models.fields.groups import DateLike
from models.process.actions import Action, CarryOver, Move
from models.process.conditions import Condition, fields_of
from models.values.invalid_value import N_, InvalidValue
from services.deals import deal_queries
from services.purposes.deal_purposes import MovePurpose, TapPurpose
from services.purposes.task_purposes import OutcomePurpose
from services.tasks import task_queries


def check(request: Request, form: Form, value: Any) -> None:
    """Raise Wrong with the rule's own words if the answer to the current question breaks one, or if a step would undo
    itself with it."""
    if form.deal is None or form.process is None:
        return
    conditions, actions = _rules(request, form)
    tests = [test for test in conditions if form.name in fields_of(test)]
    is_day = isinstance(form.field, DateLike)
    if not tests and not is_day:
        return
    work, state = request.work, deal_queries.state_of(request.work, form.deal)
    after = state.with_fields({**form.values, form.name: value})
    still = set(form.draft.queue[form.draft.at + 1 :])
    for test in tests:
        if still.isdisjoint(fields_of(test)) and not guards.holds(test, after, work.moment):
            raise InvalidValue("rule", test.why or N_("Такой ответ к этому шагу не подходит."), field=form.name)
    if is_day:
        goes = any(isinstance(one, Move | CarryOver) for one in actions)
        found = foresight.of_actions(form.process, after, actions, work.moment)
        if not goes and not isinstance(form.draft.purpose, MovePurpose):
            found = foresight.of_values(form.process, state, {form.name: value}, work.moment)
        for one in found:
            raise InvalidValue("rule", one.why or N_("С такой датой этот шаг тут же отменился бы."), field=form.name)


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
