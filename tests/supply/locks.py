"""The locks read as pip reads them, and what is wrong with one: no network, no installed package is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
RUN, DEV = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
WHEELS = "--only-binary :all:"
HASH = re.compile(r"--hash=(\S+)")
SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
ADDRESS = re.compile(r"\w+://|\bgit\+|\bfile:|\w+@\w+")
COOLDOWN = re.compile(r"--exclude-newer \d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class LockEntry:
    """One line of a lock: a release, for which machines it is, and the files that may be taken for it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """What a lock says: its options, its entries, and what is neither."""

    text: str
    options: tuple[str, ...]
    entries: tuple[LockEntry, ...]
    odd: tuple[str, ...] = ()

    def names(self) -> set[str]:
        """The packages, by the names that PEP 503 gives them."""
        return {one.name for one in self.entries}


def read(path: Path) -> Lock:
    """Read a lock. A line that is no release of a package stands in `odd`; FileNotFoundError if there is none."""
    return parse(path.read_text("utf-8"))


def parse(text: str) -> Lock:
    """The same of a text."""
    options, entries, odd = [], [], []
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        said = line.partition(" #")[0].strip() if not line.lstrip().startswith("#") else ""
        if said.startswith("-"):
            options.append(said)
        elif said:
            entry = _entry(said)
            (odd if entry is None else entries).append(said if entry is None else entry)
    return Lock(text, tuple(options), tuple(entries), tuple(odd))


def _entry(line: str) -> LockEntry | None:
    try:
        wanted = Requirement(HASH.sub("", line).strip())
    except InvalidRequirement:
        return None
    (pin,) = wanted.specifier if len(wanted.specifier) == 1 else (None,)
    if wanted.url or pin is None or pin.operator != "==" or pin.version.endswith("*"):
        return None
    return LockEntry(canonicalize_name(wanted.name), pin.version, tuple(HASH.findall(line)), str(wanted.marker or ""))


def faults(lock: Lock) -> list[str]:
    """What is wrong with a lock as it stands, a line each."""
    found = [f"no exact release of a package: {line}" for line in lock.odd]
    found += [f"{one.name}: no hash" for one in lock.entries if not one.hashes]
    weak = [(one.name, value) for one in lock.entries for value in one.hashes if not SHA256.fullmatch(value)]
    found += [f"{name}: not a whole SHA-256: {value}" for name, value in weak]
    if lock.options != (WHEELS,):
        found.append(f"its one option is to be «{WHEELS}», so that nothing is built here: {', '.join(lock.options)}")
    if ADDRESS.search(lock.text):
        found.append("it names an address: where packages come from is each machine's own matter")
    if not COOLDOWN.search(lock.text):
        found.append("it does not say which day's releases it was made of: `make lock` makes it of those a week old")
    return found


def differing(run: Lock, dev: Lock) -> list[str]:
    """Where what is tested is not what runs."""
    tested = {one.name: one for one in dev.entries}
    return [f"{one.name}: not the same in both locks" for one in run.entries if tested.get(one.name) != one]
