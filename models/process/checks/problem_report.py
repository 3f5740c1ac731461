"""The list of problems as it grows: each finds its line, and one mistake behind a YAML alias is told once."""

from __future__ import annotations

from collections.abc import Iterable

from models.process.parse import Lines, Problem, nearest

Path = tuple[str | int, ...]
Place = tuple[str, str]  # pipeline, stage


class ProblemReport:
    """Problems of one file."""

    def __init__(self, file: str, lines: Lines) -> None:
        self._file, self._lines = file, lines
        self._found: dict[tuple[int, str], Problem] = {}

    def add(self, path: Path, reason: str) -> None:
        """Something is wrong at `path`."""
        line, where = self._lines.find(path)
        text = f"{where}: {reason}" if where else reason
        self._found.setdefault((line, reason), Problem(self._file, line, text))

    def knows(self, path: Path, word: str, kind: str, allowed: Iterable[str]) -> bool:
        """Whether `word` is one of the allowed; if not, that is a problem with the nearest spelling."""
        every = list(allowed)
        if word in every:
            return True
        listed = ", ".join(every) or "none is described"
        self.add(path, f"`{word}` is no {kind}; allowed: {listed}" + nearest(word, every))
        return False

    def problems(self) -> list[Problem]:
        """All that was found, by line."""
        return sorted(self._found.values())
