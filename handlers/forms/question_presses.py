"""The buttons of questions: each is registered with what it does to the open form that its question belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from handlers.forms import form_runner, form_state
from handlers.forms.form_state import Form
from handlers.request import Request, on_callback
from keyboards.callbacks.forms.question_callbacks import QuestionPress
from keyboards.screen import Reply
from models import access
from models.values.invalid_value import InvalidValue

P = TypeVar("P", bound=QuestionPress)
QuestionHandler = Callable[[Request, Form, P], Reply]


def on_question(press: type[P]) -> Callable[[QuestionHandler[P]], QuestionHandler[P]]:
    """Register what a button of a question does. An InvalidValue that it raises is said above the question, which is
    asked again."""

    def register(handler: QuestionHandler[P]) -> QuestionHandler[P]:
        def pressed(request: Request, given: P) -> Reply:
            return _answered(request, given, handler)

        on_callback(press, access.EVERYONE)(pressed)
        return handler

    return register


def _answered(request: Request, press: P, handler: QuestionHandler[P]) -> Reply:
    """An old question's buttons say that it is no longer open, and change nothing."""
    form, gone = form_state.find(request)
    if gone:
        return Reply(gone)
    if form is None or form.draft.step != press.step:
        return Reply(toast=request.t("Этот вопрос уже закрыт."))
    try:
        return handler(request, form, press)
    except InvalidValue as wrong:
        said = form_runner.told(request, form, wrong)
        return form_runner.ask(request, form, said, toast=said[:190])
