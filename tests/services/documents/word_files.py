"""A .docx taken apart and put together again with what Word would never write into it, or somebody hostile would."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache

from docx import Document

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES, BODY, RELS = "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"
SETTINGS, SETTINGS_RELS = "word/settings.xml", "word/_rels/settings.xml.rels"

STYLES = (
    "word/styles.xml", "word/stylesWithEffects.xml", "word/numbering.xml", "word/theme/theme1.xml",
    "word/fontTable.xml",
)  # fmt: skip

Parts = dict[str, bytes]
Change = Callable[[Parts], None]


@cache
def _plain() -> bytes:
    document, out = Document(), io.BytesIO()
    document.add_paragraph("{{ client.name }}")
    document.sections[0].header.paragraphs[0].text = "колонтитул"
    document.save(out)
    parts = parts_of(out.getvalue())
    for name in STYLES:  # most of the file, and read anew for each of a hundred files
        parts[name] = re.sub(rb"^(<\?.*?\?>\s*)?(<[^>]*>).*(</[^>]*>)\s*$", rb"\1\2\3", parts[name], flags=re.DOTALL)
    return packed(parts)


def parts_of(packed: bytes) -> Parts:
    """Every part by its name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    """The parts as a file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def word_file(*changes: Change) -> bytes:
    """An ordinary file, changed."""
    parts = parts_of(_plain())
    for change in changes:
        change(parts)
    return packed(parts)


def in_body(xml: str, part: str = BODY) -> Change:
    """These elements before the text of the document."""

    def change(parts: Parts) -> None:
        opening = b"<w:body>"
        assert opening in parts[part]
        parts[part] = parts[part].replace(opening, opening + xml.encode(), 1)

    return change


def related(of_type: str, target: str, *, inside: bool = False, rels: str = RELS, key: str = "rIdX") -> Change:
    """A relationship; a type without an address is one of Office's."""
    kind = of_type if "/" in of_type else f"{OFFICE}/{of_type}"
    mode = "" if inside else ' TargetMode="External"'
    return in_rels(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"{mode}/>', rels)


def in_rels(xml: str, rels: str = RELS) -> Change:
    """More relationships, word for word."""
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'

    def change(parts: Parts) -> None:
        body = parts.get(rels, empty)
        parts[rels] = body.replace(b"</Relationships>", xml.encode() + b"</Relationships>")

    return change


def with_part(name: str, body: bytes, content: str = "") -> Change:
    """One more part, of a kind that `[Content_Types].xml` tells."""

    def change(parts: Parts) -> None:
        parts[name] = body
        if content:
            line = f'<Override PartName="/{name}" ContentType="{content}"/></Types>'
            parts[TYPES] = parts[TYPES].replace(b"</Types>", line.encode())

    return change


def rewritten(name: str, old: str, new: str) -> Change:
    """Other words in a part."""

    def change(parts: Parts) -> None:
        assert old.encode() in parts[name], old
        parts[name] = parts[name].replace(old.encode(), new.encode())

    return change


def with_another_prefix(parts: Parts) -> None:
    """The document with all its elements of Word's called otherwise."""
    parts[BODY] = parts[BODY].replace(b"w:", b"q:").replace(b"xmlns:w=", b"xmlns:q=")


def in_settings(xml: str) -> Change:
    """Elements among the settings of the document."""
    return rewritten(SETTINGS, "</w:settings>", f"{xml}</w:settings>")


def field(*codes: str, between: str = "") -> str:
    """A field whose code is spread over runs."""
    runs = between.join(f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>' for code in codes)
    return f"<w:p>{sign('begin')}{runs}{sign('separate')}<w:r><w:t>!</w:t></w:r>{sign('end')}</w:p>"


def sign(kind: str) -> str:
    """Where a field begins, where its result does, where it ends."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str, tag: str = "instrText") -> str:
    """A piece of a field's code."""
    return f"<w:r><w:{tag}>{text}</w:{tag}></w:r>"
