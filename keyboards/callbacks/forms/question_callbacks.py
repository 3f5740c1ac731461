"""Presses that every question of a form has; those of one type of field stand in `*_answer_callbacks`."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback


@dataclass(frozen=True, slots=True)
class QuestionPress(CallbackData):
    """A button of a question. `step` is the question's number: an old question's button is known by it."""

    step: int


@callback("form", verb="keep")
@dataclass(frozen=True, slots=True)
class KeepAnswer(QuestionPress):
    """Leave the value that there is."""


@callback("form", verb="back")
@dataclass(frozen=True, slots=True)
class GoBack(QuestionPress):
    """Out of a place inside the question, or to the question before."""


@callback("form", verb="skip")
@dataclass(frozen=True, slots=True)
class SkipQuestion(QuestionPress):
    """Go on without an answer."""


@callback("form", verb="cancel")
@dataclass(frozen=True, slots=True)
class CancelQuestion(QuestionPress):
    """Give up the form of this question."""


@callback("form", verb="done")
@dataclass(frozen=True, slots=True)
class FinishAnswer(QuestionPress):
    """Enough options ticked, or files sent."""


@callback("form", verb="ok")
@dataclass(frozen=True, slots=True)
class ConfirmAnswer(QuestionPress):
    """What was understood is right."""


@callback("form", verb="meant")
@dataclass(frozen=True, slots=True)
class ChooseReading(QuestionPress):
    """Of the values that the answer could mean, the one at this place (from 0)."""

    place: int


@callback("form", verb="client")
@dataclass(frozen=True, slots=True)
class ChooseClient(QuestionPress):
    """The new deal is for the client whose phone it is, or for somebody else with the same phone."""

    is_known: bool


@callback("form", verb="agree")
@dataclass(frozen=True, slots=True)
class ConfirmAnswers(QuestionPress):
    """The answers shown together agree, or they do not and shall stand all the same."""

    agree: bool


@callback("form", verb="correct")
@dataclass(frozen=True, slots=True)
class CorrectAnswer(QuestionPress):
    """One of the answers shown together is to be another one. `field` is its name in the process file."""

    field: str


@callback("form", verb="heard")
@dataclass(frozen=True, slots=True)
class AnswerHeard(QuestionPress):
    """What was typed when that was in doubt is the answer."""


@callback("form", verb="not")
@dataclass(frozen=True, slots=True)
class NotAnswer(QuestionPress):
    """What was typed was meant for something else."""


@callback("form", verb="resume")
@dataclass(frozen=True, slots=True)
class ResumeQuestion(QuestionPress):
    """Go on with a question that was left."""


@callback("cancel")
@dataclass(frozen=True, slots=True)
class CancelForm(CallbackData):
    """Give up whatever form is open."""


@callback("noop")
@dataclass(frozen=True, slots=True)
class NoAction(CallbackData):
    """A button that does nothing: a month's title, a day that is not offered."""
