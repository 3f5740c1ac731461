"""A choice of options: what is understood, and what is said of an answer that cannot be taken."""

import pytest
from field_answers import MOMENT, parse, wrong

from models.fields.base import AnswerContext
from models.fields.choice_field import ChoiceField
from models.values.invalid_value import InvalidValue

KITCHEN = ChoiceField(
    type="choice", title="Тип", options={"corner": "Угловая", "straight": "Прямая", "u": "П-образная"}
)
MANY = ChoiceField(type="choice", title="Создать", many=True, options={"contact": "Контакт", "deal": "Сделку"})
FIELD, VALUE = MANY, ("contact", "deal")


@pytest.mark.parametrize(("raw", "name"), [("угловая", "corner"), ("прям", "straight"), ("образная", "u"), ("П", "")])
def test_a_choice_is_read_by_its_title_or_a_part(raw: str, name: str) -> None:
    if name:
        assert parse(KITCHEN, raw) == name
    else:
        assert "подходит к нескольким" in wrong(KITCHEN, raw)


def test_an_unknown_option_says_which_there_are() -> None:
    assert wrong(KITCHEN, "круглая").startswith("Нет варианта «круглая». Есть: Угловая, Прямая, П-образная.")


def test_many_options_are_a_list_in_the_files_order() -> None:
    assert parse(MANY, "сделку, контакт") == ("contact", "deal")
    assert parse(MANY, "сделку и контакт") == ("contact", "deal")
    with pytest.raises(InvalidValue):
        MANY.check((), AnswerContext(MOMENT))
    with pytest.raises(InvalidValue):
        MANY.check(("forged",), AnswerContext(MOMENT))
