"""Yes or no: pressed or typed."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.forms.choice_answer_callbacks import AnswerNo, AnswerYes
from keyboards.forms import field_prompts, field_words
from keyboards.forms.prompts import Question, screen
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.fields.yes_no_field import YesNoField


@field_prompts.prompts(YesNoField)
def yes_no(t: Translator, ask: Question, one: YesNoField) -> Screen:
    """Two buttons."""
    yes = buttons.button(t("Да"), AnswerYes(ask.step), colour="success")
    return screen(t, ask, (yes, buttons.button(t("Нет"), AnswerNo(ask.step))))


field_words.shows(YesNoField)(field_words.plain)
