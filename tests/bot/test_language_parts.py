"""Every word of the process language is known to the engine and can be told of; start refuses by name what is not."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from bot import app, features
from bot.cli import small_commands
from bot.selfcheck import StartRefused
from bot.settings import Settings
from keyboards.notices import trigger_words
from models.engine import condition_reasons, engine_run, guards, trigger_rules
from models.process.actions import Notify
from models.process.conditions import Filled
from models.process.triggers import Closed, Stuck

# what lacks a part, and how start calls it
PARTS = [
    (engine_run.PERFORMERS, Notify, "action `notify`: nothing performs it"),
    (guards.TESTS, Filled, "condition `filled`: nothing tests it"),
    (condition_reasons.EXPLANATIONS, Filled, "condition `filled`: nothing says why it fails"),
    (trigger_rules.WAKINGS, Closed, "trigger `task`: nothing wakes it"),
    (trigger_rules.TIMINGS, Stuck, "trigger `stuck`: nothing tells when it fires"),
    (trigger_words.WORDS, Closed, "trigger `task`: nothing puts it into words"),
]


def test_no_word_of_the_language_lacks_a_part() -> None:
    assert features.missing() == []


@pytest.mark.parametrize(("registry", "word", "said"), PARTS, ids=[said.partition(":")[2] for _, _, said in PARTS])
async def test_the_bot_does_not_start_while_a_word_lacks_a_part(
    registry: MutableMapping[type, Any], word: type, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delitem(registry, word)
    with pytest.raises(StartRefused) as refused:
        await app.build(Settings(database_url=f"sqlite:///{tmp_path}/v.db", data_dir=tmp_path))
    [line] = refused.value.problems
    assert line.startswith(said)


def test_verstak_check_names_what_the_engine_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(engine_run.PERFORMERS, Notify)
    problems, _ = small_commands.check([])
    assert [line.partition(" (")[0] for line in problems] == ["action `notify`: nothing performs it"]
