"""Pictures without what they tell beside the picture: where and when it was taken, by which telephone, whose it is.

Nothing is drawn anew, so no point of the picture changes: parts of the file are left out. Which way up it is stays.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator

from services.files import heif_cleaning

EXIF = b"Exif\x00\x00"
UPRIGHT = 1
ORIENTATION, SHORT = 0x0112, 3
JPEG_NEXT = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # behind packed points: what is neither a zero nor a restart
SOI, EOI, SOS, COM = 0xD8, 0xD9, 0xDA, 0xFE
PNG_SIGN = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"pHYs",
     b"hIST", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI")
)  # fmt: skip
WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"))
WEBP_EXIF, WEBP_XMP = 0x08, 0x04  # flags of VP8X


def cleaned(data: bytes, mime: str) -> bytes | None:
    """The same picture without what it tells; None if its kind or its damage does not let us find that."""
    if mime not in CLEANERS:
        return None
    try:
        return CLEANERS[mime](data)
    except (ValueError, IndexError, struct.error):
        return None


# --- JPEG -------------------------------------------------------------------------------------------------------


def _jpeg(data: bytes) -> bytes:
    parts, turned = [b"\xff\xd8"], UPRIGHT
    for marker, body in _segments(data):
        if marker == 0xE1 and body.startswith(EXIF, 4):
            turned = orientation(body[4 + len(EXIF) :]) if turned == UPRIGHT else turned
        if marker == 0xE0 and body.startswith(b"JFIF\x00", 4):
            parts.append(b"\xff\xe0\x00\x10" + body[4:16] + bytes(2))  # without its thumbnail
        elif _is_kept(marker, body):
            parts.append(body)
    if turned != UPRIGHT:
        exif = EXIF + only_orientation(turned)
        parts.insert(
            2 if parts[1].startswith(b"\xff\xe0") else 1, b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
        )
    return b"".join(parts)


def _is_kept(marker: int, body: bytes) -> bool:
    """Colours (ICC, Adobe) and whatever the points are unpacked by; no other application's part, no comment."""
    if 0xE0 <= marker <= 0xEF:
        return (marker == 0xE2 and body.startswith(b"ICC_PROFILE\x00", 4)) or (
            marker == 0xEE and body.startswith(b"Adobe", 4)
        )
    return marker != COM


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each part with its marker and length, the packed points with theirs; what stands behind the end is none."""
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == EOI:
            yield marker, b"\xff\xd9"
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end - at < 4 or end > len(data):
            raise ValueError("a part without an end")
        if marker == SOS:
            found = JPEG_NEXT.search(data, end)
            if found is None:
                raise ValueError("cut off")
            end = found.start()
        yield marker, data[at:end]
        at = end


# --- PNG --------------------------------------------------------------------------------------------------------


def _png(data: bytes) -> bytes:
    parts, at, kind = [PNG_SIGN], len(PNG_SIGN), b""
    while kind != b"IEND":
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(data) or not kind.isalpha():
            raise ValueError("a chunk without an end")
        if kind in PNG_KEPT:
            parts.append(data[at:end])
        elif kind == b"eXIf" and (turned := orientation(data[at + 8 : end - 4])) != UPRIGHT:
            parts.append(_png_chunk(b"eXIf", only_orientation(turned)))
        at = end
    return b"".join(parts)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


# --- WebP -------------------------------------------------------------------------------------------------------


def _webp(data: bytes) -> bytes:
    parts, at, turned = list[bytes](), 12, UPRIGHT
    while at + 8 <= min(len(data), 8 + int.from_bytes(data[4:8], "little")):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if at + 8 + size > len(data):
            raise ValueError("a chunk without an end")
        if kind == b"EXIF":
            turned = orientation(data[at + 8 : at + 8 + size].removeprefix(EXIF))
        elif kind in WEBP_KEPT:
            parts.append(data[at:end].ljust(end - at, b"\x00"))
        at = end
    if not parts:
        raise ValueError("no picture")
    if parts[0].startswith(b"VP8X"):
        flags = parts[0][8] & ~(WEBP_EXIF | WEBP_XMP) | (WEBP_EXIF if turned != UPRIGHT else 0)
        parts[0] = parts[0][:8] + bytes([flags]) + parts[0][9:]
        if turned != UPRIGHT:
            exif = only_orientation(turned)
            parts.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


# --- which way up -----------------------------------------------------------------------------------------------


def orientation(tiff: bytes) -> int:
    """Which way up the picture is to be shown, from 1 (as it is) to 8, by its EXIF; 1 if that does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return UPRIGHT
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    count = struct.unpack_from(f"{order}H", tiff, at)[0] if at + 2 <= len(tiff) else 0
    for n in range(count):
        if (place := at + 2 + 12 * n) + 12 > len(tiff):
            break
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if (tag, kind) == (ORIENTATION, SHORT):
            return value if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def only_orientation(turned: int) -> bytes:
    """EXIF that says which way up the picture is, and nothing else."""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, ORIENTATION, SHORT, 1, turned, 0, 0)


CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/bmp": bytes,
    "image/heic": heif_cleaning.cleaned, "image/heif": heif_cleaning.cleaned, "image/avif": heif_cleaning.cleaned,
}  # fmt: skip
