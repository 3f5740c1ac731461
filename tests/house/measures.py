"""What is asked of the house; each measure gives a line for every fault, and none where all is well."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from models.process.reference import json_schema, language_page
from tests.house import picture, rights_page, source
from tests.house.source import ROOT, Module

MOST_FILES = 24
GROWS = "models/migrations/versions"  # one more with each change of the schema, and none is ever moved
LONGEST = 250
OPEN = re.compile(r"\b(?:dict|Mapping|MutableMapping)\[str, (?:Any|object)\]")
ROW = re.compile(r"\bRow\[Any\]")  # of the database
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+")
HERE = Path(__file__).parent
CURE = "a word for GLOSSARY.md or tests/house/terms.txt, or another name"


def circles() -> list[str]:
    """Files that import one another in a circle, by any import, late ones too."""
    graph = {module.name: source.imports_of(module) for module in source.modules().values()}
    found = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as circle:
            ring: list[str] = circle.args[1]
            found.append(" → ".join(reversed(ring)))
            graph[ring[1]] = graph[ring[1]] - {ring[0]}
        else:
            return found


def late_imports() -> list[str]:
    """Imports inside functions; in bot/ they buy a fast start."""
    outside = (one for one in source.modules().values() if not one.name.startswith("bot."))
    return [f"{one.path}:{line}" for one in outside for line in source.late_imports_of(one)]


def folders() -> list[tuple[int, str]]:
    """How many files lie in each folder at one level, the fullest first."""
    tops = [*source.LAYERS, "tests", "processes", "docs"]
    kept = (path for top in tops for path in (ROOT / top).rglob("*") if path.is_file())
    counted = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for path in kept
        if "__pycache__" not in path.parts and path.name != "__init__.py"
    )
    return sorted(((number, folder) for folder, number in counted.items()), reverse=True)


def full_folders() -> list[str]:
    """Folders of more than 24 files at one level."""
    return [f"{folder}: {number} files" for number, folder in folders() if number > MOST_FILES and folder != GROWS]


def long_files() -> list[str]:
    """Files of more than 250 lines without a word why, and words about files that are none."""
    why = _list("long_files.txt")
    long = {one.path for one in source.modules().values() if one.lines > LONGEST}
    lost = [
        f"{path}: over {LONGEST} lines, and tests/house/long_files.txt does not say why" for path in long - set(why)
    ]
    return sorted(lost) + [
        f"{path}: in long_files.txt, and not over {LONGEST} lines" for path in sorted(set(why) - long)
    ]


def open_data() -> list[str]:
    """Untyped data between modules: `dict[str, Any]`, or `Row[Any]` outside services/, but for the listed borders."""
    why, found = _list("open_data.txt"), []
    used = set()
    for module in source.modules().values():
        is_service = module.path.startswith("services/")
        places = [one for one in _annotations(module) if OPEN.search(one[1]) or (ROW.search(one[1]) and not is_service)]
        if module.path in why or module.path.rpartition("/")[0] + "/" in why:
            used |= {module.path, module.path.rpartition("/")[0] + "/"} if places else set()
            continue
        found += [f"{module.path}:{number}: {text}" for number, text in places]
    return found + [f"{path}: in open_data.txt, and holds none" for path in sorted(set(why) - used)]


def unknown_names() -> list[str]:
    """Class names made of words that stand neither in GLOSSARY.md nor in the list of the field's terms.

    The words of the process language (types of field, actions) are terms by themselves.
    """
    known = {word.lower() for word in WORD.findall((ROOT / "GLOSSARY.md").read_text("utf-8"))}
    known |= {
        word for line in (HERE / "terms.txt").read_text("utf-8").splitlines() for word in line.split("#")[0].split()
    }
    found = []
    for module in source.modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                strange = [part for part in WORD.findall(node.name) if part.lower() not in known]
                said = f"{module.path}: {node.name} ({', '.join(strange)}): {CURE}"
                found += [said] if strange else []
    return found


def stale_documents() -> list[str]:
    """Pages and the schema that are made from the code, and say what it no longer says."""
    made = {
        "processes/process.schema.json": json_schema.text,
        "docs/process-language.md": language_page.markdown,
        "docs/rights.md": rights_page.markdown,
        "docs/architecture.md": lambda: picture.drawn(picture.PAGE.read_text("utf-8")),
    }
    behind = (path for path, draw in made.items() if (ROOT / path).read_text("utf-8") != draw())
    return [f"{path}: `make docs` brings it up to the code" for path in behind]


def twin_classes() -> list[str]:
    """Public classes of one name in two modules."""
    where: defaultdict[str, list[str]] = defaultdict(list)
    for module in source.modules().values():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(module.path)
    return [f"{name}: {', '.join(paths)}" for name, paths in sorted(where.items()) if len(paths) > 1]


def twin_modules() -> list[str]:
    """Modules of one name that are not the same feature's in another layer: in one layer a name stands once.

    The tables are a layer of their own: `models/tables/visits.py` is what `models/visits.py` is kept in.
    """
    where: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for module in source.modules().values():
        layer = "models.tables" if module.name.startswith("models.tables.") else module.name.partition(".")[0]
        name = module.name.removeprefix(layer).rpartition(".")[2]
        if name and not name.startswith("__") and module.path.rpartition("/")[2] != "__init__.py":
            where[layer, name].append(module.path)
    return [f"{name}: {', '.join(paths)}" for (_, name), paths in sorted(where.items()) if len(paths) > 1]


def _annotations(module: Module) -> Iterator[tuple[int, str]]:
    """Line and text of each annotation that another module meets: of public functions, methods and attributes."""
    yield from _public(module.tree.body)


def _public(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    for node in body:
        match node:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield from _public(node.body)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=said) if not name.startswith("_"):
                yield said.lineno, ast.unparse(said)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if _is_public(name):
                every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                told = [node.returns, *(one.annotation for one in every)]
                yield from ((said.lineno, ast.unparse(said)) for said in told if said is not None)


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name == "__init__"


def _list(name: str) -> dict[str, str]:
    """A committed list: a path, then why it stands there. Raises ValueError for a line without a why."""
    found = {}
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            path, _, why = line.partition("  ")
            if not why.strip():
                raise ValueError(f"{name}: {path}: why?")
            found[path] = why.strip()
    return found
