"""Yes or no: pressed or typed."""

from __future__ import annotations

from keyboards.forms import field_prompts, field_words
from keyboards.forms.prompts import Question, press, screen
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.fields.yes_no_field import YesNoField


@field_prompts.prompts(YesNoField)
def yes_no(t: Translator, ask: Question, one: YesNoField) -> Screen:
    """Two buttons."""
    return screen(t, ask, (press(ask, t("Да"), "yes", colour="success"), press(ask, t("Нет"), "no")))


field_words.shows(YesNoField)(field_words.plain)
