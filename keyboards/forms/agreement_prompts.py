"""Answers that must agree, shown together at the end of a form: they do, or one of them is corrected (M-16)."""

from __future__ import annotations

from collections.abc import Mapping

from keyboards import buttons
from keyboards.callbacks.forms.question_callbacks import CancelQuestion, ConfirmAnswers, CorrectAnswer, GoBack
from keyboards.forms.prompts import Question, head
from keyboards.near_time import cut
from keyboards.screen import EMPTY, Screen, bold, line
from keyboards.translator import Translator

LONGEST = 1000  # characters of an answer that is shown


def agreement(t: Translator, ask: Question, answers: Mapping[str, tuple[str, str]]) -> Screen:
    """`answers` are titles and values by the fields' names."""
    lines = [*head(t, ask), EMPTY]
    lines += [line(f"{title}: ", bold(cut(value, LONGEST))) for title, value in answers.values()]
    yes = buttons.button(t("Да, всё верно"), ConfirmAnswers(ask.step, agree=True), colour="success")
    fixes = [
        (buttons.button(t("Изменить: {field}", field=title), CorrectAnswer(ask.step, name)),)
        for name, (title, _) in answers.items()
    ]
    no = buttons.button(t("Не совпадает, оставить так"), ConfirmAnswers(ask.step, agree=False), colour="danger")
    out = [buttons.button(t("Отмена"), CancelQuestion(ask.step))]
    if ask.can_back:
        out.insert(0, buttons.button(t("‹ Назад"), GoBack(ask.step)))
    return Screen(tuple(lines), ((yes,), *fixes, (no,), tuple(out)))
