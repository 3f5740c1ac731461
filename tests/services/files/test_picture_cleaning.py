"""Pictures that leave the firm tell nothing of where and when they were taken, and are point for point what they were
(safety 23)."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageOps, PngImagePlugin

from services.files import content_types, picture_cleaning, picture_sizes

PLACE, OWNER, XMP = "55.7558", "Nikon Of Petrov", b"<x:xmpmeta>GPSLatitude 55,45N Petrov</x:xmpmeta>"
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif"}


def exif(turned: int = 1) -> bytes:
    made = Image.Exif()
    made[ExifTags.Base.Orientation] = turned
    made[ExifTags.Base.Artist] = OWNER
    made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:20 12:00:00"
    gps = made.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (55.0, 45.0, 21.0)
    return made.tobytes()


def drawn() -> Image.Image:
    return Image.effect_noise((97, 61), 80).convert("RGB")


def taken(kind: str, turned: int = 1, **more: Any) -> bytes:
    """A picture as a telephone makes it: with EXIF, a place, a name."""
    out = io.BytesIO()
    drawn().save(out, kind, exif=exif(turned), **more)
    return out.getvalue()


def points(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGB").tobytes()


def cleaned(data: bytes) -> bytes:
    made = picture_cleaning.cleaned(data, content_types.look(data).mime)
    assert made is not None
    return made


def tells(data: bytes) -> dict[int, Any]:
    with Image.open(io.BytesIO(data)) as opened:
        found = opened.getexif()
        return {**found, **found.get_ifd(ExifTags.IFD.GPSInfo), **found.get_ifd(ExifTags.IFD.Exif)}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_place_the_moment_and_the_name_are_gone_and_every_point_is_the_same(kind: str) -> None:
    before = taken(kind, **({"lossless": True} if kind == "WEBP" else {}))
    assert ExifTags.GPS.GPSLatitude in tells(before) and OWNER.encode() in before
    after = cleaned(before)
    assert content_types.look(after).mime == FORMATS[kind]
    assert points(after) == points(before)
    assert tells(after) == {}
    assert OWNER.encode() not in after and b"2026:11:20" not in after


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_which_way_up_it_is_stays(kind: str, turned: int) -> None:
    before = taken(kind, turned)
    after = cleaned(before)
    assert tells(after) == ({} if turned == 1 else {ExifTags.Base.Orientation: turned})

    def shown(data: bytes) -> tuple[tuple[int, int], bytes]:
        with Image.open(io.BytesIO(data)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
        return upright.size, upright.tobytes()

    assert shown(after) == shown(before)


@pytest.mark.parametrize("settings", [{"progressive": True}, {"quality": 30, "subsampling": 2}, {"comment": XMP}])
def test_a_jpeg_keeps_no_xmp_comment_thumbnail_or_what_hangs_behind_its_end(settings: dict[str, Any]) -> None:
    plain = taken("JPEG", xmp=XMP, icc_profile=b"colours", **settings)
    before = plain[:2] + segment(0xE0, b"JFIF\0\1\1\1\0\1\0\1\1\1abc") + plain[20:] + b"and a film of the moment"
    after = cleaned(before)
    assert points(after) == points(before)
    with Image.open(io.BytesIO(after)) as opened:
        assert opened.info.get("icc_profile") == b"colours", "its colours stay"
    assert not [one for one in (XMP[:10], b"Petrov", b"abc", b"film") if one in after]
    assert cleaned(after) == after


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def test_a_jpeg_of_four_colours_keeps_how_they_are_unpacked() -> None:
    out = io.BytesIO()
    drawn().convert("CMYK").save(out, "JPEG", exif=exif())
    assert points(cleaned(out.getvalue())) == points(out.getvalue())


def test_a_png_keeps_no_words() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", OWNER)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    words.add_text("Comment", PLACE * 50, zip=True)
    before = taken("PNG", pnginfo=words, dpi=(300, 300))
    after = cleaned(before + b"behind the end")
    assert points(after) == points(before)
    with Image.open(io.BytesIO(after)) as opened:
        assert set(opened.info) == {"dpi"}
    assert b"behind" not in after


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_a_picture_that_moves_still_does(kind: str) -> None:
    out = io.BytesIO()
    frames = [drawn() for _ in range(3)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], exif=exif(), xmp=XMP)
    after = cleaned(out.getvalue())
    with Image.open(io.BytesIO(after)) as opened:
        assert opened.n_frames == 3  # type: ignore[attr-defined]
    assert b"Petrov" not in after and tells(after) == {}


def test_an_avif_keeps_no_xmp() -> None:
    after = cleaned(taken("AVIF", xmp=XMP))
    assert b"Petrov" not in after


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_that_is_cut_off_or_garbled_is_not_called_clean(kind: str) -> None:
    """Whatever a stranger sends, nothing is raised; and what could not be read through is not taken for clean."""
    whole = taken(kind)
    mime = FORMATS[kind]
    for end in range(0, len(whole), 7):
        made = picture_cleaning.cleaned(whole[:end], mime)
        assert made is None or OWNER.encode() not in made
    for at in range(0, min(len(whole), 900), 3):
        picture_cleaning.cleaned(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :], mime)
        picture_sizes.pixels(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :], mime)


def test_a_kind_that_we_cannot_read_is_said_to_be_so() -> None:
    assert picture_cleaning.cleaned(taken("TIFF"), "image/tiff") is None
    assert picture_cleaning.cleaned(b"GIF89a", "image/gif") is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF"])
def test_how_many_points_it_has_is_read_off_its_header(kind: str) -> None:
    out = io.BytesIO()
    drawn().save(out, kind)
    assert picture_sizes.pixels(out.getvalue(), content_types.look(out.getvalue()).mime) == 97 * 61


@pytest.mark.parametrize("settings", [{"lossless": True}, {"lossless": False}, {"exif": exif()}])
def test_each_kind_of_webp_says_its_size(settings: dict[str, Any]) -> None:
    out = io.BytesIO()
    drawn().save(out, "WEBP", **settings)
    assert picture_sizes.pixels(out.getvalue(), "image/webp") == 97 * 61
