"""Parts that register themselves: a package of them is imported whole, so that a new part is one new file."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType


def import_all(package: ModuleType) -> None:
    """Import every module of the package, in the order of their names."""
    for name in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
        import_module(f"{package.__name__}.{name}")
