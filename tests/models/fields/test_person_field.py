"""An employee: what is understood, and what is said of an answer that cannot be taken."""

import pytest
from field_answers import MOMENT, T

from models.fields import answers
from models.fields.base import AnswerContext
from models.fields.person_field import PersonField
from models.values.invalid_value import InvalidValue

FIELD = PersonField(type="person", title="Мастер", role="installer")
VALUE = 3


def test_a_person_is_found_by_name() -> None:
    field = PersonField(type="person", title="Мастер", role="installer")
    staff = {1: "Пётр Громов", 2: "Павел Громов", 3: "Игорь Лукин"}

    def named(raw: str) -> object:
        return answers.parse(field, raw, AnswerContext(MOMENT, people=staff))

    assert named("игорь") == 3
    assert named("петр громов") == 1
    for raw, said in [("громов", "Таких несколько: Пётр Громов, Павел Громов"), ("Анна", "Нет сотрудника «Анна»")]:
        with pytest.raises(InvalidValue) as caught:
            named(raw)
        assert said in T.wrong(caught.value)
