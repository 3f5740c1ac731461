"""Files and photos: what is understood, and what is said of an answer that cannot be taken."""

import pytest
from field_answers import MOMENT, wrong

from models.fields.base import AnswerContext
from models.fields.file_field import FileField
from models.fields.photo_field import PhotoField
from models.values.invalid_value import InvalidValue

FIELD = FileField(type="file", title="Файл")
VALUE = (3, 1)


def test_a_file_cannot_be_typed() -> None:
    assert "пришлите снимок" in wrong(PhotoField(type="photo", title="Фото"), "вот")
    with pytest.raises(InvalidValue):
        FIELD.check((), AnswerContext(MOMENT))
