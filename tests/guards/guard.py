"""What a guard is: its name, how it is taken out of the product, and which tests must fail without it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PLAN = "test plan"
REVIEW = "review"
FAULTS = "faults"


@dataclass(frozen=True, slots=True)
class Cut:
    """A change of one file: `text`, which stands in it exactly once, becomes `into`."""

    file: str
    text: str
    into: str

    def misfit(self, root: Path) -> str | None:
        """Why it does not fit the code any more; None if it does."""
        path = root / self.file
        if not path.is_file():
            return f"{self.file} is not there"
        before = path.read_text("utf-8")
        found = before.count(self.text)
        if found != 1:
            return f"{self.file} has {found} times: {self.text.strip()!r}"
        try:
            ast.parse(before.replace(self.text, self.into))
        except SyntaxError as error:
            return f"{self.file}, line {error.lineno}, is no Python any more: {self.into.strip()!r}"
        return None


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard in words, and where it comes from; the changes that take it out, all of them together; the tests, by
    their node ids, every one of which must fail then."""

    name: str
    source: str
    cuts: tuple[Cut, ...]
    tests: tuple[str, ...]

    def misfits(self, root: Path) -> Iterator[str]:
        """What of it does not fit the product or the tests under `root` any more, a line each.

        Of a test with parameters only the function is looked for: `make guards` finds out about the rest.
        """
        if not self.cuts or not self.tests:
            yield "nothing is taken out, or no test is named"
        for cut in self.cuts:
            if (problem := cut.misfit(root)) is not None:
                yield problem
        for test in self.tests:
            file, _, name = test.partition("::")
            if name.partition("[")[0] not in _functions(root / file):
                yield f"there is no test {test}"


def cut(file: str, text: str, into: str = "") -> tuple[Cut, ...]:
    """The only change that a guard needs; without `into` the text is gone."""
    return (Cut(file, text, into),)


@cache
def _functions(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
