"""A sum of money: typed, shown in roubles."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from keyboards.forms import field_prompts, field_words
from keyboards.forms.field_words import Reading
from keyboards.translator import Translator
from models.fields.money_field import MoneyField

field_prompts.prompts(MoneyField)(field_prompts.typed)


@field_words.shows(MoneyField)
def _words(t: Translator, one: MoneyField, typed: Decimal, reading: Reading) -> str:
    """«150 000 ₽»."""
    return t.money(typed)


@field_words.samples(MoneyField)
def _sample(t: Translator, one: MoneyField, now: datetime) -> str:
    return t.money(Decimal(150000))
