"""A text: words as they were typed."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field as Setting

from models.fields.base import AnswerContext
from models.fields.groups import KeptAsIs
from models.values.clean_text import UNLIMITED, clean, is_meaningful_name
from models.values.invalid_value import N_, InvalidValue

TITLE_LIKE = 200  # a text that may be no longer than this is a name or a title: one line, read aloud


class TextField(KeptAsIs):
    """Words; at least `shortest` characters where one word says too little (M-16)."""

    type: Literal["text"]
    shortest: Annotated[int, Setting(ge=0, le=200)] = 0
    longest: Annotated[int, Setting(ge=1, le=3000)] = 1000

    rank: ClassVar[int] = 1
    usually_personal: ClassVar[bool] = True  # what was typed may name anybody
    is_written: ClassVar[bool] = True

    def parse(self, raw: str, context: AnswerContext) -> str:
        """The text, cleaned; a name or a title in one line."""
        text = clean(raw, limit=UNLIMITED)
        return " ".join(text.split()) if self._is_title_like(context) else text

    def check(self, value: str, context: AnswerContext) -> None:
        """Raise InvalidValue: text.empty, .short, .long, .no_letters."""
        if not value.strip():
            raise InvalidValue("text.empty", N_("Здесь пока пусто. Напишите ответ словами."), self.example)
        if len(value.strip()) < self.shortest:
            short = N_("Слишком коротко. Напишите подробнее: хотя бы {limit} знаков.")
            raise InvalidValue("text.short", short, self.example, limit=self.shortest)
        if len(value) > self.longest:
            long = N_("Слишком длинно: можно не больше {limit} знаков, а здесь {length}. Сократите, пожалуйста.")
            raise InvalidValue("text.long", long, self.example, length=len(value), limit=self.longest)
        if self._is_title_like(context) and not is_meaningful_name(value):
            raise InvalidValue("text.no_letters", N_("Здесь нужны буквы или цифры, не только значки."), self.example)

    def found_by(self, value: str) -> str:
        """Its words."""
        return value

    def _is_title_like(self, context: AnswerContext) -> bool:
        """Whether the text is a name or a title: kept in one line, and it must have a letter or a digit."""
        return context.is_name or self.longest <= TITLE_LIKE

    def written_fault(self, name: str, value: Any) -> str | None:
        """Texts are written in quotes."""
        if isinstance(value, str):
            return None
        return f"`{value}` is no text; put it in quotes, `{name}` is of type text"
