"""Teaches Babel to read the texts of process files: whatever the annotations say that people read is a message id."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from models.process import asked_tasks, marked_values, parse
from models.process.actions import AskFields
from models.process.annotations import ShownText
from models.process.parse import Lines
from models.process.process import Process

Extracted = tuple[int, str, str, list[str]]


class Unreadable(Exception):
    """A process file that is not sound: its texts cannot be told from the rest. Says every problem."""


def extract_process(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Extracted]:
    """Babel's extraction method for processes/*.yaml: (line, function, message id, comments). Raises Unreadable."""
    process, problems, lines = parse.read(fileobj.read().decode("utf-8"), getattr(fileobj, "name", "process file"))
    if process is None:
        raise Unreadable("\n".join(map(str, problems)))
    return ((line, "", text, []) for line, text in shown(process, lines))


def shown(process: Process, lines: Lines) -> Iterator[tuple[int, str]]:
    """Every text of the process that people read, with its line; defaults that the file does not have, too."""
    for found in marked_values.walk(process).marked:
        if isinstance(found.marker, ShownText) and isinstance(found.value, str):
            yield lines.of(found.path), found.value
            if isinstance(found.owner, AskFields) and (title := asked_tasks.title_of(found.owner)) != found.value:
                yield lines.of(found.path), title
