"""What the bench is asked for, by `make bench BENCH="--deals 1000 --rounds 5"`. Measuring itself is no test."""

from __future__ import annotations

import pytest

# every part of the bench at least imports: each runs in a process of its own
from tests.bench import __main__ as bench
from tests.bench import echo, load, product  # noqa: F401


def test_options_narrow_the_bench() -> None:
    given = bench.arguments(["--deals", "1000", "--deals", "50", "--rounds", "5", "--engine", "sqlite"])
    assert (given.deals, given.rounds, given.engine) == ([1000, 50], 5, ["sqlite"])
    plain = bench.arguments([])
    assert (plain.deals, plain.rounds, plain.engine) == ([1000, 1_000_000], 5, ["sqlite", "postgresql"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--deals", "many"], "--deals: 'many' is no whole number from 1"),
        (["--rounds", "0"], "--rounds: '0' is no whole number from 1"),
        (["--seconds", "-1"], "--seconds: '-1' is no number above 0"),
        (["--roundz", "1"], "--roundz 1"),
        (["--engine", "mysql"], "'mysql'"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.arguments(words)
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
