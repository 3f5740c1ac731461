"""The product's modules as syntax trees: what the house's figures are read off."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("bot", "handlers", "keyboards", "models", "scheduler", "services", "sandbox", "locales")


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the product: its dotted name, its path from the root, its text and tree."""

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n")


@cache
def modules() -> dict[str, Module]:
    """Every module of the product by its dotted name; a package is its `__init__`."""
    found = {}
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            inside = path.relative_to(ROOT)
            name = ".".join(inside.with_suffix("").parts).removesuffix(".__init__")
            text = path.read_text("utf-8")
            found[name] = Module(name, inside.as_posix(), text, ast.parse(text))
    return found


def imports_of(module: Module) -> set[str]:
    """The product's modules that this one imports, wherever in it the import stands."""
    known, found = modules(), set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = [f"{node.module}.{one.name}" for one in node.names]
            found |= {one if one in known else node.module for one in inner}
    parents = {one.rpartition(".")[0] for one in found}  # a package is run before its modules
    mine = {module.name.rsplit(".", n)[0] for n in range(module.name.count(".") + 1)}
    return {one for one in (found | parents) - mine if one in known}


def late_imports_of(module: Module) -> list[int]:
    """The lines of imports inside functions."""
    functions = (one for one in ast.walk(module.tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
    inside = (node for one in functions for node in ast.walk(one))
    return sorted({node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)})
