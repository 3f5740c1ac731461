"""What a .docx says of its parts: of which kind each is, and what each one leads to, inside the file or outside."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from services.documents.docx_worker.docx_findings import STRICT, FindingKind, Findings, is_safe_link
from services.documents.docx_worker.docx_xml import Attributes, Name

TYPES = "[Content_Types].xml"
ROOT = "_rels/.rels"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
HYPERLINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/hyperlink",
)
TEMPLATE = "attachedtemplate"
# by the last word of a relationship's type: what Word would do with its target
KINDS: Mapping[str, FindingKind] = {
    "oleobject": "object", "package": "object", "afchunk": "chunk", "subdocument": "subdocument",
    "control": "control", "activexcontrolbinary": "control",
    "vbaproject": "macro", "wordvbadata": "macro", "vbaprojectsignature": "macro", "attachedtoolbars": "macro",
    "mailmergesource": "merge", "mailmergeheadersource": "merge", "recipientdata": "merge",
    "frame": "frame", "transform": "outside", "externallinkpath": "outside",
    "video": "media", "audio": "media", "media": "media",
    "webextension": "extension", "webextensiontaskpanes": "extension", "extensibility": "extension",
    "usercustomization": "extension",
}  # fmt: skip
BY_CONTENT: Mapping[str, FindingKind] = {
    "macroenabled": "macro",
    "vba": "macro",
    "activex": "control",
    "oleobject": "object",
}
XML = re.compile(r"(?:application|text)/xml|[a-z0-9.+/-]+\+xml")
PICTURES = re.compile(
    r"image/(?:png|x-png|jpe?g|pjpeg|gif|bmp|x-bmp|x-ms-bmp|tiff?|webp|(?:x-)?[ew]mf|x-[ew]mz|vnd\.ms-photo|x-icon)"
    r"|application/(?:x-fontdata|x-font-ttf|vnd\.openxmlformats-officedocument\.obfuscatedfont)"
    r"|application/vnd\.openxmlformats-officedocument\.[a-z]+\.printersettings"
    r"|application/vnd\.openxmlformats-package\.digital-signature-origin"
)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\", re.IGNORECASE)


def kind_of(part: str, content: str) -> FindingKind:
    """What a part is that is neither XML nor a picture."""
    kinds = [kind for word, kind in BY_CONTENT.items() if word in f"{part} {content}".lower()]
    return kinds[0] if kinds else "object" if "/embeddings/" in part.lower() else "file"


class ContentTypes:
    """Listens to `[Content_Types].xml`: of which kind each part is."""

    def __init__(self) -> None:
        self._by_ending: dict[str, str] = {}
        self._by_name: dict[str, str] = {}

    def start(self, name: Name, attributes: Attributes) -> None:
        """A line for an ending, or for one part."""
        given = {key: value.strip() for (_, key), value in attributes.items()}
        content = given.get("ContentType", "").partition(";")[0].strip().lower()
        if name[1] == "Default":
            self._by_ending[given.get("Extension", "").lower()] = content
        elif name[1] == "Override":
            self._by_name[unquote(given.get("PartName", "")).lstrip("/").lower()] = content

    def end(self, name: Name) -> None:
        """Nothing to be done."""

    def text(self, text: str) -> None:
        """Nothing to be done."""

    def every(self) -> set[str]:
        """Every kind that is named, whether a part is of it or not."""
        return {*self._by_ending.values(), *self._by_name.values()}

    def of(self, part: str) -> str:
        """The kind of a part; "" if nothing is said of it."""
        low = part.lower()
        return self._by_name.get(low) or self._by_ending.get(low.rpartition(".")[2] if "." in low else "", "")


class Relations:
    """Listens to a part of relationships: where the part that it belongs to leads."""

    def __init__(self, rels: str, found: Findings, owner: str = "") -> None:
        folder, _, name = rels.rpartition("_rels/")
        self.owner = owner or folder + name.removesuffix(".rels") or rels
        self._folder, self._found = folder, found
        self.links: set[str] = set()  # by their id: what may be pressed, and nothing else
        self.inside: list[Relation] = []

    def start(self, name: Name, attributes: Attributes) -> None:
        """One relationship."""
        if name[1] != "Relationship":
            return
        given = {key: value for (_, key), value in attributes.items()}
        target, mode = given.get("Target", ""), given.get("TargetMode", "Internal").strip().lower()
        of_type = given.get("Type", "").strip()
        word = of_type.rpartition("/")[2].lower()
        if word == TEMPLATE:
            self._found.link(target)
        elif mode != "internal":
            self._outward(given.get("Id", ""), of_type, word, target)
        elif word in KINDS:
            self._tell(KINDS[word], target)
        elif SCHEME.match(unquote(target).strip()):
            self._tell("outside", target)
        else:
            self._inward(of_type, target)

    def end(self, name: Name) -> None:
        """Nothing to be done."""

    def text(self, text: str) -> None:
        """Nothing to be done."""

    def _tell(self, kind: FindingKind, target: str) -> None:
        self._found.add(kind, self.owner, target)

    def _outward(self, key: str, of_type: str, word: str, target: str) -> None:
        if of_type in HYPERLINKS:
            self.links.add(key)
            if not is_safe_link(target.strip()):
                self._tell("link", target)
        else:
            self._tell("picture" if word == "image" else KINDS.get(word, "outside"), target)

    def _inward(self, of_type: str, target: str) -> None:
        plain = unquote(target).partition("#")[0]
        if not plain:
            return
        path = posixpath.normpath(posixpath.join(self._folder, plain))
        if path.startswith(".."):
            self._tell("name", target)
        self.inside.append(Relation(of_type, path.lstrip("/")))


class Relation(NamedTuple):
    """A relationship to another part of the file."""

    of_type: str
    target: str

    @property
    def is_strict(self) -> bool:
        return self.of_type.startswith(STRICT)
