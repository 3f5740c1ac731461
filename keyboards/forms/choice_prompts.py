"""A choice: an option is pressed or typed; of many, ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keyboards import buttons
from keyboards.callbacks.forms.choice_answer_callbacks import ChooseOption, TickOption
from keyboards.callbacks.forms.question_callbacks import FinishAnswer
from keyboards.forms import field_words
from keyboards.forms.field_words import Reading
from keyboards.forms.prompts import Question, cut, in_rows, screen
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.fields.choice_field import ChoiceField
from models.values.product_text import ProductText


def choice(
    t: Translator, ask: Question, options: Mapping[str, ProductText], ticked: Sequence[str] | None = None
) -> Screen:
    """One of the options; with `ticked` (perhaps empty) as many as one likes, then «Готово»."""
    if ticked is None:
        found = [buttons.button(cut(t(title)), ChooseOption(ask.step, name)) for name, title in options.items()]
        return screen(t, ask, *in_rows(found))
    found = [
        buttons.button(cut(f"{'☑' if name in ticked else '☐'} {t(title)}"), TickOption(ask.step, name))
        for name, title in options.items()
    ]
    done = [buttons.button(t("Готово"), FinishAnswer(ask.step), colour="success")] if ticked else []
    return screen(t, ask, *in_rows(found), done, how=t("Отметьте всё, что подходит, и нажмите «Готово»."))


@field_words.shows(ChoiceField)
def _words(t: Translator, one: ChoiceField, typed: Any, reading: Reading) -> str:
    """The titles of what was chosen."""
    if isinstance(typed, bool):  # it was a question of yes or no before the process was edited
        return field_words.plain(t, one, typed, reading)
    chosen = typed if isinstance(typed, tuple) else (typed,)
    return ", ".join(t(one.options[name]) if name in one.options else str(name) for name in chosen)


@field_words.samples(ChoiceField)
def _sample(t: Translator, one: ChoiceField, now: datetime) -> str:
    return t(next(iter(one.options.values())))
