"""How many paid parts a text has: 70 and 67 in Cyrillic, 160 and 153 in Latin (K-21)."""

from __future__ import annotations

import pytest

from models.values import sms_parts


@pytest.mark.parametrize(
    ("text", "alphabet", "parts", "left"),
    [
        ("", "gsm", 0, 160),
        ("ы" * 70, "ucs", 1, 0),
        ("ы" * 71, "ucs", 2, 63),
        ("ы" * 134, "ucs", 2, 0),
        ("ы" * 135, "ucs", 3, 66),
        ("a" * 160, "gsm", 1, 0),
        ("a" * 161, "gsm", 2, 145),
        ("a" * 306, "gsm", 2, 0),
        ("a" * 159 + "ы", "ucs", 3, 41),
        ("«Ёлка» № 5 — 150 000 ₽", "ucs", 1, 48),
        ("Price 5 EUR\n@ £10", "gsm", 1, 143),
    ],
)
def test_parts_of_a_text(text: str, alphabet: str, parts: int, left: int) -> None:
    found = sms_parts.count(text)
    assert (found.alphabet, found.parts, found.left) == (alphabet, parts, left)


def test_brackets_and_the_euro_take_two_places() -> None:
    assert sms_parts.count("[€]").length == 6
    assert sms_parts.count("€" * 80).parts == 1
    assert sms_parts.count("€" * 81).parts == 2


def test_an_emoji_takes_two_places_and_is_not_torn_between_parts() -> None:
    assert sms_parts.count("🏠" * 35).parts == 1
    # 66 letters and an emoji: the 67th place stays empty, the emoji begins the second part
    torn = "ы" * 66 + "🏠" + "ы" * 66
    assert sms_parts.count(torn).length == 134
    assert sms_parts.count(torn).parts == 3
    # in the GSM alphabet the escape and its character stay together too
    assert sms_parts.count("a" * 152 + "€" + "a" * 152).parts == 3


def test_no_break_spaces_become_plain_and_the_number_sign_stays() -> None:
    assert (
        sms_parts.plain("Сумма 150\u00a0000\u202f₽,\u2009№\u00a05 «как\u00adнибудь»")
        == "Сумма 150 000 ₽, № 5 «какнибудь»"
    )


def test_a_long_text_is_cut_to_eight_parts_and_says_so() -> None:
    cut = sms_parts.fit("слово " * 200)
    assert sms_parts.count(cut).parts == 8
    assert cut.endswith("…")
    assert sms_parts.fit("ы" * 536) == "ы" * 536
    assert sms_parts.count(sms_parts.fit("a" * 5000)).parts <= 8
