"""The table of docs/promises.md is true as far as text can tell: every row is there, and every test that it names."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")
PLAN = set(range(1, 45))
SAFETY = set(range(1, 24))
CITED = re.compile(r"`((?:[a-z_]+/)*test_[a-z_0-9]+\.py)(?:::(test_\w+))?`")
IN_CODE = {"proof": re.compile(r"\bproofs? ([0-9][0-9, –]*)"), "safety": re.compile(r"\bsafety ([0-9]+)")}


def rows(heading: str) -> dict[int, list[str]]:
    """The cells of each numbered row of the first table below a heading."""
    _, _, below = PAGE.partition(f"\n## {heading}\n")
    found = {}
    for line in below.partition("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].isdecimal():
            assert int(cells[0]) not in found, f"{cells[0]} stands twice"
            found[int(cells[0])] = cells
    return found


@cache
def functions_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_promise_of_the_plan_has_a_row_with_tests_a_command_a_figure_and_a_bar() -> None:
    table = rows("What each is proven by")
    assert set(table) == PLAN
    for number, (_, promise, tests, command, figure, bar) in table.items():
        assert promise and CITED.search(tests) and "make" in command, number
        assert figure and bar, number


def test_every_fault_that_was_found_has_a_test() -> None:
    table = rows("What faults were found, and what holds them")
    assert set(table) == SAFETY
    assert all(CITED.search(tests) for _, _, tests in table.values())


def test_every_test_that_is_named_is_there() -> None:
    named = [(file.removeprefix("tests/"), test) for file, test in CITED.findall(PAGE)]
    assert len(named) > 100
    lost = [
        (file, test)
        for file, test in named
        if not (path := ROOT / "tests" / file).is_file() or (test and test not in functions_in(path))
    ]
    assert lost == []


def test_every_number_that_a_test_cites_has_its_row() -> None:
    for what, known in (("proof", PLAN), ("safety", SAFETY)):
        for path in (ROOT / "tests").rglob("*.py"):
            for numbers in IN_CODE[what].findall(path.read_text("utf-8")):
                assert set(map(int, re.findall(r"[0-9]+", numbers))) <= known, (path, numbers)
