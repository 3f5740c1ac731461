"""A part of a foreign .docx read as XML: element by element, whatever its encoding and prefixes; it declares nothing.

Nothing is built in memory and nothing is looked up: a document type ends the reading before it could name an entity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from xml.parsers import expat

from services.documents.docx_worker.docx_findings import FindingKind

DEEPEST = 250  # elements in one another: the parsers behind give up at 256
ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})

Name = tuple[str, str]  # the namespace's address, the name in it
Attributes = Mapping[Name, str]


class XmlRefused(Exception):
    """The part holds what no part of a document holds."""

    def __init__(self, kind: FindingKind, detail: str = "") -> None:
        super().__init__(kind)
        self.kind, self.detail = kind, detail


class XmlBroken(Exception):
    """The part is no well-formed XML."""


class XmlReading(Protocol):
    """Who listens to a part that is read."""

    def start(self, name: Name, attributes: Attributes) -> None: ...

    def end(self, name: Name) -> None: ...

    def text(self, text: str) -> None: ...


def read(body: bytes, listener: XmlReading) -> None:
    """Read a part to its end. Raises XmlRefused, XmlBroken."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    reading = _Depth(listener)
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = listener.text
    parser.XmlDeclHandler = _declared
    parser.StartDoctypeDeclHandler = _doctype
    parser.ProcessingInstructionHandler = _instruction
    try:
        parser.Parse(body, True)
    except expat.ExpatError as fault:
        raise XmlBroken(str(fault)) from fault
    except (ValueError, LookupError) as fault:  # an encoding that Python cannot give to expat
        raise XmlRefused("encoding") from fault


class _Depth:
    def __init__(self, listener: XmlReading) -> None:
        self._listener, self._depth = listener, 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise XmlBroken("too deep")
        self._listener.start(_split(name), {_split(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self._depth -= 1
        self._listener.end(_split(name))


def _split(name: str) -> Name:
    address, _, local = name.rpartition(" ")
    return address, local


def _declared(version: str, encoding: str | None, standalone: int) -> None:
    # the standard allows these alone: what else Word might read into it, nobody here would see
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise XmlRefused("encoding", encoding)


def _doctype(name: str, system: str | None, public: str | None, has_internal: int) -> None:
    raise XmlRefused("doctype", name)


def _instruction(target: str, data: str) -> None:
    if target.lower() == "xml-stylesheet":
        raise XmlRefused("outside", data)
