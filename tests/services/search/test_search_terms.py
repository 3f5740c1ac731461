"""What was typed, and how it is read: pure, without a database."""

from __future__ import annotations

import pytest

from services.search import search_terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ул. Садовая, д. 7, кв. 12", ("садовая", "7")),
        ("Садовая 7", ("садовая", "7")),
        ("счёт 42", ("42",)),
        ("договор № Д-2026-042", ("2026", "042")),
        ("сделка 1042", ("1042",)),
        ("кухня с островом", ("кухня", "островом")),
        ("договор", ("договор",)),
    ],
)
def test_what_only_leads_to_a_word_is_left_out(text: str, words: tuple[str, ...]) -> None:
    assert search_terms.read(text, ("Договор", "Счёт")).words == words


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("🦊🦊", "nothing"), ("…!", "nothing"), ("я", "letter"), ("слово " * 40, "long"), ("ы" * 200, "long"),
        ("7", None), ("ли", None), ("звонил 8-912-345-67-89, " + "просил шкаф " * 30, None),
    ],
)  # fmt: skip
def test_bad_input_is_named(text: str, fault: str | None) -> None:
    assert search_terms.read(text).fault == fault


@pytest.mark.parametrize(("text", "how"), [("6789", "number"), ("45-67", "number"), ("8 912 345-67-89", "phone")])
def test_digits_are_a_number_or_a_part_of_a_phone(text: str, how: str) -> None:
    assert next(search_terms.readings(search_terms.read(text), list)).how == how


def test_misspellings_are_asked_for_only_at_the_end() -> None:
    asked: list[int] = []

    def known(stems: object) -> list[str]:
        asked.append(1)
        return ["иванов"]

    readings = search_terms.readings(search_terms.read("Ивонова"), known)
    assert [next(readings).how, next(readings).how] == ["words", "words"] and not asked
    assert next(readings).how == "near" and asked
