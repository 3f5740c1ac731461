"""A change that somebody above is asked for, in words: what becomes what, and why."""

from __future__ import annotations

from keyboards.forms import field_words
from keyboards.translator import Translator
from models.field_values import FieldValues
from models.process.process import Process


def change(process: Process, was: FieldValues, wanted: FieldValues, t: Translator) -> list[tuple[str, str]]:
    """«Сумма договора», «150 000 ₽ → 120 000 ₽» of each field."""
    found = []
    for name, value in wanted.items():
        field = process.fields.get(name)
        if field is None:
            continue
        now = field_words.value(t, field, value)
        old = was.get(name)
        found.append((t(field.title), now if old is None else f"{field_words.value(t, field, old)} → {now}"))
    return found
