"""Teaches Babel to read the texts of process files: every title, hint, question and message is a message id."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from typing import IO, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

WORDS = frozenset(
    {"title", "hint", "example", "text", "why", "description", "button", "comment", "list", "unit", "tap", "folder",
     "pin", "sms"}
)  # fmt: skip
OPTIONS = frozenset({"options", "methods", "statuses"})  # names of ours, each with the text that a person sees
NAMES = frozenset({"client", "intake"})  # what they hold are names of fields, not texts
Found = tuple[int, str, str, list[str]]


def extract_process(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Generator[Found, None, None]:
    """Babel's extraction method for processes/*.yaml: (line, function, message id, comments)."""
    yield from _texts(YAML(typ="rt").load(fileobj))


def _texts(node: Any, *, options: bool = False) -> Generator[Found, None, None]:
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            if isinstance(value, str) and (options or key in WORDS):
                yield _line(node, key), "", value, []
            elif key not in NAMES:
                yield from _texts(value, options=key in OPTIONS)
    elif isinstance(node, CommentedSeq):
        for value in node:
            yield from _texts(value)


def _line(node: CommentedMap, key: str) -> int:
    try:
        return int(node.lc.key(key)[0]) + 1
    except KeyError:  # merged from another place of the file
        return int(node.lc.line) + 1
