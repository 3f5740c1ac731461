"""Photos: pictures only, and at least one."""

import pytest
from field_answers import MOMENT, wrong

from models.fields.base import AnswerContext
from models.fields.file_field import FileField
from models.fields.photo_field import PhotoField
from models.values.invalid_value import InvalidValue

FIELD = PhotoField(type="photo", title="Фото")
VALUE = (3, 1)


def test_a_photo_field_takes_pictures_and_a_file_field_anything() -> None:
    anything = FileField(type="file", title="Файл")
    assert [FIELD.takes(picture=True), FIELD.takes(picture=False)] == [True, False]
    assert [anything.takes(picture=True), anything.takes(picture=False)] == [True, True]


def test_a_picture_is_meant_for_the_photos_and_a_document_for_the_files() -> None:
    anything = FileField(type="file", title="Файл")
    assert FIELD.is_meant_for(picture=True) and not anything.is_meant_for(picture=True)
    assert anything.is_meant_for(picture=False) and not FIELD.is_meant_for(picture=False)


def test_no_photo_at_all_is_refused() -> None:
    with pytest.raises(InvalidValue):
        FIELD.check((), AnswerContext(MOMENT))
    assert "пришлите снимок" in wrong(FIELD, "вот")
