"""What a file is, by its bytes: no name and no word of Telegram's makes a program a picture (safety 21)."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.files import content_types

DOS = b"MZ" + b"\x90\x00" * 29 + struct.pack("<I", 64) + b"PE\x00\x00"


def archive(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


KNOWN = {
    "a program of Windows": (DOS, "program"),
    "a program of Linux": (b"\x7fELF\x02\x01\x01" + bytes(9), "program"),
    "a program of a Mac": (b"\xcf\xfa\xed\xfe" + bytes(9), "program"),
    "a class of Java": (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", "program"),
    "an archive of Java": (archive("META-INF/MANIFEST.MF", "Main.class"), "program"),
    "an app of Android": (archive("AndroidManifest.xml", "classes.dex"), "program"),
    "an installer": (content_types.OLE + bytes(600) + content_types.INSTALLER, "program"),
    "a shortcut": (b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(9), "program"),
    "a script": (b"#!/bin/sh\nrm -rf ~\n", "program"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "page"),
    "a page behind a mark and a comment": (b"\xef\xbb\xbf \n<!-- x --><html>", "page"),
    "a page in two bytes a letter": ("\ufeff<html><body>".encode("utf-16-le"), "page"),
    "a drawing that can run": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" onload="x()">', "page"),
    "a drawing by another name": (b'<a:svg xmlns:a="http://www.w3.org/2000/svg">', "page"),
    "a picture": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "picture"),
    "a picture of an iPhone": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "picture"),
    "a film": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "other"),
    "a paper": (b"%PDF-1.7\n", "other"),
    "a paper of Word": (archive("[Content_Types].xml", "word/document.xml"), "other"),
    "a drawing of AutoCAD": (b"AC1032\x00\x00", "other"),
    "an archive": (archive("план.dwg"), "other"),
    "half an archive": (archive("a")[:40], "other"),
    "words": ("MZ — так зовут мастера, <b>не</b> программа".encode(), "other"),
    "XML of another program": (b'<?xml version="1.0"?><Project><Panel/></Project>', "other"),
    "nothing": (b"", "other"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_what_it_is(name: str) -> None:
    data, kind = KNOWN[name]
    assert content_types.look(data).kind == kind


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (archive("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (archive(mimetype="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        (archive(mimetype="text/html<script>"), "application/zip"),
        (b"x" * 9, "text/plain"),
        (b"x\x00" * 9, "application/octet-stream"),
    ],
)
def test_its_true_type(data: bytes, mime: str) -> None:
    assert content_types.look(data).mime == mime


@given(st.binary(max_size=300), st.sampled_from([data[:16] for data, _ in KNOWN.values()]))
def test_whatever_comes_something_is_said_of_it(rest: bytes, beginning: bytes) -> None:
    assert content_types.look(beginning + rest).kind in ("picture", "program", "page", "other")


def test_a_picture_by_its_type_is_drawn_point_by_point() -> None:
    assert content_types.is_picture_type("image/heic")
    assert not [
        one for one in ("image/svg+xml", "image/vnd.dwg", None, "text/html") if content_types.is_picture_type(one)
    ]
