import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.invalid_value import InvalidValue
from models.values.phone import find_phones, format_phone, parse_phone


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("+7 912 345-67-89", "+79123456789"),
        ("89123456789", "+79123456789"),
        ("79123456789", "+79123456789"),
        ("9123456789", "+79123456789"),
        ("8(916)123 45 67", "+79161234567"),
        ("тел: 8.916.123-45-67 Анна", "+79161234567"),
        ("тел89161234567", "+79161234567"),
        ("+8 916 123 45 67", "+79161234567"),
        ("８９１６１２３４５６７", "+79161234567"),
        ("8 (495) 123-45-67 доб. 12", "+74951234567"),
        ("8-800-555-35-35", "+78005553535"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+7 701 123 45 67", "+77011234567"),
        ("8 916 123 4567\n+7 916 123-45-67", "+79161234567"),
        ("№ 2026-0042 89161234567", "+79161234567"),
    ],
)
def test_phones_as_people_type_them(raw: str, expected: str) -> None:
    assert parse_phone(raw) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "none"),
        ("Анна", "none"),
        ("1234567", "impossible"),
        ("12345678", "impossible"),
        ("8916123456789", "impossible"),
        ("+7 000 000 00 00", "impossible"),
        ("сумма 150 000 до 14.03.2027", "impossible"),
        ("+7 999 111 22 33, +7 999 111 22 44", "several"),
    ],
)
def test_what_is_not_one_real_number_is_refused(raw: str, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_phone(raw)
    assert caught.value.code == f"phone.{code}"
    assert "{" not in str(caught.value)


def test_a_number_without_a_code_belongs_to_the_region() -> None:
    assert parse_phone("029 123-45-67", region="BY") == "+375291234567"


def test_all_phones_of_a_text_are_found_once_and_in_order() -> None:
    text = "Анна 8 916 123-45-67, муж +7 495 123-45-67; Анна снова: +79161234567. Заказ 150 000"
    assert find_phones(text) == ["+79161234567", "+74951234567"]
    assert find_phones("звоните") == []
    assert find_phones("я " * 3000 + "8 916 123-45-67") == ["+79161234567"]


@pytest.mark.parametrize(
    ("e164", "expected"),
    [
        ("+79123456789", "+7 912 345-67-89"),
        ("+375291234567", "+375 29 123-45-67"),
        ("не номер", "не номер"),
    ],
)
def test_phones_are_shown_the_way_people_read_them(e164: str, expected: str) -> None:
    assert format_phone(e164) == expected


@given(st.one_of(st.text(st.characters(), max_size=80), st.text("+789 ()-.,0123456т", max_size=40)))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_number_or_a_refusal(raw: str) -> None:
    try:
        phone = parse_phone(raw)
    except InvalidValue as wrong:
        assert str(wrong)
    else:
        assert parse_phone(phone) == phone
        assert parse_phone(format_phone(phone)) == phone
