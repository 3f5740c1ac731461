"""Words: what is understood, and what is said of an answer that cannot be taken."""

import pytest
from field_answers import MOMENT, parse, wrong

from models.fields import answers
from models.fields.base import AnswerContext
from models.fields.text_field import TextField
from models.values.invalid_value import InvalidValue

FIELD = TextField(type="text", title="Заметка")
VALUE = "Шкаф в прихожую\nс зеркалом"


def test_a_text_is_cleaned_and_keeps_its_lines() -> None:
    assert parse(TextField(type="text", title="Заметка"), "  раз \r\nдва\x00 ") == "раз\nдва"


def test_a_title_is_kept_in_one_line() -> None:
    assert parse(TextField(type="text", title="Имя", longest=120), "Мария\nИванова") == "Мария Иванова"


def test_a_name_of_emoji_alone_is_refused() -> None:
    field = TextField(type="text", title="Имя", longest=120, example="Мария Иванова")
    assert wrong(field, "😀👍") == "Здесь нужны буквы или цифры, не только значки.\nНапример: Мария Иванова"
    assert parse(TextField(type="text", title="Отзыв"), "👍") == "👍"
    with pytest.raises(InvalidValue):
        answers.parse(TextField(type="text", title="Имя"), "👍", AnswerContext(MOMENT, is_name=True))


def test_a_text_of_five_thousand_characters_says_how_long_it_may_be() -> None:
    said = wrong(TextField(type="text", title="Заметка"), "ы" * 5000)
    assert said == "Слишком длинно: можно не больше 1000 знаков, а здесь 5000. Сократите, пожалуйста."


def test_an_empty_text_is_refused() -> None:
    assert "пусто" in wrong(TextField(type="text", title="Заметка"), " \u200b\x00 ".replace("\u200b", ""))
