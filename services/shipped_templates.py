"""The templates of our own: where they lie, and what a version of one hangs on."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "processes" / "papers"
SHARED = "common.typ"
IMPORT = re.compile(r'#import "([a-z0-9_]+\.typ)"')
WORD = re.compile(r"[a-z][a-z0-9_]*")


def path_of(template: str) -> Path:
    """The template's file; names are checked where the process is read."""
    return FOLDER / template


@lru_cache(maxsize=64)
def sha_of(template: str) -> str:
    """What the template is, with all that it imports: another one makes another paper of the same card."""
    return hashlib.sha256("\0".join(_sources(template)).encode()).hexdigest()


@lru_cache(maxsize=64)
def words_of(template: str) -> frozenset[str]:
    """Every word in it: data of a name that is not among them are not printed, and so make no new version."""
    return frozenset(word for source in _sources(template) for word in WORD.findall(source))


def names() -> list[str]:
    """Every template that a process may name."""
    return sorted(path.name for path in FOLDER.glob("*.typ") if path.name != SHARED)


def _sources(template: str) -> list[str]:
    found, waiting = dict[str, str](), [template]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = path_of(name).read_text("utf-8")
            waiting += IMPORT.findall(found[name])
    return [found[name] for name in sorted(found)]
