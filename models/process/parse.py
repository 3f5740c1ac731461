"""From YAML text to a `Process`, or to problems: file, line, reason, what is allowed, the nearest spelling."""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from models.fields.base import Field, all_types
from models.process.actions import ACTIONS
from models.process.annotations import ProcessModel
from models.process.conditions import CONDITIONS
from models.process.process import Process
from models.process.triggers import TRIGGERS
from models.process.vocabulary import Vocabulary, Word


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a process file; reads as `file:line: reason`."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class Lines:
    """Where each key of the file stands."""

    def __init__(self, root: Any) -> None:
        self._root = root

    def of(self, path: Sequence[str | int]) -> int:
        """The line (from 1) of the deepest part of `path` that the file has."""
        return self.find(path)[0]

    def find(self, path: Sequence[str | int]) -> tuple[int, str]:
        """The line of the deepest part of `path` that the file has, and that part in words.

        A step that the file does not have (a union's tag, an inlined `do`) is passed over.
        """
        node, line, known = self._root, 1, list[str]()
        for step in path:
            here = _place(node, step)
            if here is not None:
                line, node = here, node[step]
                known.append(str(step))
            elif isinstance(node, CommentedMap) and step in node:
                node = node[step]  # merged in (`<<`): the line is that of the mapping that merges it
                known.append(str(step))
        return line, ".".join(known)


def _place(node: Any, step: str | int) -> int | None:
    """The line of a key or an item, or None if the node has none such."""
    try:
        if isinstance(node, CommentedMap) and step in node:
            return int(node.lc.key(step)[0]) + 1
        if isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            return int(node.lc.item(step)[0]) + 1
    except (KeyError, TypeError, AttributeError):
        return None  # a merged key has no place of its own
    return None


def read(text: str, file: str) -> tuple[Process | None, list[Problem], Lines]:
    """Read one process file. The process is None exactly when there are problems."""
    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = False
    try:
        root = yaml.load(text)
    except DuplicateKeyError as error:
        return None, [_broken(error, file)], Lines(None)
    except YAMLError as error:
        return None, [_broken(error, file)], Lines(None)
    lines = Lines(root)
    if not isinstance(root, dict):
        return None, [Problem(file, 1, "a process file is a mapping that begins with `process: name`")], lines
    try:
        return Process.model_validate(_plain(root)), [], lines
    except ValidationError as error:
        details = error.errors()
        return None, sorted({_problem(d, file, lines) for d in details if not _echoes(d, details)}), lines


def _echoes(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Whether it only says that a list is empty because what stood in it was refused on its own."""
    depth = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        other["loc"][:depth] == detail["loc"] and len(other["loc"]) > depth for other in details
    )


def _plain(node: Any) -> Any:
    """ruamel's own types as plain ones; merged keys (`<<`) are taken in."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    if isinstance(node, float):
        return float(node)
    return str(node) if isinstance(node, str) else node


def _broken(error: YAMLError, file: str) -> Problem:
    if not isinstance(error, MarkedYAMLError):
        return Problem(file, 1, str(error))
    mark = error.problem_mark or error.context_mark
    reason = (error.problem or "not YAML").strip()
    if isinstance(error, DuplicateKeyError):
        named = re.search(r'duplicate key "([^"]+)"', reason)
        reason = f"the key `{named[1]}` stands twice" if named else "a key stands twice"
    return Problem(file, (mark.line if mark else 0) + 1, reason)


def nearest(word: str, allowed: Sequence[str]) -> str:
    """«; did you mean `x`?» for the nearest spelling, or nothing."""
    close = difflib.get_close_matches(word, allowed, n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def _problem(detail: ErrorDetails, file: str, lines: Lines) -> Problem:
    path = detail["loc"]
    line, where = lines.find(path)
    match detail["type"]:
        case "extra_forbidden":
            word = str(path[-1])
            allowed = _allowed(detail["loc"])
            reason = f"unknown key `{word}`" + (f"; allowed: {', '.join(allowed)}" if allowed else "")
            reason += nearest(word, allowed)
        case "missing":
            reason = f"`{path[-1]}` is missing"
        case "literal_error" | "union_tag_invalid":
            expected = str((detail.get("ctx") or {}).get("expected") or (detail.get("ctx") or {}).get("expected_tags"))
            allowed = re.findall(r"'([^']+)'", expected)
            word = str((detail.get("ctx") or {}).get("tag", detail["input"])).strip("'")
            if isinstance(detail["input"], dict) and detail["type"] == "union_tag_invalid":
                line = lines.of([*path, "type"])
            reason = f"`{word}` is not known here; allowed: {', '.join(allowed)}" + nearest(word, allowed)
        case "unknown_word":
            words = [*detail["input"]] or ["{}"] if isinstance(detail["input"], dict) else [str(detail["input"])]
            every = [*CONDITIONS.allowed, *ACTIONS.allowed, *TRIGGERS.allowed]
            reason = f"`{', '.join(map(str, words))}`: {detail['msg']}" + nearest(str(words[0]), every)
        case _:
            # a person who writes a process file knows no class of ours
            reason = re.sub(r" or instance of \w+", "", detail["msg"].removeprefix("Value error, "))
    return Problem(file, line, f"{where}: {reason}" if where else reason)


def _allowed(path: Sequence[str | int]) -> list[str]:
    """The keys allowed where an unknown one stood: found by walking the models along the path."""
    model: Any = Process
    for step in path[:-1]:
        model = _step(model, step)
        if model is None:
            return []
    if isinstance(model, type) and issubclass(model, ProcessModel):
        return sorted(info.alias or name for name, info in model.model_fields.items())
    return []


def _step(model: Any, step: str | int) -> Any:
    def classes(annotation: Any) -> list[Any]:
        origin = typing.get_origin(annotation)
        if annotation is Field:
            return list(all_types().values())
        if annotation is None or (isinstance(annotation, type) and not origin):
            return [annotation]
        if origin is typing.Annotated:
            inner, *marks = typing.get_args(annotation)
            words = next((one for one in marks if isinstance(one, Vocabulary)), None)
            return list(words.words.values()) if words else classes(inner)
        if origin in (typing.Union, types.UnionType):
            return [c for part in typing.get_args(annotation) for c in classes(part)]
        if origin in (tuple, list, dict):
            return classes([a for a in typing.get_args(annotation) if a is not Ellipsis][-1])
        return []

    words = model if isinstance(model, list) else [model]
    if isinstance(step, str) and len(words) > 1:  # a union's tag chooses among its kinds
        tagged = [word for word in words if _tag_of(word) == step]
        if tagged:
            return tagged[0]
    for word in words:
        for name, info in word.model_fields.items():
            if step in (name, info.alias):
                found = classes(typing.Annotated[info.annotation, "the key's own", *info.metadata])
                found = [c for c in found if isinstance(c, type) and issubclass(c, ProcessModel)]
                return found[0] if len(found) == 1 else found or None
    return model  # a mapping's key or a list's index


def _tag_of(word: type[ProcessModel]) -> str | None:
    if issubclass(word, Word):
        return word.key
    info = word.model_fields.get("type")
    if info is None:
        return None
    values = typing.get_args(info.annotation)
    return str(values[0]) if values else None
