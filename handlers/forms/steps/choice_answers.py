"""A choice, and yes or no: answered by a button as well as by words."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.forms import form_runner
from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.forms.steps.field_steps import FieldSteps, steps
from handlers.request import Request
from keyboards.callbacks.forms.choice_answer_callbacks import AnswerNo, AnswerYes, ChooseOption, TickOption
from keyboards.forms import choice_prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Reply, Screen
from models.errors import NotFound
from models.fields.choice_field import ChoiceField
from models.fields.yes_no_field import YesNoField
from services.step_states import StepState, step_state


@step_state("choice")
@dataclass(frozen=True, slots=True)
class ChoiceState(StepState):
    """The options that are ticked, by their names."""

    ticked: tuple[str, ...]


@draws(ChoiceField)
def _choice(request: Request, form: Form, ask: Question) -> Screen:
    field = form.field_as(ChoiceField)
    return choice_prompts.choice(request.t, ask, field.options, _ticked(form) if field.many else None)


@steps(ChoiceField)
class ChoiceSteps(FieldSteps):
    """Of many options any are ticked, and «Готово» keeps them."""

    def done(self, request: Request, form: Form) -> Reply:
        if not form.field_as(ChoiceField).many:
            raise NotFound("button")
        return form_runner.record(request, form, tuple(_ticked(form)))


def _ticked(form: Form) -> list[str]:
    """The options that are ticked."""
    state = form.find_state(ChoiceState)
    return list(state.ticked if state else form.present() or ())


@on_question(ChooseOption)
def _option(request: Request, form: Form, press: ChooseOption) -> Reply:
    field = form.field_as(ChoiceField)
    if field.many or press.option not in field.options:
        raise NotFound("button")
    return form_runner.record(request, form, press.option)


@on_question(TickOption)
def _tick(request: Request, form: Form, press: TickOption) -> Reply:
    field, name = form.field_as(ChoiceField), press.option
    if not field.many or name not in field.options:
        raise NotFound("button")
    chosen = set(_ticked(form)) ^ {name}
    form.draft.step_state = ChoiceState(tuple(option for option in field.options if option in chosen))
    return form_runner.ask(request, form)


@on_question(AnswerYes)
def _yes(request: Request, form: Form, press: AnswerYes) -> Reply:
    form.field_as(YesNoField)
    return form_runner.record(request, form, True)


@on_question(AnswerNo)
def _no(request: Request, form: Form, press: AnswerNo) -> Reply:
    form.field_as(YesNoField)
    return form_runner.record(request, form, False)
