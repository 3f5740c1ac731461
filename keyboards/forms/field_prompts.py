"""The question of a field. Each type whose question needs nothing but the field registers it: `@prompts(MoneyField)`.

A question that shows more (what is free, who works, which month) is drawn in `handlers/forms`, from screens of here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from keyboards.forms import prompts as screens
from keyboards.forms.prompts import Question
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.fields.base import Field

F = TypeVar("F", bound=Field)
Prompt = Callable[[Translator, Question, F], Screen]
_PROMPTS: dict[type[Field], Prompt[Any]] = {}


def prompts(kind: type[F]) -> Callable[[Prompt[F]], Prompt[F]]:
    """Register the question of a type."""

    def register(prompt: Prompt[F]) -> Prompt[F]:
        if kind in _PROMPTS:
            raise ValueError(f"the question of {kind.__name__} is registered twice")
        _PROMPTS[kind] = prompt
        return prompt

    return register


def get(kind: type[Field]) -> Prompt[Any]:
    """The question of a type; KeyError if it has none here (see `has`)."""
    return _PROMPTS[kind]


def has(kind: type[Field]) -> bool:
    """Whether the question of a type needs nothing but the field."""
    return kind in _PROMPTS


def typed(t: Translator, ask: Question, one: Field) -> Screen:
    """The question of a type that is answered by typing, and no more."""
    return screens.typed(t, ask)
