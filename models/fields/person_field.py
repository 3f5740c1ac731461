"""An employee."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from models.fields.base import AnswerContext
from models.fields.groups import KeptAsIs, PersonNaming
from models.values import title_match
from models.values.invalid_value import N_, InvalidValue


class PersonField(KeptAsIs, PersonNaming):
    """An employee of that role, chosen from those who work now."""

    type: Literal["person"]

    rank: ClassVar[int] = 12
    usually_personal: ClassVar[bool] = False

    def parse(self, raw: str, context: AnswerContext) -> int:
        """The id of the employee meant; InvalidValue: person.nobody, .several, .unknown."""
        people = context.people
        found = title_match.alike(raw, people)
        if len(found) == 1:
            return found[0]
        if not people:
            message = N_("В этой роли пока никто не работает. Руководитель может пригласить сотрудника.")
            raise InvalidValue("person.nobody", message)
        names = ", ".join(people[key] for key in (found or people))
        if found:
            raise InvalidValue("person.several", N_("Таких несколько: {names}. Напишите имя целиком."), names=names)
        message = N_("Нет сотрудника «{said}». Есть: {names}.")
        raise InvalidValue("person.unknown", message, said=raw.strip()[:60], names=names)

    def check(self, value: int, context: AnswerContext) -> None:
        """Who may be chosen is asked where he is chosen."""

    def person_of(self, value: Any) -> int:
        """The value is the id."""
        return int(value)

    def chosen_from(self) -> str | None:
        """Those of the role who work now."""
        return self.role
