"""Parts that register themselves: a package of them is imported whole, so that a new part is one new file."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TypeVar

C = TypeVar("C")
PROGRAM = frozenset({"bot", "handlers", "keyboards", "models", "services"})


def leaves(base: type[C]) -> list[type[C]]:
    """Every class of the program that derives from `base` and that none derives from, however far below it."""
    return sorted(set(_leaves(base)), key=lambda one: one.__name__)


def _leaves(base: type[C]) -> Iterator[type[C]]:
    for one in base.__subclasses__():
        # a dataclass with slots is a second class of that name: the first one is in no module
        if getattr(sys.modules.get(one.__module__), one.__name__, None) is not one:
            continue
        below = list(_leaves(one))
        yield from below
        if not below and one.__module__.partition(".")[0] in PROGRAM:
            yield one


def import_all(package: ModuleType, *, deep: bool = False) -> None:
    """Import every module of the package, in the order of their names; `deep`: of its packages too.

    A package with a `__main__` is a program of its own and left out.
    """
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        if found.ispkg and find_spec(f"{package.__name__}.{found.name}.__main__"):
            continue
        module = import_module(f"{package.__name__}.{found.name}")
        if deep and found.ispkg:
            import_all(module, deep=True)
