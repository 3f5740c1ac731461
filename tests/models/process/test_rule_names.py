"""Rule names are kept: timers and messages of the database hang on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.process import parse

PINNED = Path(__file__).parent / "rule_names.txt"  # `process rule`, as the databases in use have them
PROCESSES = Path(__file__).parents[3] / "processes"


def pinned(process: str) -> list[str]:
    """The rule names of a process as they were when its timers were set."""
    lines = PINNED.read_text("utf-8").splitlines()
    return [rule for name, _, rule in (line.partition(" ") for line in lines) if name == process]


@pytest.mark.parametrize("name", ["furniture", "kitchens", "measurement"])
def test_every_rule_is_called_as_the_timers_of_the_database_call_it(name: str) -> None:
    process, _, _ = parse.read((PROCESSES / f"{name}.yaml").read_text("utf-8"), name)
    assert process is not None
    assert list(process.rules) == pinned(name)
    assert pinned(name)
