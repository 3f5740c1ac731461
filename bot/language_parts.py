"""What the words of process files need beside the language itself: asked by `verstak check`, which loads no more."""

from __future__ import annotations

import handlers.forms
import keyboards.forms
from handlers.forms.steps import field_steps
from keyboards.forms import field_words
from keyboards.notices import trigger_words
from models import discovery
from models.engine import moves

PARTS = (moves, trigger_words, field_steps, field_words)


def load() -> None:
    """Import what registers questions, values and steps of the types of field."""
    for package in (keyboards.forms, handlers.forms):
        discovery.import_all(package, deep=True)


def missing() -> list[str]:
    """A line for each word of the language that lacks a piece: an action that nothing performs, a trigger without
    words, a type of field that cannot be asked for."""
    return [line for part in PARTS for line in part.missing()]
