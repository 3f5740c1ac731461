"""What was typed is text wherever it goes, a hundred thousand hostile texts of it (proof 33)."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from bot.delivery import telegram_render
from keyboards.screen import Screen, bold, line
from services import sheet_export

MANY = 100_000
PIECES = (
    "{{ 7*7 }}", "{", "}", "{0.__class__}", "{a:>400000000}", "%s", "%(x)s", "<b>", "</b>", "<", ">", "&", "&amp;",
    "&#0;",
    "<a href='javascript:x'>", "<!--", "<![CDATA[", "]]>", "\\", '"', "'", ";", ",", "\t", "\n", "=1+cmd|' /C calc'!A0",
    "=", "+", "-", "@", "-2+3+cmd()", "+7 912 345-67-89", "\u202e", "\u200f", "e\u0301", "😀", "Иванова", " ",
    "12,5", "(1)",
)  # fmt: skip
PLAIN = frozenset("+-0123456789 ()., ")  # of what begins with a sign only a phone and a sum may stand bare


def hostile() -> Iterator[str]:
    """One to five pieces each; the same ones each time."""
    dice = random.Random(33)
    yield from PIECES
    for _ in range(MANY - len(PIECES)):
        yield "".join(dice.choices(PIECES, k=dice.randint(1, 5)))


class _Told(HTMLParser):
    """What a reader sees of it, and which tags there are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_hundred_thousand_texts_stand_in_messages_as_they_were_typed() -> None:
    for typed in hostile():
        shown = _Told()
        shown.feed(telegram_render.html(Screen((line("«", typed, "» ", bold("да")),))))
        shown.close()
        assert shown.tags == ["b"], typed
        assert "".join(shown.text) == f"«{typed}» да", typed


def test_a_hundred_thousand_texts_are_no_formula_in_a_table() -> None:
    every = list(hostile())
    made = sheet_export.csv_of([[one] for one in every]).decode("utf-8-sig")
    read = [row[0] if row else "" for row in csv.reader(io.StringIO(made, newline=""), delimiter=";")]
    assert len(read) == len(every)
    for typed, cell in zip(every, read, strict=True):
        assert cell.removeprefix("'") == typed.removeprefix("'"), typed
        assert not cell.lstrip().startswith(("=", "@")), typed
        if cell.lstrip().startswith(("+", "-")):
            assert PLAIN.issuperset(cell), typed


@pytest.mark.parametrize("typed", ["=1+1", "@x", "+cmd()", "-2+3+cmd()"])
def test_what_would_be_a_formula_is_told_from_what_is_a_phone(typed: str) -> None:
    assert sheet_export.safe(typed) == f"'{typed}"
    assert sheet_export.safe("+7 912 345-67-89") == "+7 912 345-67-89"
