"""What is stored of an update: texts that every database can hold, and nothing else is changed in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.updates import inbox

KEPT = (
    "Зоя Фадеева", "🎓 Кухня 👨‍👩‍👧", r"C:\новый\ud83d", "строка\nи ещё", '"кавычки"',
    r"\u0000", "\\", r"\\ud83d\ude00",
)  # fmt: skip


def read(said: str) -> dict[str, Any]:
    """An update as it comes out of Telegram's JSON."""
    found: dict[str, Any] = json.loads('{"update_id": 1, "message": {"text": ' + said + "}}")
    return found


@pytest.mark.parametrize("text", KEPT)
def test_a_text_that_can_be_stored_stays_as_it_is(text: str) -> None:
    raw = read(json.dumps(text))
    cleaned, body = inbox.clean(raw)
    assert cleaned == raw
    assert json.loads(body) == raw
    assert body.isascii()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (r'"\ud83d"', "\N{REPLACEMENT CHARACTER}"),  # the first half of a smiley that was cut
        (r'"\ude00 x"', "\N{REPLACEMENT CHARACTER} x"),
        (r'"\ud83d\ud83d\ude00"', "\N{REPLACEMENT CHARACTER}😀"),
        (r'"😀\ude00"', "😀\N{REPLACEMENT CHARACTER}"),
        (r'"a\u0000b"', "ab"),
        (r'"\\ud83d\ude00"', "\\ud83d\N{REPLACEMENT CHARACTER}"),  # typed as it is written here, then half a smiley
    ],
)
def test_halves_of_characters_and_zeros_are_taken_out(sent: str, kept: str) -> None:
    cleaned, body = inbox.clean(read(sent))
    assert cleaned["message"]["text"] == kept
    assert json.loads(body) == cleaned
