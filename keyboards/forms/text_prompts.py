"""A text: typed, shown as it is."""

from __future__ import annotations

from keyboards.forms import field_prompts, field_words
from models.fields.text_field import TextField

field_prompts.prompts(TextField)(field_prompts.typed)
field_words.shows(TextField)(field_words.plain)
