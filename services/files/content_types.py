"""What a file is by its bytes: neither its name nor what Telegram says of it counts.

A table of our own, because what matters here is not how many types are known but that a program, a script or a page can
never pass for a picture or a document; the libraries that tell types know hundreds and miss these three.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Literal

ContentKind = Literal["picture", "program", "page", "other"]
UNKNOWN, TEXT = "application/octet-stream", "text/plain"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")  # how an OLE file says that it is a Windows installer
PROGRAMS = (  # beginning, type
    (b"\x7fELF", "application/x-executable"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"dex\n", "application/x-dex"),
    (b"\x00asm", "application/wasm"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"#!", "text/x-script"),
    (b"MSCF", "application/vnd.ms-cab-compressed"),
)
PICTURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
)
OTHERS = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"AC10", "image/vnd.dwg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"),
)
HEIF = {  # brands of ISO files that are pictures
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "image/heic"),
    **dict.fromkeys((b"mif1", b"msf1"), "image/heif"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
}
OFFICE = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
SVG = re.compile(rb"<\s*svg[\s>:]|<\s*[a-z0-9]+:svg[\s>]")
HTML = re.compile(rb"<!doctype\s+html|<\s*(?:html|head|body|script|iframe|object|embed|meta|frameset)[\s>/]")
MARKUP = re.compile(rb"\s*<")
HEAD = 4096  # bytes in which a page shows that it is one


@dataclass(frozen=True, slots=True)
class ContentType:
    """What the bytes are: a `picture` is one that is drawn point by point, a `page` is HTML or SVG, a `program` is
    whatever runs when it is opened."""

    mime: str
    kind: ContentKind

    @property
    def is_picture(self) -> bool:
        return self.kind == "picture"


def look(data: bytes) -> ContentType:
    """What these bytes are."""
    if (program := _program(data)) is not None:
        return ContentType(program, "program")
    if (picture := _picture(data)) is not None:
        return ContentType(picture, "picture")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(data)
    if (other := _by_table(data, OTHERS)) is not None:
        return ContentType(other, "other")
    if data[4:8] == b"ftyp":
        return ContentType("video/mp4", "other")
    if data.startswith(OLE):
        return ContentType("application/x-ole-storage", "other")
    return _text(data)


def is_picture_type(mime: str | None) -> bool:
    """Whether a type, by its name, is a picture drawn point by point: SVG is a page that can run scripts."""
    return (mime or "").startswith("image/") and "svg" not in (mime or "") and "vnd." not in (mime or "")


def _program(data: bytes) -> str | None:
    if data.startswith(b"MZ") and _is_dos(data):
        return "application/vnd.microsoft.portable-executable"
    if data.startswith(OLE) and INSTALLER in data:
        return "application/x-msi"
    return next((mime for begins, mime in PROGRAMS if data.startswith(begins)), None)


def _is_dos(data: bytes) -> bool:
    """Whether what begins with MZ is a program and no text that happens to."""
    at = int.from_bytes(data[60:64], "little")
    return data[at : at + 2] in (b"PE", b"NE", b"LE", b"LX") or b"\x00" in data[:64]


def _picture(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        size = min(int.from_bytes(data[:4], "big"), 256)
        brands = [data[8:12], *(data[at : at + 4] for at in range(16, size, 4))]
        return next((HEIF[one] for one in brands if one in HEIF), None)
    if data.startswith(b"BM") and data[6:10] == bytes(4) and 12 <= int.from_bytes(data[14:18], "little") <= 124:
        return "image/bmp"
    return _by_table(data, PICTURES)


def _by_table(data: bytes, table: tuple[tuple[int, bytes, str], ...]) -> str | None:
    return next((mime for at, sign, mime in table if data[at : at + len(sign)] == sign), None)


def _archive(data: bytes) -> ContentType:
    """A ZIP file, and what goes by that form: office files, programs of Java and Android."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            said = archive.read("mimetype")[:100] if names[:1] == ["mimetype"] else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return ContentType("application/zip", "other")
    if "AndroidManifest.xml" in names or any(one.endswith(".class") for one in names):
        return ContentType("application/java-archive", "program")
    if re.fullmatch(rb"application/[\w.+-]{1,90}", said):
        return ContentType(said.decode(), "other")
    office = next((mime for folder, mime in OFFICE if any(one.startswith(folder) for one in names)), None)
    return ContentType(office or "application/zip", "other")


def _text(data: bytes) -> ContentType:
    head = _plain(data[:HEAD]).lower()
    if MARKUP.match(head):
        if SVG.search(head):
            return ContentType("image/svg+xml", "page")
        if HTML.search(head):
            return ContentType("text/html", "page")
        return ContentType("application/xml", "other")
    if head.startswith(b"%pdf-") or b"%pdf-" in head[:1024]:
        return ContentType("application/pdf", "other")
    return ContentType(UNKNOWN if b"\x00" in head else TEXT, "other")


def _plain(head: bytes) -> bytes:
    """The text's beginning in one byte a letter: without a mark of its encoding, out of UTF-16 too."""
    for mark, coding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(coding, "replace").encode("utf-8")
    return head.removeprefix(b"\xef\xbb\xbf")
