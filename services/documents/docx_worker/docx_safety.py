"""Looking at a foreign .docx before any parser sees it: what is no document, holds programs or would grow without end.

Only the standard library is imported: this runs in the worker's first moments (`docx_worker`).
"""

from __future__ import annotations

import io
import re
import zipfile

MOST_ENTRIES = 2000
LARGEST_UNPACKED = 60 * 1024 * 1024
OUTSIDE = re.compile(rb'(?:attachedTemplate|oleObject|frame|subDocument)"[^>]*Target="(?:https?:|\\\\|file://[^/])')


class TemplateUnusable(Exception):
    """The template is not taken: code, a msgid, and what fills it."""

    def __init__(self, code: str, message: str, **data: object) -> None:
        super().__init__(code)
        self.code, self.message, self.data = code, message, data


def N_(msgid: str) -> str:
    """Marks a message for extraction, without importing the package that does."""
    return msgid


def check(template: bytes) -> None:
    """Refuse what is no .docx, holds programs, or would grow beyond measure, before any parser sees it."""
    if template.startswith(b"\xd0\xcf\x11\xe0"):
        raise TemplateUnusable(
            "old", N_("Это старый формат .doc или файл с паролем. Сохраните его в Word как .docx без пароля.")
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(template))
    except (zipfile.BadZipFile, ValueError) as fault:
        raise TemplateUnusable("no_docx", N_("Это не документ Word: нужен файл .docx.")) from fault
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > LARGEST_UNPACKED:
        raise TemplateUnusable(
            "bomb", N_("При распаковке файл становится слишком большим: такой шаблон не принимается.")
        )
    names = {one.filename for one in entries}
    if "word/document.xml" not in names:
        raise TemplateUnusable("no_docx", N_("Это не документ Word: нужен файл .docx."))
    try:
        _check_parts(archive, entries)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as fault:
        raise TemplateUnusable("no_docx", N_("Файл повреждён: откройте его в Word и сохраните заново.")) from fault


def _check_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    if any("vbaproject" in one.filename.lower() for one in entries) or b"macroEnabled" in archive.read(
        "[Content_Types].xml"
    ):
        raise TemplateUnusable("macros", N_("В файле есть макросы. Сохраните его как обычный .docx, без макросов."))
    for one in entries:
        if not one.filename.lower().endswith((".xml", ".rels")):
            continue
        # NULs out: the same words in UTF-16
        text = archive.read(one).replace(b"\0", b"")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise TemplateUnusable(
                "entities", N_("В файле есть то, чего Word не пишет. Откройте его в Word и сохраните заново.")
            )
        if OUTSIDE.search(text):
            raise TemplateUnusable("outside", N_("Документ подгружает содержимое из интернета. Уберите эту связь."))
