"""Whether the locks are what pyproject.toml asks for: every dependency, in bounds, and nothing that nobody asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply import licences, locks
from tests.supply.locks import Lock

OURS = "verstak"


@cache
def asked(*, dev: bool) -> tuple[Requirement, ...]:
    """The dependencies that pyproject.toml names."""
    project = tomllib.loads((locks.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if dev else ())]
    return tuple(map(Requirement, lines))


def needs(lock: Lock, *, dev: bool = False) -> dict[str, set[str]]:
    """Who asks for whom: by name, within the lock, ourselves among them; extras are followed as they are asked for."""
    found: dict[str, set[str]] = {OURS: set()}
    entries = {one.name: one for one in lock.entries}
    waiting = [(OURS, one, "") for one in asked(dev=dev)]
    seen = set()
    while waiting:
        who, wanted, extra = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name not in entries or not _is_for(wanted, extra):
            continue
        found.setdefault(who, set()).add(name)
        for part in ("", *wanted.extras):
            if (name, part) not in seen:
                seen.add((name, part))
                found.setdefault(name, set())
                there = licences.installed(entries[name])
                waiting += [(name, Requirement(line), part) for line in (there.requires or () if there else ())]
    return found


def _is_for(wanted: Requirement, extra: str) -> bool:
    """Whether it is asked for on some machine, with this extra: what hangs on the system is in a universal lock."""
    if "extra" not in str(wanted.marker or ""):
        return True
    return bool(extra) and wanted.marker is not None and wanted.marker.evaluate({"extra": extra})


def faults(lock: Lock, *, dev: bool) -> list[str]:
    """Where lock and pyproject.toml differ: `make lock` mends it."""
    pinned = {one.name: one.version for one in lock.entries}
    found = [fault for one in asked(dev=dev) if (fault := _unmet("pyproject.toml", one, pinned))]
    strays = lock.names() - set(needs(lock, dev=dev))
    found += [f"{name}: nobody asks for it any more" for name in sorted(strays)]
    return found + list(_broken(lock, pinned))


def _broken(lock: Lock, pinned: dict[str, str]) -> Iterable[str]:
    for entry in lock.entries:
        there = licences.installed(entry)
        for line in there.requires or () if there else ():
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                fault = _unmet(entry.name, wanted, pinned)
                if fault:
                    yield fault


def _unmet(who: str, wanted: Requirement, pinned: dict[str, str]) -> str | None:
    version = pinned.get(canonicalize_name(wanted.name))
    if version is None:
        return f"{who} asks for {wanted.name}, which the lock does not have"
    if not wanted.specifier.contains(version, prereleases=True):
        return f"{who} asks for {wanted.name}{wanted.specifier}, the lock has {version}"
    return None
