"""What words say about a lead: a name beside the number, the number, the rest."""

from __future__ import annotations

import pytest

from services.clients import lead_words
from services.clients.lead_words import LeadWords

PETR = "+79031112233"


@pytest.mark.parametrize(
    ("said", "name", "wish"),
    [
        ("Пётр 8 903 111-22-33 шкаф купе", "Пётр", "шкаф купе"),
        ("Иванова Мария Петровна, +7 903 111 22 33, кухня", "Иванова Мария Петровна", "кухня"),
        ("8 903 111-22-33 Пётр, шкаф в прихожую", "Пётр", "шкаф в прихожую"),
        ("8 903 111-22-33 шкаф", "", "шкаф"),
        ("Здравствуйте! Нужна кухня, 8 903 111-22-33", "", "Здравствуйте! Нужна кухня"),
        ("нужна кухня, мой номер 89031112233. Спасибо", "", "нужна кухня, мой номер\nСпасибо"),
        ("89031112233", "", ""),
        ("Анна-Мария 89031112233", "Анна-Мария", ""),
    ],
)
def test_a_name_stands_beside_the_number(said: str, name: str, wish: str) -> None:
    assert lead_words.read(said) == LeadWords(name, PETR, wish)


@pytest.mark.parametrize("said", ["шкаф купе", "", "8 903 111-22-33 или 8 912 345-67-89, спросить Петра", "😀" * 500])
def test_without_one_number_only_the_words_are_sure(said: str) -> None:
    assert lead_words.read(said) == LeadWords("", "", said.strip())
