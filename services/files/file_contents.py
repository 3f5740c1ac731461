"""What a file that came in turns out to be: kept under its true type, cleaned of what it tells, or refused.

Pure bytes: whoever calls has fetched them, and writes down what comes of it (`received_files`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from models.states import FileKind, FileRefusal
from services.files import content_types, picture_cleaning, picture_sizes

# a file that runs when it is opened, by its name: the door refuses it before it is fetched
PROGRAM_ENDINGS = frozenset({
    "apk", "app", "application", "bat", "cmd", "com", "cpl", "dll", "dmg", "exe", "gadget", "hta", "inf", "jar",
    "js", "jse", "lnk", "msc", "msi", "msp", "ps1", "psm1", "reg", "scf", "scr", "sh", "vb", "vbe", "vbs", "ws", "wsf",
    "wsh",
})  # fmt: skip
PAGE_ENDINGS = frozenset({"htm", "html", "mht", "shtml", "svg", "svgz", "xht", "xhtml", "xml", "xsl"})


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file looked through: its bytes as they are to be kept, its true type, why it is refused if it is.

    `traces`: a picture that may tell where it was taken, because it is of a kind that cannot be cleaned.
    """

    data: bytes = field(repr=False)
    mime: str
    is_picture: bool
    traces: bool = False
    refusal: FileRefusal | None = None


def look_through(data: bytes, kind: FileKind, name: str) -> FileContent:
    """Look at a file's bytes; `name` says what it is meant to be. What Telegram calls a photo it has drawn anew itself,
    so that nothing is left of what it told."""
    found = content_types.look(data)
    refusal = _refusal(data, found, name)
    if refusal is not None or not found.is_picture or kind != "document":
        return FileContent(data, found.mime, found.is_picture, refusal=refusal)
    clean = picture_cleaning.cleaned(data, found.mime)
    return FileContent(data if clean is None else clean, found.mime, True, traces=clean is None)


def ending_of(name: str) -> str:
    """The last part of a file's name, in small letters: what people take for its type."""
    return name.rpartition(".")[2].lower().strip() if "." in name else ""


def is_program_by_name(name: str) -> bool:
    """Whether a file of that name runs when it is opened."""
    return ending_of(name) in PROGRAM_ENDINGS


def _refusal(data: bytes, found: content_types.ContentType, name: str) -> FileRefusal | None:
    if found.kind == "program":
        return "program"
    if found.kind == "page" and ending_of(name) not in PAGE_ENDINGS:
        return "page"
    size = picture_sizes.pixels(data, found.mime) if found.is_picture else None
    return "pixels" if size is not None and size > picture_sizes.MOST_PIXELS else None
