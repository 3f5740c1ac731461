"""The templates of papers, as their files were when they were read, and what a version of one hangs on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from models import shipped

ENDING = ".typ"
SHARED = "common.typ"
IMPORT = re.compile(r'#import "([a-z0-9_]+\.typ)"')
WORD = re.compile(r"[a-z][a-z0-9_]*")
NAME = r"([a-z]+\.[a-z_]+)"  # client.name
# how the templates leave a line to write on by hand: a value or a blank, a blank where there is no value, a fact
BLANKS = (
    re.compile(rf"or-(?:blank|date)\(\s*{NAME}"),
    re.compile(rf"if {NAME} == \"\" [\[{{]\s*#?blank"),
    re.compile(rf"^\s*\(\"[^\"]*\", .*?{NAME}.*, true\),?$", re.MULTILINE),
)
CHOICE = re.compile(rf"#if {NAME} != \"\" \[")
FACTS = re.compile(r"^.*-facts\(\).*$", re.MULTILINE)
DEFINED = re.compile(r"^#let ([a-z][a-z0-9-]*)", re.MULTILINE)


@dataclass(frozen=True)
class PaperFile:
    """A template, something that templates import, or a picture that they print."""

    path: Path
    data: bytes = field(repr=False)


class PaperSources:
    """The files of papers by their names. What is held here does not change while the bot runs."""

    def __init__(self, files: Mapping[str, PaperFile]) -> None:
        self.files = dict(files)
        self._shas: dict[str, str] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._blanks: dict[str, frozenset[str]] = {}

    def names(self) -> list[str]:
        """Every template that a process may name."""
        return sorted(name for name in self.files if name.endswith(ENDING) and "/" not in name and name != SHARED)

    def sha_of(self, template: str) -> str:
        """What the template is, with all that it imports: another one makes another paper of the same card."""
        if template not in self._shas:
            self._shas[template] = hashlib.sha256("\0".join(self._texts(template)).encode()).hexdigest()
        return self._shas[template]

    def words_of(self, template: str) -> frozenset[str]:
        """Every word in it: data of a name that is not among them are not printed, and so make no new version."""
        if template not in self._words:
            self._words[template] = frozenset(word for text in self._texts(template) for word in WORD.findall(text))
        return self._words[template]

    def blanks_of(self, template: str) -> frozenset[str]:
        """The names for which it leaves a line to write on by hand when nothing is known: `client.passport`.

        They are read off the ways in which our templates write this (`BLANKS`): of the template itself, and of what it
        uses out of the files that it imports.
        """
        if template not in self._blanks:
            own, *shared = self._texts(template, first=template)
            parts = [part for text in shared for part in _definitions(text)]
            self._blanks[template] = frozenset(_blanks(_used(own, dict(parts))))
        return self._blanks[template]

    def unusable(self) -> dict[Path, str]:
        """Templates that no paper can be made of, with the reason: not UTF-8, or an import that is not there."""
        found = {}
        for name in (name for name in self.files if name.endswith(ENDING)):
            try:
                self._texts(name)
            except UnicodeDecodeError:
                found[self.files[name].path] = "the template is not a UTF-8 text"
            except KeyError as missing:
                found[self.files[name].path] = f"the template imports {missing}, which does not lie beside it"
        return found

    def _texts(self, template: str, first: str = "") -> list[str]:
        """The template's text and those that it imports, by their names; the one called `first` goes before."""
        found, waiting = dict[str, str](), [template]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self.files[name].data.decode("utf-8")
                waiting += IMPORT.findall(found[name])
        return [found[name] for name in sorted(found, key=lambda name: (name != first, name))]


def _definitions(text: str) -> list[tuple[str, str]]:
    """What a shared file defines: names, each with its text up to the next one."""
    starts = [(match[1], match.start()) for match in DEFINED.finditer(text)]
    ends = [start for _, start in starts[1:]] + [len(text)]
    return [(name, text[start:end]) for (name, start), end in zip(starts, ends, strict=True)]


def _used(text: str, shared: Mapping[str, str]) -> str:
    """The text with that of everything shared that it calls, also by way of others. Who calls with `facts: false` gets
    the sides of the paper without what is known of them."""
    found, waiting = dict[str, str](), [text]
    while waiting:
        said = waiting.pop()
        for name, body in shared.items():
            if name not in found and re.search(rf"(?<![a-z-]){name}(?![a-z0-9-])", said):
                found[name] = re.sub(FACTS, "", body) if re.search(rf"{name}\([^\n]*facts: false", said) else body
                waiting.append(found[name])
    return "\n".join([text, *found.values()])


def _blanks(text: str) -> set[str]:
    found = {match[1] for pattern in BLANKS for match in pattern.finditer(text)}
    for match in CHOICE.finditer(text):
        other = text[_closed(text, match.end() - 1) :]
        if other.lstrip().startswith("else [") and "#blank" in other[: _closed(other, other.index("["))]:
            found.add(match[1])
    return found


def _closed(text: str, opens: int) -> int:
    """Where the bracket that stands at `opens` is closed."""
    depth = 0
    for place in range(opens, len(text)):
        depth += {"[": 1, "]": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return len(text)


def read(*folders: Path) -> PaperSources:
    """What lies in the folders; a file goes before one of the same name in a folder that was named earlier.

    A folder that is not there holds nothing. OSError if a file cannot be read.
    """
    found: dict[str, PaperFile] = {}
    for folder in folders:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        found |= {path.relative_to(folder).as_posix(): PaperFile(path, path.read_bytes()) for path in files}
    return PaperSources(found)


@cache
def come_with_package() -> PaperSources:
    """Those that come with the package."""
    return read(shipped.PAPERS)
