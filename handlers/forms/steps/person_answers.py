"""An employee: chosen by a button, which says how many jobs he has that day, or by name."""

from __future__ import annotations

from datetime import date, datetime

from handlers.forms import form_runner, form_state
from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.request import Request
from keyboards.callbacks.forms.person_answer_callbacks import ChoosePerson
from keyboards.forms import person_prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Reply, Screen
from models.errors import NotFound
from models.fields.person_field import PersonField
from services.visits import workload


@draws(PersonField)
def _people(request: Request, form: Form, ask: Question) -> Screen:
    staff, day = form_state.staff(request, form.field), _day_before(request, form)
    busy = workload.jobs_on(request.work, day, list(staff)) if day else None
    return person_prompts.people(request.t, ask, staff, busy)


def _day_before(request: Request, form: Form) -> date | None:
    """The day that was named last before the current question: on it the person will be needed."""
    known = form.known()
    asked = form.draft.queue[: form.draft.at]
    stage = form.process.find_stage(form.deal.pipeline, form.deal.stage) if form.process and form.deal else None
    names = [*reversed(asked), *reversed(stage.fields if stage else ())]
    values = [known[name] for name in names if isinstance(known.get(name), date | datetime)]
    return request.work.moment.day_of(values[0]) if values else None


@on_question(ChoosePerson)
def _who(request: Request, form: Form, press: ChoosePerson) -> Reply:
    if press.employee not in form_state.staff(request, form.field_as(PersonField)):
        raise NotFound("employee")
    return form_runner.record(request, form, press.employee)
