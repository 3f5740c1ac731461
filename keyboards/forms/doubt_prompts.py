"""An answer that could be misread: what was understood, for a yes; or the values among which one was meant."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons
from keyboards.callbacks.forms.date_answer_callbacks import ResetCalendar
from keyboards.callbacks.forms.question_callbacks import ChooseReading, ConfirmAnswer
from keyboards.forms.prompts import Question, screen
from keyboards.screen import EMPTY, Screen, bold, line
from keyboards.translator import Translator


def doubt(t: Translator, ask: Question, understood: Sequence[str], *, calendar: bool = False) -> Screen:
    """«Понял так: пт, 14 марта», or «150 ₽ или 150 000 ₽?» with a button each; typing anew is always possible."""
    how = t("Если не так — напишите ещё раз.")
    if len(understood) > 1:
        *others, last = understood
        asked = t("{sums} или {last}?", sums=", ".join(others), last=last)
        rows = [
            (buttons.button(value, ChooseReading(ask.step, place)),) for place, value in enumerate(understood)
        ]  # fmt: skip
        return screen(t, ask, *rows, lines=[EMPTY, line(bold(asked))], how=how)
    lines = [EMPTY, line(t("Понял так: "), bold(understood[0]))]
    row = [buttons.button(t("Верно"), ConfirmAnswer(ask.step), colour="success")]
    if calendar:
        row.append(buttons.button(t("Выбрать в календаре"), ResetCalendar(ask.step)))
    return screen(t, ask, row, lines=lines, how=how)
