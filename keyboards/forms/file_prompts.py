"""Files and photos: sent one after another, counted, shown by their number."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons
from keyboards.callbacks.forms.question_callbacks import FinishAnswer
from keyboards.forms import field_words
from keyboards.forms.field_words import Reading
from keyboards.forms.prompts import Question, screen
from keyboards.screen import EMPTY, Screen, bold, line
from keyboards.translator import Translator
from models.fields.file_field import FileField
from models.fields.groups import FileLike

LISTED = 10


def files(t: Translator, ask: Question, received: Sequence[str], *, many: bool) -> Screen:
    """Files come in, the same message counts them."""
    how = t("Пришлите файлы или фото — можно сразу несколько.") if many else t("Пришлите файл или фото.")
    return counted(t, ask, received, how)


def counted(t: Translator, ask: Question, received: Sequence[str], how: str) -> Screen:
    """The question, and by name what has come in for it."""
    if not received:
        return screen(t, ask, how=how)
    shown = [line("📎 ", name) for name in received[-LISTED:]]
    number = t.plural("Получен {n} файл", "Получено {n} файлов", len(received))
    done = buttons.button(t("Готово"), FinishAnswer(ask.step), colour="success")
    return screen(t, ask, [done], lines=[EMPTY, line(bold(number)), *shown], how=how)


def number_of(t: Translator, one: FileLike, typed: Sequence[int], reading: Reading) -> str:
    """«3 файла»."""
    return t.plural("{n} файл", "{n} файлов", len(typed))


field_words.shows(FileField)(number_of)
