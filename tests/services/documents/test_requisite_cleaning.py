"""Requisites as people paste them: what stands around a value is taken off, a whole card is taken apart (B17, D5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.invalid_value import InvalidValue
from services.documents import requisite_cleaning, requisites
from services.documents.requisite_values import read_value
from services.documents.requisites import Requisites

PASTED = [
    ("inn", "ИНН 7707083893", "7707083893"),
    ("inn", "ИНН: 7707083893.", "7707083893"),
    ("inn", "ИНН/КПП 7707083893/773601001", "7707083893"),
    ("inn", "77\u00a007\u00a0083893", "7707083893"),
    ("kpp", "КПП 773601001", "773601001"),
    ("kpp", "ИНН/КПП 7707083893 / 773601001", "773601001"),
    ("ogrn", "ОГРН № 1027700132195", "1027700132195"),
    ("ogrn", "ОГРНИП 304500116000157", "304500116000157"),
    ("bik", "БИК 044525225", "044525225"),
    ("bik", "бик: 044.525.225", "044525225"),
    ("account", "р/с 4070 2810 9380 0001 2345 в ПАО Сбербанк", "40702810938000012345"),
    ("account", "Расчётный счёт: 40702.810.9.38000012345", "40702810938000012345"),
    ("corr_account", "К/с 30101810400000000225", "30101810400000000225"),
    ("corr_account", "кор. счет 30101-810-4-0000-0000225", "30101810400000000225"),
    ("vat", "Без НДС.", "none"),
    ("vat", "НДС не облагается", "none"),
    ("vat", "НДС 20%", "20"),
    ("vat", "в том числе НДС 22 %.", "22"),
    ("basis", "на основании Устава", "Устава"),
    ("basis", "действующего на основании Устава.", "Устава"),
    ("basis", "Устав", "Устава"),
    ("basis", "Доверенность № 5 от 01.02.2026", "доверенности № 5 от 01.02.2026"),
    ("director", "Генеральный директор Воронов Сергей Петрович", "Воронов Сергей Петрович"),
    ("director", "Воронов Сергей Петрович, генеральный директор", "Воронов Сергей Петрович"),
    ("director_post", "Генеральный директор Воронов Сергей Петрович", "Генеральный директор"),
    ("director_post", "Генеральный директор", "Генеральный директор"),
    ("director_genitive", "в лице директора Дюмы Александра", "директора Дюмы Александра"),
    ("city", "г. Москва", "Москва"),
    ("bank", "Банк: ПАО Сбербанк, г. Москва", "ПАО Сбербанк, г. Москва"),
    ("bank", "Банк ВТБ (ПАО)", "Банк ВТБ (ПАО)"),
    ("email", "E-mail: info@kuhni.ru.", "info@kuhni.ru"),
    ("phone", "Тел.: +7 (495) 123-45-67", "+74951234567"),
]


@pytest.mark.parametrize(("name", "raw", "value"), PASTED)
def test_what_people_write_around_a_value_is_taken_off(name: str, raw: str, value: str) -> None:
    assert read_value(name, raw) == value
    assert read_value(name, read_value(name, raw)) == value, "what was kept reads as itself"


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("inn", "ИНН 770708389", "Нужно цифр: 10 / 12, а здесь 9"),
        ("account", "р/с рубли", "нужны только цифры"),
        ("director", "Генеральный директор Воронов С.П.", "Инициалов мало"),
        ("vat", "НДС 19%", "Напишите «без НДС» или ставку"),
    ],
)
def test_what_cannot_be_read_is_refused_by_what_is_wrong(name: str, raw: str, said: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_value(name, raw)
    assert said in str(refused.value)


def test_post_and_name_typed_together_stand_apart_in_the_contract() -> None:
    """door B17"""
    typed = {"director": "Генеральный директор Воронов Сергей Петрович", "basis": "на основании Устава"}
    after = Requisites().changed(typed)
    assert (after.director_post, after.director, after.basis) == (
        "Генеральный директор", "Воронов Сергей Петрович", "Устава",
    )  # fmt: skip
    assert after.represented() == "генерального директора Воронова Сергея Петровича"


CARD = """Карточка предприятия
Полное наименование: Общество с ограниченной ответственностью «Кухни Север»
Сокращенное наименование: ООО «Кухни Север»
Юридический адрес: 117312, г. Москва, ул. Вавилова, д. 19
ИНН/КПП: 7707083893/773601001
ОГРН: 1027700132195
Р/с 40702810938000012345 в ПАО Сбербанк, г. Москва
К/с 30101810400000000225, БИК 044525225
Генеральный директор Воронов Сергей Петрович, действующий на основании Устава
Тел.: +7 (495) 123-45-67
E-mail: info@kuhni.ru"""


def test_a_pasted_card_is_taken_apart_and_nothing_is_missing() -> None:
    card = requisites.with_card(Requisites(), CARD)
    assert card is not None and card.wrong == {}
    got = card.after
    assert got.missing() == ()
    assert (got.full_name, got.short_name) == (
        "Общество с ограниченной ответственностью «Кухни Север»", "ООО «Кухни Север»",
    )  # fmt: skip
    assert (got.inn, got.kpp, got.bik, got.city) == ("7707083893", "773601001", "044525225", "Москва")
    assert (got.bank, got.account) == ("ПАО Сбербанк, г. Москва", "40702810938000012345")
    assert got.represented() == "генерального директора Воронова Сергея Петровича" and got.basis == "Устава"
    assert (got.phone, got.email) == ("+74951234567", "info@kuhni.ru")


def test_a_card_in_one_line_and_one_of_an_entrepreneur_are_read_too() -> None:
    line = requisites.with_card(Requisites(), "ИНН: 7707083893 КПП: 773601001 БИК 044525225 р/с 40702810938000012345")
    assert line is not None and set(line.names) == {"inn", "kpp", "bik", "account"}
    sole = "ИП Кузнецов Илья Фомич\nИНН 500100732259 ОГРНИП 304500116000157\nБанк: АО «Альфа-Банк»"
    card = requisites.with_card(Requisites(), sole)
    assert card is not None and card.after.is_sole and card.after.bank == "АО «Альфа-Банк»"


def test_what_of_a_card_cannot_be_is_named_and_the_rest_is_read() -> None:
    card = requisites.with_card(Requisites(), CARD.replace("7707083893", "7707083892"))
    assert card is not None and set(card.wrong) == {"inn"} and "контрольная цифра" in str(card.wrong["inn"])
    assert card.after.inn == "" and card.after.account


@pytest.mark.parametrize(
    "raw",
    ["Общество с ограниченной ответственностью «Инн и бик»", "117312, г. Москва, ул. Вавилова, д. 19", "Устава",
     "ИНН 7707083893", "Генеральный директор Воронов Сергей Петрович", ""],
)  # fmt: skip
def test_one_value_alone_is_no_card(raw: str) -> None:
    assert requisite_cleaning.read_card(raw) == {}


LABELS = {"inn": "ИНН", "kpp": "КПП", "bik": "БИК", "account": "р/с", "corr_account": "К/с"}
VALUES = {
    "inn": "7707083893", "kpp": "773601001", "bik": "044525225", "account": "40702810938000012345",
    "corr_account": "30101810400000000225",
}  # fmt: skip


@given(
    st.permutations(sorted(LABELS)), st.sampled_from(["\n", " ", ", ", "; ", "\n\n"]),
    st.sampled_from([" ", ": ", " № ", ":", " - "]), st.sampled_from(["", " ", "\u00a0", "."]),
)  # fmt: skip
def test_in_whatever_order_and_signs_a_card_is_written_its_figures_are_read(
    order: list[str], between: str, sign: str, inside: str
) -> None:
    def spaced(name: str) -> str:
        return inside.join(VALUES[name][at : at + 5] for at in range(0, len(VALUES[name]), 5))

    card = requisites.with_card(Requisites(), between.join(f"{LABELS[name]}{sign}{spaced(name)}" for name in order))
    assert card is not None and card.wrong == {}
    assert {name: getattr(card.after, name) for name in VALUES} == VALUES


@given(st.sampled_from(sorted(requisites.TITLES)), st.text(max_size=120))
def test_whatever_is_typed_is_taken_or_refused_with_a_reason(name: str, raw: str) -> None:
    try:
        value = read_value(name, raw)
    except InvalidValue as refused:
        assert str(refused)
        return
    assert value == value.strip()


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_without_an_error(raw: str) -> None:
    card = requisites.with_card(Requisites(), raw)
    assert card is None or card.names or card.wrong
