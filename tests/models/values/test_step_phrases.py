"""What to do and when, in one phrase: every word of time is found, nothing else is taken for one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from models.values.dates import step_phrases

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Europe/Moscow"))  # a Wednesday


@pytest.mark.parametrize(
    ("raw", "words", "when"),
    [
        ("Перезвонить в пятницу в 15:00", "Перезвонить", "2026-11-27T15:00"),
        ("напомни завтра в 15 позвонить Фадеевой", "позвонить Фадеевой", "2026-11-26T15:00"),
        ("в пятницу перезвонить в 15", "перезвонить", "2026-11-27T15:00"),
        ("в 15 позвонить", "позвонить", "2026-11-25T15:00"),
        ("через час", "", "2026-11-25T11:00"),
        ("купить 5 ручек завтра в 10", "купить 5 ручек", "2026-11-26T10:00"),
        ("позвонить 5 декабря утром", "позвонить", "2026-12-05T09:00"),
        ("замер 12.12 в 14:30, взять образцы", "замер взять образцы", "2026-12-12T14:30"),
        ("remind me tomorrow at 3 pm to call", "call", "2026-11-26T15:00"),
        ("через 2 недели узнать про дом", "узнать про дом", "2026-12-09"),
        ("подъезд 2 завтра", "подъезд 2", "2026-11-26"),
        ("напомни позвонить Фадеевой", "позвонить Фадеевой", None),
        ("завтра в 25 позвонить", "в 25 позвонить", None),
        ("напомни", "", None),
        ("", "", None),
    ],
)
def test_a_phrase_is_words_and_a_time(raw: str, words: str, when: str | None) -> None:
    said = step_phrases.read(raw, NOW)
    assert said.words == words
    told = f"{said.at:%Y-%m-%dT%H:%M}" if said.at else said.day.isoformat() if said.day else None
    assert told == when


@pytest.mark.parametrize(
    ("raw", "every", "when"),
    [
        ("каждый понедельник в 10 сверить", "week", "2026-11-30T10:00"),
        ("звонить каждый день в 9", "day", "2026-11-26T09:00"),
        ("по будням в 10 звонить", "workday", "2026-11-26T10:00"),
        ("ежемесячно 5 декабря в 10 сверить", "month", "2026-12-05T10:00"),
        ("every friday at 10 call", "week", "2026-11-27T10:00"),
    ],
)
def test_what_comes_again_is_said_too(raw: str, every: str, when: str) -> None:
    said = step_phrases.read(raw, NOW)
    assert said.every == every
    assert said.at is not None and f"{said.at:%Y-%m-%dT%H:%M}" == when
