"""Looking at a foreign .docx before any parser sees it, and at a filled one before anybody gets it.

What is no document, or would grow without end, is refused at once. Of what would run, or be fetched, when somebody
opens the paper, everything is told: what it is and in which part. A link to a template is told too, and is dropped when
the paper is filled. Only the standard library is imported: this runs in the worker's first moments (`docx_worker`).
"""

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import unquote

from services.documents.docx_worker import docx_relations, docx_xml
from services.documents.docx_worker.docx_findings import N_, Findings, TemplateUnusable
from services.documents.docx_worker.docx_markup import LINKS, Markup
from services.documents.docx_worker.docx_relations import ContentTypes, Relations
from services.documents.docx_worker.docx_xml import XmlBroken, XmlReading, XmlRefused

MOST_ENTRIES = 2000
LARGEST_UNPACKED = 60 * 1024 * 1024
HIGHEST_RATIO = 200  # of what is unpacked to what was sent; a table that repeats itself has a tenth of it
RATIO_FROM = 5 * 1024 * 1024  # below, a ratio does no harm
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# how files begin that are no pictures, whatever is said of them: OLE, ZIP, programs, markup in any encoding, RTF, PDF
NO_PICTURE = re.compile(
    rb"\xd0\xcf\x11\xe0|PK\x03\x04|MZ|\x7fELF|#!|\{\\rtf|%PDF|MIME-|(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<"
)
BAD_NAME = re.compile(r"^/|\\|:|//|(?:^|/)\.\.?(?:/|$)|[\0-\x1f\x7f]")
DAMAGED = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error, struct.error,
)  # fmt: skip


def check(template: bytes) -> tuple[str, ...]:
    """The templates that it is linked to, which are to be dropped. Raises TemplateUnusable for what is no .docx, would
    grow beyond measure, or holds what would run or be fetched when it is opened."""
    if template.startswith(b"\xd0\xcf\x11\xe0"):
        raise TemplateUnusable(
            "old", N_("Это старый формат .doc или файл с паролем. Сохраните его в Word как .docx без пароля.")
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(template))
    except DAMAGED as fault:
        raise TemplateUnusable("no_docx", N_("Это не документ Word: нужен файл .docx.")) from fault
    found = Findings()
    try:
        _Package(archive, found, len(template)).look()
    except DAMAGED as fault:
        raise TemplateUnusable("no_docx", N_("Файл повреждён: откройте его в Word и сохраните заново.")) from fault
    if every := tuple(found):
        text = N_("В файле есть то, что может запуститься или загрузиться со стороны, когда документ откроют.")
        raise TemplateUnusable("unsafe", text, every)
    return tuple(found.templates)


