"""Photos: sent like files, and shown like them."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards.forms import field_words, file_prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.fields.photo_field import PhotoField


def photos(t: Translator, ask: Question, received: Sequence[str], *, many: bool) -> Screen:
    """Photos come in, the same message counts them."""
    how = t("Пришлите фото — можно сразу несколько.") if many else t("Пришлите одно фото.")
    return file_prompts.counted(t, ask, received, how)


field_words.shows(PhotoField)(file_prompts.number_of)
