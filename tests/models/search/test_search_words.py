"""How words are kept, and what of a typed word means them: pure, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.search import search_words
from models.search.search_words import Span


def found(kept: str, spans: list[Span]) -> bool:
    """Whether a token lies in one of the spans."""
    return any(low <= kept < high for low, high in spans)


def token(word: str) -> str:
    return search_words.token(search_words.words(word)[0])


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("Иванова", "Иванову"), ("Иванов", "Ивановым"), ("Иванова", "ивановой"),
        ("Белая", "Белой"), ("Белый", "белого"),
        ("Андрей", "Андрею"), ("Мария", "Марией"), ("Ольга", "Ольгу"), ("Игорь", "Игорем"), ("Гусев", "гусеве"),
        ("Фёдор", "Федору"), ("Петренко", "петренко"), ("Садовая", "Садовой"), ("Шкафы", "шкафами"),
    ],
)  # fmt: skip
def test_a_word_is_found_in_any_case(kept: str, said: str) -> None:
    assert found(token(kept), [search_words.whole(search_words.stem(search_words.words(said)[0]))])


@pytest.mark.parametrize(
    ("kept", "said", "is_found"),
    [
        ("Иванова", "ив", True), ("Иванова", "ивано", True), ("Иванова", "иванова", True), ("Иванов", "иванова", False),
        ("Черных", "черных", True), ("Черныхов", "черных", True), ("Ёлкин", "елк", True), ("Сидоров", "иван", False),
        ("Ивановский", "иванова", False), ("Кухня", "кух", True), ("Кухня", "кухня", True),
    ],
)  # fmt: skip
def test_a_word_is_found_as_far_as_it_was_typed(kept: str, said: str, is_found: bool) -> None:
    assert found(token(kept), search_words.typed(search_words.words(said)[0])) is is_found


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("Иванова", "Ивонова"),
        ("Сидоров", "Сидров"),
        ("Петров", "Пертов"),
        ("Павел", "Павла"),
        ("Гусев", "Гуссев"),
    ],
)
def test_a_letter_too_many_too_few_wrong_or_changed_over_is_near(kept: str, said: str) -> None:
    near = search_words.near(search_words.words(said)[0])
    assert search_words.stem(search_words.words(kept)[0]) in near


@pytest.mark.parametrize("said", ["6789", "3456", "9123456789", "4567", "912345"])
def test_any_four_digits_of_a_phone_begin_one_of_its_ends(said: str) -> None:
    kept = search_words.phone_tokens("+79123456789")
    assert any(found(one, [search_words.beginning(f"+{said}")]) for one in kept)
    assert len(kept) == 7


def test_a_foreign_phone_is_found_with_its_country() -> None:
    assert "+375291234567" in search_words.phone_tokens("+375291234567")


def test_numbers_are_found_whole_and_by_their_ends() -> None:
    assert search_words.number_tokens("2026-0042") == ["№2026-42", "№42"]
    assert search_words.number_tokens("Д-2026-042") == ["№д-2026-42", "№2026-42", "№42"]
    assert search_words.number_tokens("У-2026-0001")[0] == "№у-2026-1"


@given(st.text(max_size=80))
def test_whatever_was_typed_is_found_by_itself(text: str) -> None:
    """Every word of a text lies in the spans of that word, and every token fits into its column."""
    for word in search_words.words(text):
        kept = search_words.token(word)
        assert len(kept) <= search_words.LONGEST and found(kept, search_words.typed(word))
        assert found(kept, [search_words.whole(search_words.stem(word))])
