"""Parts that register themselves: a package of them is imported whole, so that a new part is one new file."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


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
