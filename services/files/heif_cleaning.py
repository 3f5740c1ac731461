"""HEIC, HEIF and AVIF without what they tell: their EXIF and XMP are written over in place, with an empty one.

A HEIF file names its parts in a table (`meta`: `iinf` says what each is, `iloc` where it lies), so nothing has to be
moved. Which way up the picture is stands in a part of its own (`irot`) and stays.
"""

from __future__ import annotations

from collections.abc import Iterator

EMPTY_EXIF = bytes(4) + b"II*\x00\x08\x00\x00\x00" + bytes(6)  # a place for the header, and a list of no entries
TELLS = (b"Exif", b"mime")  # kinds of parts that are no picture: EXIF, XMP
Extent = tuple[int, int]  # where it begins, how long it is


def cleaned(data: bytes) -> bytes:
    """The file with empty EXIF and XMP. ValueError if its table cannot be read."""
    made = bytearray(data)
    for start, end in _boxes(data, 0, len(data)):
        if data[start + 4 : start + 8] in (b"uuid", b"udta", b"free", b"skip") and end - start > 8:
            _blank(made, start + _head(data, start), end)
    meta = next((one for one in _boxes(data, 0, len(data)) if data[one[0] + 4 : one[0] + 8] == b"meta"), None)
    if meta is None:
        raise ValueError("no table of parts")
    inside = {
        data[start + 4 : start + 8]: (start + _head(data, start), end)
        for start, end in _boxes(data, meta[0] + _head(data, meta[0]) + 4, meta[1])
    }
    if b"iinf" not in inside or b"iloc" not in inside:
        raise ValueError("no table of parts")
    kinds = dict(_kinds(data, *inside[b"iinf"]))
    base = inside.get(b"idat", (0, 0))[0]
    for item, extents in _places(data, *inside[b"iloc"], base):
        if kinds.get(item) in TELLS:
            for number, (at, size) in enumerate(extents):
                _write_over(made, at, size, EMPTY_EXIF if kinds[item] == b"Exif" and number == 0 else b"")
    return bytes(made)


def _write_over(made: bytearray, at: int, size: int, empty: bytes) -> None:
    if size == 0 or at + size > len(made):  # without a length it is all of the file
        raise ValueError("a part lies outside the file")
    made[at : at + size] = empty[:size].ljust(size, b"\x00")


def _blank(made: bytearray, start: int, end: int) -> None:
    made[start:end] = bytes(end - start)


def _boxes(data: bytes, at: int, end: int) -> Iterator[Extent]:
    """Where each box begins and ends; the length stands at its beginning."""
    while at + 8 <= end:
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        elif size == 0:
            size = end - at
        if size < 8 or at + size > end:
            raise ValueError("a box without an end")
        yield at, at + size
        at += size


def _head(data: bytes, start: int) -> int:
    return 16 if data[start : start + 4] == b"\x00\x00\x00\x01" else 8


class _Reader:
    """Numbers one after the other."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data, self._at, self._end = data, at, end

    def number(self, size: int) -> int:
        if self._at + size > self._end:
            raise ValueError("the table is cut off")
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at], "big")


def _kinds(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """(Number of the part, its kind), out of `iinf`."""
    version = data[at]
    for start, stop in _boxes(data, at + 4 + (2 if version == 0 else 4), end):
        entry = _Reader(data, start + 8, stop)
        made = entry.number(1)
        entry.number(3)
        if made < 2:
            raise ValueError("a table of an old kind")
        item = entry.number(2 if made == 2 else 4)
        entry.number(2)
        yield item, entry.number(4).to_bytes(4, "big")


def _places(data: bytes, at: int, end: int, base: int) -> Iterator[tuple[int, list[Extent]]]:
    """(Number of the part, where it lies), out of `iloc`; `base` is where the `idat` box has its bytes."""
    table = _Reader(data, at, end)
    version = table.number(1)
    table.number(3)
    sizes = table.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(table.number(2 if version < 2 else 4)):
        item = table.number(2 if version < 2 else 4)
        method = table.number(2) & 15 if version else 0
        table.number(2)
        start = table.number(base_size)
        extents = []
        for _ in range(table.number(2)):
            if version and index_size:
                table.number(index_size)
            offset, length = table.number(offset_size), table.number(length_size)
            extents.append((start + offset + (base if method == 1 else 0), length))
        if method > 1:
            raise ValueError("a part made of others")
        yield item, extents