class _Package:
    """One archive, part by part."""

    def __init__(self, archive: zipfile.ZipFile, found: Findings, size: int) -> None:
        self._archive, self._found = archive, found
        self._entries = [one for one in archive.infolist() if not one.is_dir()]
        self._types = ContentTypes()
        self._relations: dict[str, Relations] = {}  # by the part that they belong to, its letters lowered
        self._left = LARGEST_UNPACKED
        self._measure(archive, size)

    def look(self) -> None:
        """Everything in it."""
        self._names()
        if docx_relations.TYPES not in self._archive.namelist():
            raise TemplateUnusable("no_docx", N_("Это не документ Word: нужен файл .docx."))
        self._read(docx_relations.TYPES, self._archive.read(docx_relations.TYPES), self._types)
        if any("macroenabled" in one or "vba" in one for one in self._types.every()):
            self._found.add("macro", docx_relations.TYPES)
        self._every_relation()
        self._main()
        for entry in self._entries:
            if entry.filename != docx_relations.TYPES and not _is_relations(entry):
                self._part(entry)

    def _measure(self, archive: zipfile.ZipFile, size: int) -> None:
        entries = archive.infolist()
        unpacked = sum(one.file_size for one in entries)
        self._left -= unpacked
        if len(entries) > MOST_ENTRIES or self._left < 0 or unpacked > max(RATIO_FROM, HIGHEST_RATIO * size):
            raise TemplateUnusable(
                "bomb", N_("При распаковке файл становится слишком большим: такой шаблон не принимается.")
            )
        if any(one.compress_type not in PACKINGS for one in entries):
            raise zipfile.BadZipFile("a packing that Word does not know")

    def _names(self) -> None:
        seen = set[str]()
        for one in self._archive.infolist():
            name = one.orig_filename
            if BAD_NAME.search(name) or BAD_NAME.search(unquote(name)):
                self._found.add("name", name)
            elif name.lower() in seen:
                self._found.add("twice", name)
            seen.add(name.lower())

    # --- what leads where -----------------------------------------------------------------------------------------

    def _every_relation(self) -> None:
        names = {one.filename for one in self._entries}
        low = {name.lower() for name in names}
        for entry in self._entries:
            if _is_relations(entry):
                listener = Relations(entry.filename, self._found)
                self._read(entry.filename, self._archive.read(entry), listener)
                self._relations[listener.owner.lower()] = listener
                for one in listener.inside:
                    if one.target not in names and one.target.lower() in low:
                        self._found.add("name", listener.owner, one.target)

    def _main(self) -> None:
        """The document itself: an ordinary one."""
        root = self._relations.get(docx_relations.ROOT)
        documents = [one for one in root.inside if one.of_type == docx_relations.DOCUMENT] if root else []
        if root and not documents and any(one.is_strict for one in root.inside):
            text = N_("Файл сохранён как «Строгий документ Open XML». Нужен обычный: «Документ Word (*.docx)».")
            raise TemplateUnusable("strict", text)
        content = {self._types.of(one.target) for one in documents}
        if any(".template." in one for one in content):
            text = N_("Это шаблон Word (.dotx), а не документ. Сохраните его как «Документ Word (*.docx)».")
            raise TemplateUnusable("dotx", text)
        if not documents:
            raise TemplateUnusable("no_docx", N_("Это не документ Word: нужен файл .docx."))

    # --- what stands in the parts ---------------------------------------------------------------------------------

    def _part(self, entry: zipfile.ZipInfo) -> None:
        part, body = entry.filename, self._archive.read(entry)
        content = self._types.of(part)
        if docx_relations.XML.fullmatch(content) or (not content and part.lower().endswith(".xml")):
            self._markup(part, body, self._packed)
        elif not docx_relations.PICTURES.fullmatch(content):
            self._found.add(docx_relations.kind_of(part, content), part)
        elif NO_PICTURE.match(body):
            self._found.add("file", part)

    def _markup(self, part: str, body: bytes, open_packed: Callable[[str, str], None]) -> None:
        markup = Markup(part, self._found)
        self._read(part, body, markup)
        markup.close()
        own = self._relations.get(part.lower())
        for element, key in markup.references:
            if own and key in own.links and element not in LINKS:
                self._found.add("outside", part, element)
        for packed in markup.packed:
            open_packed(part, packed)

    def _packed(self, part: str, packed: str) -> None:
        """A drawing of Word's that is a small archive of its own, inside an attribute."""
        raw = base64.b64decode(packed)
        if not raw.startswith(b"PK"):
            self._found.add("file", part, "gfxdata")
            return
        archive = zipfile.ZipFile(io.BytesIO(raw))
        self._measure(archive, len(raw))
        for entry in archive.infolist():
            body = archive.read(entry)
            if _is_relations(entry):
                self._read(part, body, Relations(entry.filename, self._found, part))
            elif entry.filename.lower().endswith(".xml") and entry.filename != docx_relations.TYPES:
                self._markup(part, body, self._packed_twice)
            elif entry.filename != docx_relations.TYPES and NO_PICTURE.match(body):
                self._found.add("file", part, entry.filename)

    def _packed_twice(self, part: str, packed: str) -> None:
        self._found.add("file", part, "gfxdata")

    def _read(self, part: str, body: bytes, listener: XmlReading) -> None:
        if not body:
            return
        try:
            docx_xml.read(body, listener)
        except XmlRefused as refused:
            self._found.add(refused.kind, part, refused.detail)
        except XmlBroken as fault:
            text = N_("Часть файла повреждена: {part}. Откройте файл в Word, сохраните его заново и пришлите ещё раз.")
            raise TemplateUnusable("broken", text, part=part) from fault


def _is_relations(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(".rels")
