"""`make audit`, `make sbom`, `make docs` and a part of `make check`: check | audit | sbom [FILE] | licences."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.supply import audit, licences, locks, sbom
from tests.supply.audit import Findings


def check() -> int:
    """What needs no network: a line a figure, and each fault below it; 1 if there is one."""
    found = audit.at_hand()
    for said, faults in found.items():
        print(f"{said}: {len(faults)}")
        print(*(f"  {line}\n" for line in faults), sep="", end="")
    return audit.WRONG if any(found.values()) else audit.WELL


def audit_all() -> int:
    """The same, then the index and the advisories, about all that is installed for running and testing."""
    at_hand = check()
    asked = {
        "releases as pip gets them": audit.releases(locks.DEV),
        "known weaknesses": audit.weaknesses(locks.DEV),
    }
    for said, one in asked.items():
        print(f"{said}: {_words(one)}")
        print(*(f"  {line}\n" for line in (*one.wrong, *one.not_asked)), sep="", end="")
    ends = {at_hand, *(one.status for one in asked.values())}
    return audit.WRONG if audit.WRONG in ends else max(ends)


def _words(one: Findings) -> str:
    told = [f"{len(one.wrong)} faults"] if one.wrong or not one.not_asked else []
    return ", ".join([*told, *(["NOT ASKED"] if one.not_asked else [])])


def main(what: str = "check", *more: str) -> int:
    """Do what the word says; 2 for a word that is none."""
    if what == "check":
        return check()
    if what == "audit":
        return audit_all()
    if what == "sbom":
        path = Path(*more or ("sbom.json",))
        path.write_text(sbom.text(locks.read(locks.RUN)), "utf-8")
        print(path)
        return audit.WELL
    if what == "licences":
        licences.PAGE.write_text(licences.page(), "utf-8")
        return audit.WELL
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
