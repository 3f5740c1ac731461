"""What the elements of a part would do when the paper is opened: found by what they mean, however they are written."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.documents.docx_worker.docx_fields import LEFT, PLAIN, TAKEN, Fields
from services.documents.docx_worker.docx_findings import (
    PLACEHOLDER,
    FindingKind,
    Findings,
    is_office,
    is_safe_link,
)
from services.documents.docx_worker.docx_xml import Attributes, Name

# by local name, in any namespace of Office
ELEMENTS: dict[str, FindingKind] = {
    "altChunk": "chunk", "subDoc": "subdocument",
    "OLEObject": "object", "objectEmbed": "object", "objectLink": "object", "oleObj": "object",
    "control": "control", "ocx": "control",
    "frameset": "frame", "frame": "frame", "sourceFileName": "frame",
    "mailMerge": "merge", "saveThroughXslt": "outside",
    "movie": "media", "videoFile": "media", "audioFile": "media", "wavAudioFile": "media", "quickTimeFile": "media",
    "webVideoPr": "media",
    "entryMacro": "macro", "exitMacro": "macro", "macro": "macro", "vbaSuppData": "macro",
    "webextension": "extension", "taskpanes": "extension", "customUI": "extension",
}  # fmt: skip
REFERENCES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
VML = ("urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office")
LIBRARY = "http://schemas.openxmlformats.org/schemaLibrary/2006/main"
SVG = "http://www.w3.org/2000/svg"
LINKS = frozenset({"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver"})
INSERTED, DELETED = frozenset({"ins", "moveTo"}), frozenset({"del", "moveFrom"})
CODES = frozenset({"instrText", "delInstrText"})
ELSEWHERE = re.compile(r"url\(\s*[\"']?(?!#)|@import", re.IGNORECASE)
INSIDE = re.compile(r"#|data:image/(?:png|jpeg|gif)[;,]", re.IGNORECASE)


class Reference(NamedTuple):
    """An element that names a relationship of its part."""

    element: str
    key: str


class Markup:
    """Listens to one part (`docx_xml.read`)."""

    def __init__(self, part: str, found: Findings) -> None:
        self._part, self._found = part, found
        self._fields = Fields(self._tell)
        self._changes: list[int] = []
        self._text: list[str] | None = None  # of what is read now, where its text matters
        self.references: list[Reference] = []
        self.packed: list[str] = []  # files inside attributes

    def _tell(self, kind: FindingKind, detail: str = "") -> None:
        self._found.add(kind, self._part, detail)

    # --- what is listened to --------------------------------------------------------------------------------------

    def start(self, name: Name, attributes: Attributes) -> None:
        """An element begins."""
        address, local = name
        if address not in WORD:
            self._fields.fork()  # whether Word takes or leaves what stands in it, is its business
        if address in WORD:
            self._word(local, attributes)
        if is_office(address):
            if local in ELEMENTS:
                self._tell(ELEMENTS[local])
            self._attributes(address, local, attributes)
        if address == SVG:
            self._drawing(local, attributes)

    def end(self, name: Name) -> None:
        """An element ends."""
        address, local = name
        if address not in WORD:
            self._fields.join()
        elif local in INSERTED | DELETED:
            self._changes.pop()
        if self._text is not None and (local in CODES or (address, local) == (SVG, "style")):
            text, self._text = "".join(self._text), None
            if local in CODES:
                self._fields.text(text, self._change)
            elif ELSEWHERE.search(text):
                self._tell("outside", text)

    def text(self, text: str) -> None:
        """Letters between elements."""
        if self._text is not None:
            self._text.append(text)

    def close(self) -> None:
        """The part is at its end."""
        self._fields.close()

    # --- what it means --------------------------------------------------------------------------------------------

    @property
    def _change(self) -> int:
        return self._changes[-1] if self._changes else PLAIN

    def _word(self, local: str, attributes: Attributes) -> None:
        if local in INSERTED | DELETED:
            self._changes.append(TAKEN if local in INSERTED else LEFT)
        elif local in CODES:
            self._text = []
        elif local in ("fldChar", "fldSimple"):
            for (_, key), value in attributes.items():
                if key == "fldCharType":
                    self._fields.mark(value.strip(), self._change)
                elif key == "instr":
                    self._fields.whole(value)

    def _attributes(self, address: str, local: str, attributes: Attributes) -> None:
        for (space, key), value in attributes.items():
            if space in REFERENCES or (space in VML and key == "relid"):
                self.references.append(Reference(local, value))
                if key in ("link", "href") and value:
                    self._tell("picture" if key == "link" else "outside")
            elif key == "gfxdata" and value:
                self.packed.append(value)
            elif address == LIBRARY and key in ("manifestLocation", "schemaLocation") and value:
                self._tell("outside", value)
            elif address in VML:
                self._shape(space, key, value)

    def _shape(self, space: str, key: str, value: str) -> None:
        """The drawings of before 2007 name what they load without a relationship."""
        if (key in ("src", "althref") or (key == "href" and space in VML)) and value:
            self._tell("picture", value)
        elif key == "href" and PLACEHOLDER.search(value):
            self._tell("filled", value)
        elif key == "href" and not is_safe_link(value):
            self._tell("link", value)

    def _drawing(self, local: str, attributes: Attributes) -> None:
        if local in ("script", "foreignObject"):
            self._tell("outside", local)
        elif local == "style":
            self._text = []
        for (_, key), value in attributes.items():
            if key == "href" and value and not INSIDE.match(value):
                self._tell("picture", value)
            elif key.lower().startswith("on") or ELSEWHERE.search(value):
                self._tell("outside", value)
