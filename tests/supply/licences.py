"""Under which licence each package of the locks comes, by its own metadata; `docs/licences.md` is made from it."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from license_expression import ExpressionError, get_spdx_licensing

from tests.supply import locks
from tests.supply.locks import LockEntry

SPDX = get_spdx_licensing()
PAGE = locks.ROOT / "docs" / "licences.md"
# What a program under Apache-2.0 may be put together with, each part under its own terms. LGPL and MPL ask that a
# changed copy of that library itself be given on with its source; the image takes the wheels as they are.
_ALLOWED = "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause ISC MIT MIT-CMU PSF-2.0 Unlicense Zlib"
_ALLOWED_COPYLEFT = "LGPL-2.1-only LGPL-2.1-or-later MPL-2.0"
ALLOWED = frozenset([*_ALLOWED.split(), *_ALLOWED_COPYLEFT.split()])
# Names that metadata give in other words than SPDX has
SPOKEN = {
    "apache 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
}
# Read in the package itself, whose metadata do not say, or not which of several BSD licences
BY_HAND = {
    "colorama": "BSD-3-Clause",  # for Windows only: it is installed nowhere else
    "jinja2": "BSD-3-Clause",
    "pyrage": "MIT",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "uvloop": "Apache-2.0 OR MIT",
}
UNKNOWN = "?"
HEAD = """# Licences of what Verstak is made of

Made from the packages' own metadata by `make docs`; `make check` holds it against the locks. Verstak itself is under
Apache-2.0 ([LICENSE](../LICENSE)). None of them is copied into this repository: each is installed as it was published.
"""


@cache
def installed(entry: LockEntry) -> Distribution | None:
    """The installed package, None if it is not for this machine."""
    try:
        return distribution(entry.name)
    except PackageNotFoundError:
        return None


@cache
def licence(entry: LockEntry) -> str:
    """The SPDX expression of an entry, «?» if nobody knows."""
    if entry.name in BY_HAND:
        return BY_HAND[entry.name]
    found = installed(entry)
    if found is None:
        return UNKNOWN
    said = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
    classes = (one for one in found.metadata.get_all("Classifier") or [] if one.startswith("License :: OSI"))
    for words in (said, *(one.rpartition(" :: ")[2] for one in classes)):
        known = SPOKEN.get(re.sub(r"\s+", " ", words.strip()).lower(), words.strip())
        if known and is_spdx(known):
            return known
    return UNKNOWN


def is_spdx(expression: str) -> bool:
    """Whether it is an expression of identifiers that SPDX has."""
    try:
        SPDX.parse(expression, validate=True)
    except ExpressionError:
        return False
    return True


def is_allowed(expression: str) -> bool:
    """Whether the choices that an expression leaves hold one that we may take."""
    return is_spdx(expression) and _holds(SPDX.parse(expression))


def _holds(part: Any) -> bool:
    if isinstance(part, SPDX.AND | SPDX.OR):
        parts = map(_holds, part.args)
        return any(parts) if isinstance(part, SPDX.OR) else all(parts)
    return str(part) in ALLOWED


def faults(entries: tuple[LockEntry, ...]) -> list[str]:
    """Packages whose licence is unknown or not allowed, and words about packages that are gone."""
    found = [(one.name, licence(one)) for one in entries]
    lost = set(BY_HAND) - {one.name for one in entries}
    return [f"{name}: {said} is not among the licences allowed" for name, said in found if not is_allowed(said)] + [
        f"{name}: in BY_HAND and in no lock" for name in sorted(lost)
    ]


def page() -> str:
    """docs/licences.md as it should stand."""
    run, dev = locks.read(locks.RUN), locks.read(locks.DEV)
    tools = tuple(one for one in dev.entries if one.name not in run.names())
    return "\n".join(
        [
            HEAD,
            f"## What runs: {len(run.entries)} packages\n\n{_table(run.entries)}\n",
            f"## What it is tested with: {len(tools)} more, not in the image\n\n{_table(tools)}\n",
        ]
    )


def _table(entries: tuple[LockEntry, ...]) -> str:
    rows = [f"| {one.name} | {one.version} | {licence(one)} |" for one in entries]
    return "\n".join(["| Package | Release | Licence |", "|---|---|---|", *rows])
