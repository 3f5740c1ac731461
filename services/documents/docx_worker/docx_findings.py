"""What is found in a foreign .docx that may not stay in it, told by code and part; words for it have the screens.

Only the standard library is imported here and in what uses it: this runs in the worker's first moments (`docx_worker`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

# how addresses of Office's own kinds of elements begin; both of its dialects, and what its makers added
OFFICE = (
    "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/", "http://schemas.microsoft.com/",
    "urn:schemas-microsoft-com:",
)  # fmt: skip
STRICT = "http://purl.oclc.org/ooxml/"
PLACEHOLDER = re.compile(r"\{[{%#]|[}%#]\}")
# where a link of a paper may lead: a page, a letter, a call
SAFE_LINK = re.compile(r"https?://[^\s/\\]|mailto:|tel:|#", re.IGNORECASE)
LONGEST = 80
MOST = 40  # a file that is full of them is not listed to its end

FindingKind = Literal[
    "picture", "link", "outside", "chunk", "subdocument", "field", "torn", "filled", "macro", "object", "control",
    "frame", "merge", "media", "extension", "file", "doctype", "encoding", "name", "twice",
]  # fmt: skip


class Finding(NamedTuple):
    """One thing: its kind, the part that it stands in, and what tells it from others (a field's name, an address)."""

    kind: FindingKind
    part: str
    detail: str = ""


class TemplateUnusable(Exception):
    """The template is not taken: code, a msgid, what fills it, and what was found."""

    def __init__(self, code: str, message: str, found: tuple[Finding, ...] = (), **data: object) -> None:
        super().__init__(code)
        self.code, self.message, self.found, self.data = code, message, found, data


def N_(msgid: str) -> str:
    """Marks a message for extraction, without importing the package that does."""
    return msgid


class Findings:
    """What was found so far, each thing once, and which links to a template there were."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}
        self.templates: list[str] = []

    def add(self, kind: FindingKind, part: str, detail: str = "") -> None:
        """Note one; its detail becomes a short line."""
        if len(self._found) < MOST:
            self._found[Finding(kind, part, short(detail))] = None

    def link(self, template: str) -> None:
        """Note a link to a template."""
        if len(self.templates) < MOST:
            self.templates.append(short(template))

    def __iter__(self) -> Iterator[Finding]:
        """Each once: one of which a part says no more than that it is there stands for none that is told better."""
        told = {(one.kind, one.part) for one in self._found if one.detail}
        return (one for one in self._found if one.detail or (one.kind, one.part) not in told)


def short(text: str) -> str:
    """The text as a line of a message: without what has no letter, and cut."""
    line = " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def is_safe_link(target: str) -> bool:
    """Whether a person may be led there by a press; an empty one leads nowhere."""
    return not target or (target.isprintable() and SAFE_LINK.match(target) is not None)


def is_office(address: str) -> bool:
    """Whether elements of that namespace mean something to Office."""
    return address.startswith(OFFICE)
