"""How many points a picture has, by its header: nothing is unpacked, so a picture that is a bomb does not go off."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

MOST_PIXELS = 120_000_000  # a telephone's 108 megapixels; what shows a bigger one needs half a gigabyte for it
JPEG_FRAME = re.compile(rb"[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")
ISPE = b"ispe\x00\x00\x00\x00"
WIDTH, HEIGHT = 256, 257  # tags of TIFF


def pixels(data: bytes, mime: str) -> int | None:
    """The number of points; None where the header does not say."""
    try:
        found = READERS[mime](data) if mime in READERS else None
    except (struct.error, IndexError):
        return None
    return found[0] * found[1] if found is not None else None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1 : at + 2]
        if marker == b"\xff":  # filling
            at += 1
        elif JPEG_FRAME.fullmatch(marker):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _png(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _bmp(data: bytes) -> tuple[int, int]:
    if int.from_bytes(data[14:18], "little") == 12:
        width, height = struct.unpack_from("<HH", data, 18)
        return width, height
    width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def _webp(data: bytes) -> tuple[int, int] | None:
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _tiff(data: bytes) -> tuple[int, int] | None:
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, at)
    found: dict[int, int] = {}
    for n in range(count):
        tag, kind, _ = struct.unpack_from(f"{order}HHI", data, at + 2 + 12 * n)
        if tag in (WIDTH, HEIGHT):
            (found[tag],) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, at + 10 + 12 * n)
    return (found[WIDTH], found[HEIGHT]) if len(found) == 2 else None


def _heif(data: bytes) -> tuple[int, int] | None:
    """The biggest of what it says of its parts: a picture may be laid of tiles."""
    sizes = [struct.unpack_from(">II", data, one.end()) for one in re.finditer(re.escape(ISPE), data[: 1 << 20])]
    return max(sizes, key=lambda one: one[0] * one[1], default=None)


READERS: dict[str, Callable[[bytes], tuple[int, int] | None]] = {
    "image/jpeg": _jpeg, "image/png": _png, "image/gif": _gif, "image/bmp": _bmp, "image/webp": _webp,
    "image/tiff": _tiff, "image/heic": _heif, "image/heif": _heif, "image/avif": _heif,
}  # fmt: skip
