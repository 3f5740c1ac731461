"""A choice of options."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field as Setting

from models.fields.base import AnswerContext, Field
from models.process.annotations import Name, Title
from models.values import title_match
from models.values.clean_text import clean
from models.values.invalid_value import N_, InvalidValue, Titles


class ChoiceField(Field):
    """One of the options, or `many` of them; options are `name: title`."""

    type: Literal["choice"]
    options: Annotated[dict[Name, Title], Setting(min_length=1)]
    many: bool = False

    rank: ClassVar[int] = 8
    usually_personal: ClassVar[bool] = False
    is_written: ClassVar[bool] = True

    def parse(self, raw: str, context: AnswerContext) -> str | tuple[str, ...]:
        """The option meant, or those of a list; InvalidValue: choice.unknown, .several."""
        if not self.many:
            return self._option(raw)
        said = [part for part in re.split(r"[,;\n]|\s+и\s+", clean(raw)) if part.strip()]
        whole = title_match.alike(raw, self.options)
        chosen = {whole[0]} if len(whole) == 1 else {self._option(part) for part in said}
        return tuple(name for name in self.options if name in chosen)

    def check(self, value: Any, context: AnswerContext) -> None:
        """Raise InvalidValue: choice.none, .unknown."""
        chosen = value if self.many else (value,)
        if not chosen:
            raise InvalidValue("choice.none", N_("Выберите хотя бы один вариант."))
        if unknown := [name for name in chosen if name not in self.options]:
            raise self._unknown(str(unknown[0]))

    def encode(self, value: Any) -> Any:
        """The option's name, or a list of names."""
        return list(value) if isinstance(value, tuple) else value

    def decode(self, data: Any) -> Any:
        """The name; of many a tuple of names."""
        return tuple(data) if self.many else data

    def spelled(self, value: Any) -> str:
        """The titles of the options."""
        chosen = value if isinstance(value, tuple) else (value,)
        return ", ".join(self.options.get(one, str(one)) for one in chosen)

    def found_by(self, value: Any) -> str:
        """The titles of what was chosen, as the process file has them."""
        return self.spelled(value)

    def _option(self, said: str) -> str:
        found = title_match.alike(said, self.options)
        if len(found) == 1:
            return found[0]
        if not found:
            raise self._unknown(said.strip())
        raise InvalidValue(
            "choice.several",
            N_("«{said}» подходит к нескольким вариантам: {options}. Напишите точнее."),
            self.options[found[0]],
            said=said.strip()[:60],
            options=Titles(self.options[name] for name in found),
        )

    def _unknown(self, said: str) -> InvalidValue:
        """No option is called so; the ones there are."""
        message = N_("Нет варианта «{said}». Есть: {options}.")
        titles = list(self.options.values())
        return InvalidValue("choice.unknown", message, titles[0], said=said[:60], options=Titles(titles))
