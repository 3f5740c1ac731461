"""A phone number: what is understood, and what is said of an answer that cannot be taken."""

from field_answers import parse, wrong

from models.fields.phone_field import PhoneField

FIELD = PhoneField(type="phone", title="Телефон")
VALUE = "+79123456789"


def test_a_phone_is_kept_as_e164() -> None:
    assert parse(PhoneField(type="phone", title="Телефон"), "8 (912) 345 67 89") == "+79123456789"
    assert "сейчас их 5" in wrong(PhoneField(type="phone", title="Телефон"), "12345")
