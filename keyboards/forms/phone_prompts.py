"""A phone number: typed or sent as a contact, shown in groups of digits."""

from __future__ import annotations

from datetime import datetime

from keyboards.forms import field_prompts, field_words
from keyboards.forms.field_words import Reading
from keyboards.translator import Translator
from models.fields.phone_field import PhoneField

field_prompts.prompts(PhoneField)(field_prompts.typed)


@field_words.shows(PhoneField)
def _words(t: Translator, one: PhoneField, typed: object, reading: Reading) -> str:
    """«+7 912 345-67-89»."""
    return t.phone(str(typed))


@field_words.samples(PhoneField)
def _sample(t: Translator, one: PhoneField, now: datetime) -> str:
    return t.phone("+79123456789")
