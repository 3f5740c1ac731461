import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.clean_text import clean, is_meaningful_name
from models.values.invalid_value import InvalidValue
from models.values.yesno import parse_yes_no

any_text = st.text(st.characters(), max_size=60)  # surrogates included


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Мария", "Мария"),
        ("a\ud800b", "a\ufffdb"),
        ("\ud83d\ude00", "😀"),
        ("a\x00b\x07c", "abc"),
        ("one \t\r\ntwo\u2028three  ", "one\ntwo\nthree"),
        ("a\tb", "a\tb"),
        ("и\u0306", "й"),
        ("\u202e0001", "0001"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("  \n ", ""),
    ],
)
def test_clean_makes_text_that_any_database_holds(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(any_text)
@settings(max_examples=200, deadline=None)
def test_cleaned_text_is_storable_composed_and_stable(raw: str) -> None:
    text = clean(raw)
    text.encode("utf-8")
    assert "\x00" not in text
    assert unicodedata.is_normalized("NFC", text)
    assert clean(text) == text


def test_clean_cuts_at_the_limit_and_leaves_no_space_there() -> None:
    assert clean("слово " * 10, limit=12) == "слово слово"


@pytest.mark.parametrize("name", ["Мария", "Li", "7", "👑 Анна", "山"])
def test_a_name_with_a_letter_or_digit_is_meaningful(name: str) -> None:
    assert is_meaningful_name(name)


@pytest.mark.parametrize("name", ["", "👑", "🇷🇺", "1️⃣", "---", " ", "\u3164", "❤️‍🔥"])
def test_a_name_of_emoji_or_signs_alone_is_not(name: str) -> None:
    assert not is_meaningful_name(name)


@pytest.mark.parametrize("raw", ["да", "Да!", "ДА", "ага", "yes", "Y", "+", "1", "есть", " да. ", "✔️"])
def test_yes_in_its_everyday_spellings(raw: str) -> None:
    assert parse_yes_no(raw) is True


@pytest.mark.parametrize("raw", ["нет", "Не", "no", "-", "−", "—", "0", "нету", "Нет.", "N"])
def test_no_in_its_everyday_spellings(raw: str) -> None:
    assert parse_yes_no(raw) is False


@pytest.mark.parametrize("raw", ["", "может быть", "да нет", "11", "нет, но да", "."])
def test_neither_yes_nor_no_is_asked_again(raw: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_yes_no(raw)
    assert caught.value.code == "yesno.unknown"


def test_a_refusal_reads_as_its_filled_sentence_and_quotes_braces_as_they_are() -> None:
    wrong = InvalidValue("money.unclear", "Не понял «{part}».", "150 000", part="{x}")
    assert str(wrong) == "Не понял «{x}»."
    assert (wrong.code, wrong.example, wrong.data) == ("money.unclear", "150 000", {"part": "{x}"})
