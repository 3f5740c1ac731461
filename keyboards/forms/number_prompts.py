"""A number: typed, shown with its unit."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from keyboards.forms import field_prompts, field_words
from keyboards.forms.field_words import Reading
from keyboards.translator import Translator
from models.fields.number_field import NumberField

field_prompts.prompts(NumberField)(field_prompts.typed)


@field_words.shows(NumberField)
def _words(t: Translator, one: NumberField, typed: Decimal, reading: Reading) -> str:
    """«12,5 м»."""
    return t.number(typed) + (f" {t(one.unit)}" if one.unit else "")


@field_words.samples(NumberField)
def _sample(t: Translator, one: NumberField, now: datetime) -> str:
    return field_words.value(t, one, Decimal(3))
