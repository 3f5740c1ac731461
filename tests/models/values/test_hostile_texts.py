"""Whatever people type is read or refused, in a time that grows with its length and no faster."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.fields.base import all_types
from models.values.dates.date_spans import parse_days
from services.documents import requisite_cleaning
from tests.bench import parsers
from tests.bench.parsers import NOW, Reader

ROOT = Path(__file__).parents[3]
READERS = parsers.readers()
SHORT, LONG = 1000, 4000
# They are given typed text by one that is listed, or what they are given was written by the bot itself.
WITHIN = {
    "models.fields.answers.parse": "by type of field",
    "services.documents.stored_requisites.read_card": "requisites.with_card",
    "services.documents.stored_requisites.put_card": "requisites.with_card",
    "handlers.forms.form_state.parsed": "by type of field",
    "handlers.tasks.task_snooze.read_until": "date_phrases.parse_moment",
    "models.personal.consent.is_given": "a word of a site's form, compared",
    "keyboards.callback_data.unpack": "a button, at most 64 bytes",
    "keyboards.callback_data.find_format": "a button, at most 64 bytes",
    "keyboards.callback_data.action_of": "a button, at most 64 bytes",
    "keyboards.callback_data.find_id": "a button, at most 64 bytes",
}


def typed() -> Iterator[str]:
    """Every function that takes what was typed: the house calls that `raw`."""
    for layer in ("models", "services", "handlers", "keyboards"):
        for path in sorted((ROOT / layer).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for one in ast.parse(path.read_text("utf-8")).body:
                takes = {argument.arg for argument in one.args.args} if isinstance(one, ast.FunctionDef) else set()
                if isinstance(one, ast.FunctionDef) and "raw" in takes and not one.name.startswith("_"):
                    yield f"{module}.{one.name}"


def test_no_reader_of_typed_text_is_forgotten() -> None:
    """A new one is listed in tests/bench/parsers.py, and so tried here and measured there."""
    assert set(typed()) - READERS.keys() == WITHIN.keys()
    assert {f"models.fields.{word}" for word in all_types()} <= READERS.keys()


@pytest.mark.parametrize("name", READERS)
def test_a_long_hostile_text_is_read_or_refused(name: str) -> None:
    for piece in parsers.PIECES.values():
        parsers.read(READERS[name], (piece * LONG)[:LONG])  # anything but a refusal would be a fault


@pytest.mark.parametrize("name", READERS)
def test_four_times_the_length_takes_no_more_than_some_four_times_the_work(name: str) -> None:
    """Counted in calls, because time says little on a busy machine; what one regular expression takes is not seen."""
    for what, piece in parsers.PIECES.items():
        short, long = (calls(READERS[name], (piece * length)[:length]) for length in (SHORT, LONG))
        assert long <= 6 * short + 25_000, f"{what}: {short} calls, then {long}"


def calls(reader: Reader, text: str) -> int:
    """How many functions are called to read a text."""
    count = 0

    def profile(_: Any, event: str, __: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        parsers.read(reader, text)
    finally:
        sys.setprofile(before)
    return count


def test_days_that_are_too_long_to_be_some_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="Слишком длинно для даты"):
        parse_days("1-" * 2000, NOW.date())
    long = "с понедельника 30 ноября 2026 года по воскресенье 6 декабря 2026 года"
    assert parse_days(long, NOW.date())[1].isoformat() == "2026-12-06"


@pytest.mark.parametrize(
    "line", ["почта info@kuhni.ru,", "info@kuhni.ru", "e-mail:  <info@kuhni.ru>", "a@ info@kuhni.ru"]
)
def test_an_address_of_mail_is_found_in_a_card(line: str) -> None:
    found: dict[str, str] = requisite_cleaning.read_card(f"ИНН 7707083893\n{line}")
    assert "info@kuhni.ru" in found["email"]
