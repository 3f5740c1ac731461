"""An address in parts: what is understood, and what is said of an answer that cannot be taken."""

import pytest
from field_answers import parse, wrong

from models.fields.address_field import AddressField
from models.values.addresses.address import Address
from models.values.invalid_value import InvalidValue

ADDRESS = AddressField(type="address", title="Адрес", parts=("city", "street", "house", "flat", "floor"))
FIELD, VALUE = ADDRESS, Address("Казань", "ул. Баумана", "7", flat="12", floor="нет")


def test_an_address_says_what_is_missing() -> None:
    assert "В адресе не хватает: квартира, этаж." in wrong(ADDRESS, "Казань, ул. Баумана, д. 7")


def test_a_private_house_needs_no_flat_and_no_floor() -> None:
    value = parse(ADDRESS, "Казань, ул. Баумана, д. 7, частный дом")
    assert isinstance(value, Address)
    assert (value.flat, value.floor) == ("нет", "нет")


def test_a_part_of_an_address_is_read_with_and_without_its_word() -> None:
    before = Address(city="Казань", street="ул. Баумана")
    assert ADDRESS.parse_part("house", "7", before).house == "7"
    assert ADDRESS.parse_part("house", "дом 7к2", before).house == "7к2"
    assert ADDRESS.parse_part("floor", "нет", before).floor == "нет"
    both = ADDRESS.parse_part("house", "д. 7, кв. 12", before)
    assert (both.house, both.flat) == ("7", "12")
    both = ADDRESS.parse_part("house", "7, кв. 12", before)
    assert (both.house, both.flat) == ("7", "12")
    both = ADDRESS.parse_part("street", "Баумана, 7", Address(city="Казань"))
    assert (both.street, both.house, both.note) == ("Баумана", "7", "")
    for nonsense in ("нет", "—", "😀", "", "не помню, где это"):
        with pytest.raises(InvalidValue):
            ADDRESS.parse_part("house", nonsense, before)
