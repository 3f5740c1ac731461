import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.addresses.address import Address, parse_address
from models.values.invalid_value import InvalidValue

FULL = Address("Москва", "ул. Ленина", "5", "12", "2", "3", "12К")


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        (
            "г. Казань, ул. Баумана 7 кв 12, подъезд 1, эт. 4, домофон 12#",
            "Казань|ул. Баумана|7|12|1|4|12#",
        ),
        ("Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К", "Москва|ул. Ленина|5|12|2|3|12К"),
        ("Москва Ленинский проспект 30к2-15", "Москва|Ленинский проспект|30к2|15|||"),
        ("Ленина 5-12", "|Ленина|5|12|||"),
        ("Казань, Баумана 7, кв 12", "Казань|Баумана|7|12|||"),
        ("люберцы, улица 8 Марта, дом 5а, квартира 7", "люберцы|улица 8 Марта|5а|7|||"),
        ("г Клин ул Мира 10", "Клин|ул. Мира|10||||"),
        ("г. Клин Советская площадь дом 3", "Клин|Советская площадь|3||||"),
        ("д. Ивановка, ул. Лесная 3", "д. Ивановка|ул. Лесная|3||||"),
        ("Нижний Новгород, пр. Гагарина 23", "Нижний Новгород|пр. Гагарина|23||||"),
        ("г. Ростов-на-Дону, ул. Большая Садовая, 10", "Ростов-на-Дону|ул. Большая Садовая|10||||"),
        ("Москва, 3-я Парковая ул. 12", "Москва|3-я Парковая ул.|12||||"),
        ("Москва, ул. Ленина, дом 5, корпус 2, строение 1, кв 3", "Москва|ул. Ленина|5 корпус 2 строение 1|3|||"),
        ("СПб, наб. реки Фонтанки, д. 15 стр. 2, офис 305", "СПб|наб. реки Фонтанки|15 стр. 2|офис 305|||"),
        ("ул. Ленина, д.5, кв.12, эт.3, под.2, код домофона 45#12", "|ул. Ленина|5|12|2|3|45#12"),
        ("Тула, ул Мира 5 в кв 7", "Тула|ул. Мира|5 в|7|||"),
        ("Тула, ул Мира 5, 2-й подъезд, 5 этаж, без домофона", "Тула|ул. Мира|5||2|5|нет"),
        ("г. Казань ул. Баумана, 7/2 кв 12", "Казань|ул. Баумана|7/2|12|||"),
    ],
)
def test_a_pasted_address_falls_into_its_parts(raw: str, parts: str) -> None:
    assert parse_address(raw) == Address(*(part or None for part in parts.split("|")))


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        ("Позвоните мне завтра", "Позвоните мне завтра"),
        ("Позвонить за 30", "Позвонить за 30"),
        ("Москва, код 345", "код 345"),
        ("ул. Ленина, 8 916 123 45 67", "8 916 123 45 67"),
        ("ул. Ленина 5, позвонить за 30 минут", "позвонить за 30 минут"),
        ("Московская область, г. Химки", "Московская область"),
        ("420111, Казань", "420111"),
        ("Тула, ул. Мира, 10, кв 1, кв 2", "кв 2"),
        ("Тула, ул. Мира 5 в центре", "в центре"),
        ("домофон не работает", "домофон не работает"),
        ("Moscow, Lenina st 5", "Moscow, Lenina st 5"),
    ],
)
def test_what_is_not_recognised_stays_in_the_note(raw: str, note: str) -> None:
    assert parse_address(raw).note == note


def test_a_private_house_has_no_flat_entrance_or_intercom() -> None:
    address = parse_address("дер. Ивановка, ул. Лесная, д. 3, частный дом")
    assert address.private
    assert (address.flat, address.entrance, address.intercom) == ("нет", "нет", "нет")
    assert address.missing() == ()
    assert address.one_line() == "дер. Ивановка, ул. Лесная, д. 3, частный дом"


def test_a_private_house_without_a_place_still_needs_the_place() -> None:
    assert parse_address("частный дом").missing() == ("city", "street", "house")


def test_missing_parts_come_in_the_order_of_asking() -> None:
    assert Address().missing() == ("city", "street", "house", "flat", "entrance", "floor", "intercom")
    assert Address(city="Тула", flat="5").missing() == ("street", "house", "entrance", "floor", "intercom")
    assert FULL.missing() == ()


def test_one_line_reads_as_an_address_on_an_envelope() -> None:
    assert FULL.one_line() == "Москва, ул. Ленина, д. 5, кв. 12, подъезд 2, этаж 3, домофон 12К"
    assert Address(street="ул. Мира", house="5", flat="офис 3").one_line() == "ул. Мира, д. 5, офис 3"
    assert Address(city="Тула", intercom="нет").one_line() == "Тула, без домофона"
    assert Address().one_line() == ""


def test_one_line_is_read_back_as_the_same_address() -> None:
    assert parse_address(FULL.one_line()) == FULL


def test_the_map_link_carries_the_house_and_keeps_the_flat_private() -> None:
    url = FULL.map_url()
    assert url.startswith("https://yandex.ru/maps/?text=%D0%9C")
    assert re.fullmatch(r"[\x21-\x7e]+", url)
    assert url == Address("Москва", "ул. Ленина", "5").map_url()
    assert "%26" in Address(note="A & B").map_url()


@pytest.mark.parametrize("data", [{"city": 5}, {"note": None}, {"private": "yes"}, {"zip": "1"}, {"house": True}])
def test_data_of_another_shape_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a part of an address"):
        Address.from_data(data)


def test_an_empty_address_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_address(" ,,, ")
    assert caught.value.code == "address.empty"


def test_a_long_story_is_refused_and_not_cut() -> None:
    with pytest.raises(InvalidValue, match="не больше 500 знаков"):
        parse_address("ул. Мира 5, " + "вход со двора " * 50)


WORDS = (
    ", ; - / . \n # ул. ул дом д. кв кв. г. г под этаж эт. домофон корпус к стр частный "
    "Москва Ленина Мира проспект область офис п. -й а"
)
pieces = st.lists(
    st.one_of(
        st.sampled_from([*WORDS.split(" "), " частный дом ", "без домофона"]),
        st.integers(1, 99999).map(str),
    ),
    min_size=1,
    max_size=14,
)


@given(pieces, st.sampled_from(["", " "]))
@settings(max_examples=200, deadline=None)
def test_no_number_is_lost_and_data_survives_json(words: list[str], glue: str) -> None:
    raw = glue.join(words)
    try:
        address = parse_address(raw)
    except InvalidValue:
        assert not any(ch.isalnum() for ch in raw)
        return
    kept = " ".join(str(value) for value in address.to_data().values())
    assert sorted(re.findall("[0-9]", kept)) == sorted(re.findall("[0-9]", raw))
    assert Address.from_data(json.loads(json.dumps(address.to_data()))) == address


@given(st.text(st.characters(), max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_an_address_or_a_refusal(raw: str) -> None:
    try:
        address = parse_address(raw)
    except InvalidValue as wrong:
        assert wrong.code == "address.empty"
    else:
        assert address.one_line() or address.private
