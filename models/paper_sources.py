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

    def _texts(self, template: str) -> list[str]:
        found, waiting = dict[str, str](), [template]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self.files[name].data.decode("utf-8")
                waiting += IMPORT.findall(found[name])
        return [found[name] for name in sorted(found)]


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
