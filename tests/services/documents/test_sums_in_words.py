"""Sums, dates and names as papers write them (K-11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.documents import personal_names, sums_in_words


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "Ноль рублей 00 копеек"),
        ("0.01", "Ноль рублей 01 копейка"),
        ("0.005", "Ноль рублей 01 копейка"),
        ("1", "Один рубль 00 копеек"),
        ("2", "Два рубля 00 копеек"),
        ("5", "Пять рублей 00 копеек"),
        ("11", "Одиннадцать рублей 00 копеек"),
        ("21", "Двадцать один рубль 00 копеек"),
        ("22.22", "Двадцать два рубля 22 копейки"),
        ("101", "Сто один рубль 00 копеек"),
        ("111", "Сто одиннадцать рублей 00 копеек"),
        ("1000", "Одна тысяча рублей 00 копеек"),
        ("1001", "Одна тысяча один рубль 00 копеек"),
        ("2002", "Две тысячи два рубля 00 копеек"),
        ("150000", "Сто пятьдесят тысяч рублей 00 копеек"),
        ("1000000", "Один миллион рублей 00 копеек"),
        (
            "1234567.89",
            "Один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь рублей 89 копеек",
        ),
        ("2000000000.50", "Два миллиарда рублей 50 копеек"),
        ("1001000019", "Один миллиард один миллион девятнадцать рублей 00 копеек"),
        ("12021000", "Двенадцать миллионов двадцать одна тысяча рублей 00 копеек"),
        (
            "999999999999999",
            "Девятьсот девяносто девять триллионов девятьсот девяносто девять миллиардов девятьсот девяносто девять "
            "миллионов девятьсот девяносто девять тысяч девятьсот девяносто девять рублей 00 копеек",
        ),
    ],
)
def test_a_sum_is_said_in_the_right_case_and_gender(amount: str, said: str) -> None:
    assert sums_in_words.sum_in_words(Decimal(amount)) == said


def test_a_contract_says_a_sum_in_figures_and_words_k_11() -> None:
    assert sums_in_words.contract_sum(Decimal(150000)) == "150\u00a0000 (сто пятьдесят тысяч) рублей 00 копеек"
    assert sums_in_words.contract_sum(Decimal("1002.01")) == "1\u00a0002 (одна тысяча два) рубля 01 копейка"


@pytest.mark.parametrize("amount", ["-0.01", "-5", "NaN", "Infinity", "1e15", "1e400"])
def test_what_no_paper_can_say_is_an_error(amount: str) -> None:
    with pytest.raises(ValueError, match="no sum"):
        sums_in_words.sum_in_words(Decimal(amount))


def test_tables_have_kopecks_always_and_spaces_that_do_not_break() -> None:
    assert sums_in_words.plain_sum(Decimal("1234567.5")) == "1\u00a0234\u00a0567,50"


def test_dates_are_in_the_genitive() -> None:
    assert sums_in_words.long_date(date(2026, 11, 22)) == "22\u00a0ноября\u00a02026\u00a0г."
    assert sums_in_words.short_date(date(2026, 3, 1)) == "01.03.2026"


@pytest.mark.parametrize(
    ("name", "sex", "genitive", "short"),
    [
        ("Иванова Мария Петровна", "female", "Ивановой Марии Петровны", "Иванова М. П."),
        ("Мария Петровна Иванова", "female", "Марии Петровны Ивановой", "Иванова М. П."),
        ("Щёголева Любовь Юрьевна", "female", "Щёголевой Любови Юрьевны", "Щёголева Л. Ю."),
        ("Кузьмин Илья Ильич", "male", "Кузьмина Ильи Ильича", "Кузьмин И. И."),
        ("Черных Пётр Фомич", "male", "Черных Петра Фомича", "Черных П. Ф."),
        ("Салтыков-Щедрин Михаил Евграфович", "male", "Салтыкова-Щедрина Михаила Евграфовича", "Салтыков-Щедрин М. Е."),
        ("ИВАНОВ ИВАН ИВАНОВИЧ", "male", "ИВАНОВА ИВАНА ИВАНОВИЧА", "ИВАНОВ И. И."),
        ("Абрамович Роман Аркадьевич", "male", "Абрамовича Романа Аркадьевича", "Абрамович Р. А."),
        ("Алиев Мамед Рашид оглы", "male", "Алиева Мамеда Рашид оглы", "Алиев М. Р."),
        ("Лев Толстой", "male", "Льва Толстого", "Толстой Л."),
        ("Ким Нинель Игоревна", "female", "Ким Нинели Игоревны", "Ким Н. И."),
        ("Мария", "female", "Марии", "Мария"),
        ("Бернард Шоу", None, "Бернард Шоу", "Бернард Ш."),
        ("John Smith", None, "John Smith", "Smith J."),
        ("", None, "", ""),
    ],
)
def test_names_are_declined_and_shortened(name: str, sex: str | None, genitive: str, short: str) -> None:
    assert personal_names.sex(name) == sex
    assert personal_names.genitive_name(name) == genitive
    assert personal_names.initials(name).replace("\u00a0", " ") == short


def test_what_a_person_wrote_by_hand_goes_before_the_library() -> None:
    assert personal_names.genitive_name("Дюма Александр", "Дюмы Александра") == "Дюмы Александра"


@pytest.mark.parametrize(
    ("post", "genitive"),
    [
        ("Генеральный директор", "генерального директора"),
        ("управляющий", "управляющего"),
        ("Коммерческий директор по продажам", "коммерческого директора по продажам"),
        ("Председатель правления", "председателя правления"),
        ("вице-президент", "вице-президента"),
        ("Старший менеджер", "старшего менеджера"),
        ("Заведующий производством", "заведующего производством"),
        ("Заместитель генерального директора", "заместителя генерального директора"),
        ("", ""),
    ],
)
def test_posts_are_declined_up_to_their_noun(post: str, genitive: str) -> None:
    assert personal_names.genitive_post(post) == genitive
