"""A copy of the source tree in a temporary place: guards are taken out there and never in the working tree."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.guards.guard import Cut
from tests.house.source import LAYERS, ROOT

PARTS = (*LAYERS, "tests", "processes", "docs")
LEFT_OUT = shutil.ignore_patterns("__pycache__")


class Scratch:
    """A copy of the product with its tests under `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamps = count(1_000_000_000)  # seconds since 1970, each once
        for part in PARTS:
            shutil.copytree(ROOT / part, root / part, ignore=LEFT_OUT)
        for path in ROOT.iterdir():
            if path.is_file() and not path.name.startswith("."):
                shutil.copy2(path, root)

    @contextmanager
    def without(self, cuts: Iterable[Cut]) -> Iterator[None]:
        """Inside, the product is changed. ValueError for a change that does not fit; then nothing is changed."""
        made = list(cuts)
        if problems := [problem for one in made if (problem := one.misfit(self.root)) is not None]:
            raise ValueError("; ".join(problems))
        before = {path: (path.read_bytes(), path.stat()) for path in {self.root / one.file for one in made}}
        try:
            for one in made:
                path = self.root / one.file
                path.write_text(path.read_text("utf-8").replace(one.text, one.into), "utf-8")
                stamp = next(self._stamps)
                os.utime(path, (stamp, stamp))  # compiled files go by time and size: no earlier one fits
            yield
        finally:
            for path, (text, known) in before.items():
                path.write_bytes(text)
                os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
