"""Who was erased, by number, in a file beside the database: a restore of an older backup erases them again.

One line of JSON for each. It lies in the data folder, goes along with every backup, and is copied beside the backups.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot import log, private_files
from models.personal.erasure import ErasedPerson

NAME = "erased.jsonl"
ONE_AT_A_TIME = threading.Lock()  # several erasures end at once, each in a thread of its own
logger = log.get("bot.personal.erased_list")


def path_in(folder: Path) -> Path:
    """Where the list of that folder lies."""
    return folder / NAME


def read(folder: Path) -> list[ErasedPerson]:
    """Those on the folder's list, the first erased first; none if there is no list."""
    try:
        return parse(path_in(folder).read_text("utf-8"))
    except FileNotFoundError:
        return []


def parse(text: str) -> list[ErasedPerson]:
    """A list out of its text. A line that was cut off by a crash is passed over: its erasure was not over either."""
    found = []
    for line in text.splitlines():
        try:
            said = json.loads(line)
            found.append(ErasedPerson.of(said["clients"], said["deals"]))
        except (ValueError, TypeError, KeyError):
            logger.warning("a line of the list of who was erased cannot be read")
    return found


def add(folder: Path, persons: Iterable[ErasedPerson]) -> None:
    """Put those on the list who are not there yet, down to the disk. OSError if that cannot be written.

    What another bot on the same folder adds at that moment may be lost: at every start it is put on the list again
    out of the database.
    """
    with ONE_AT_A_TIME:
        known = read(folder)
        new = [one for one in dict.fromkeys(persons) if one not in known]
        if new:
            _write(folder, [*known, *new])


def _write(folder: Path, persons: Sequence[ErasedPerson]) -> None:
    path = path_in(folder)
    part = path.with_name(f"{NAME}.{os.getpid()}.part")
    private_files.make_folder(folder)
    with private_files.create(part) as target:
        target.write(text(persons).encode())
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)


def text(persons: Sequence[ErasedPerson]) -> str:
    """The list as text."""
    said = ({"clients": one.clients, "deals": one.deals} for one in persons)
    return "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in said)
