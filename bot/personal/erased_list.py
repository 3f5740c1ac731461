"""Who was erased, by number, in a file beside the database: a restore of an older backup erases them again.

One line of JSON for each. It lies in the data folder, goes along with every backup, and is copied beside the backups.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import log, private_files
from models.personal.erasure import ErasedPerson

try:
    import fcntl
except ImportError:  # Windows has no such lock; the next start puts on the list what another process has lost
    fcntl = None  # type: ignore[assignment]

NAME = "erased.jsonl"
ONE_AT_A_TIME = threading.Lock()  # several erasures end at once, each in a thread of its own
logger = log.get("bot.personal.erased_list")


@dataclass(frozen=True, slots=True)
class Added:
    """How many persons were not on the list before, and how many of its lines could not be read."""

    persons: int
    spoilt: int


def path_in(folder: Path) -> Path:
    """Where the list of that folder lies."""
    return folder / NAME


def read(folder: Path) -> list[ErasedPerson]:
    """Those on the folder's list, the first erased first; none if there is no list."""
    return _read(folder)[0]


def parse(text: str) -> list[ErasedPerson]:
    """A list out of its text. A line that was cut off by a crash is passed over: its erasure was not over either."""
    return _parse(text)[0]


def add(folder: Path, persons: Iterable[ErasedPerson]) -> Added:
    """Put those on the list who are not there yet, and take out what cannot be read; down to the disk. OSError if that
    cannot be written."""
    with _alone(folder):
        known, spoilt = _read(folder)
        there = set(known)
        new = [one for one in dict.fromkeys(persons) if one not in there]
        if new or spoilt:
            _write(folder, [*known, *new])
        return Added(len(new), spoilt)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else changes the folder's list meanwhile, be it another thread or another process: the night's backup, a
    second bot."""
    private_files.make_folder(folder)
    with ONE_AT_A_TIME:
        if fcntl is None:
            yield
            return
        handle = os.open(folder, os.O_RDONLY)  # the folder stays, while the list is put anew in its place
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _read(folder: Path) -> tuple[list[ErasedPerson], int]:
    """Those on the list, and how many lines cannot be read."""
    try:
        return _parse(path_in(folder).read_bytes().decode("utf-8", "replace"))
    except FileNotFoundError:
        return [], 0


def _parse(text: str) -> tuple[list[ErasedPerson], int]:
    found, spoilt = list[ErasedPerson](), 0
    for line in text.splitlines():
        try:
            said = json.loads(line)
            found.append(ErasedPerson.of(said["clients"], said["deals"]))
        except (ValueError, TypeError, KeyError):
            spoilt += 1
    if spoilt:
        logger.warning("lines of the list of who was erased cannot be read", lines=spoilt)
    return found, spoilt


def _write(folder: Path, persons: Sequence[ErasedPerson]) -> None:
    path = path_in(folder)
    part = path.with_name(f"{NAME}.{os.getpid()}.part")
    with private_files.create(part) as target:
        target.write(text(persons).encode())
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)


def text(persons: Sequence[ErasedPerson]) -> str:
    """The list as text."""
    said = ({"clients": one.clients, "deals": one.deals} for one in persons)
    return "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in said)
