"""Yes or no: what is understood, and what is said of an answer that cannot be taken."""

from field_answers import parse, wrong

from models.fields.yes_no_field import YesNoField

FIELD = YesNoField(type="yes_no", title="Сборка")
VALUE = False


def test_yes_and_no() -> None:
    field = YesNoField(type="yes_no", title="Сборка")
    assert parse(field, "ага") is True
    assert parse(field, "нет") is False
    assert "«да» или «нет»" in wrong(field, "возможно")
