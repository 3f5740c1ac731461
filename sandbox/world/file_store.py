"""Files that people and bots sent, kept byte for byte."""

import base64
import hashlib
import mimetypes
import struct
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
_FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice"}
_UNKNOWN = "application/octet-stream"
_PREFIXES = {"photo": "AgAC", "document": "BQAC", "voice": "AwAC"}


@dataclass(slots=True)
class SandboxFile:
    """One file as one bot knows it. `file_id` is this bot's own; `unique` is the same for everyone."""

    number: int
    owner: int
    kind: str
    data: bytes
    name: str
    mime: str
    unique: str
    width: int = 0
    height: int = 0

    @property
    def file_id(self) -> str:
        """The identifier by which its bot gets or repeats the file."""
        key = base64.urlsafe_b64encode(struct.pack(">II", self.owner, self.number)).decode().rstrip("=")
        return f"{_PREFIXES[self.kind]}{self.unique[:8]}{key}"

    @property
    def path(self) -> str:
        """Where the bot downloads it, under /file/bot<TOKEN>/."""
        return f"{_FOLDERS[self.kind]}/file_{self.number}{PurePosixPath(self.name).suffix}"

    def card(self) -> dict[str, Any]:
        """The fields that every kind of file has in a message."""
        return {"file_id": self.file_id, "file_unique_id": self.unique, "file_size": len(self.data)}


@dataclass(slots=True)
class FileStore:
    """All files, by id and by path."""

    by_id: dict[str, SandboxFile] = field(default_factory=dict)
    by_path: dict[tuple[int, str], SandboxFile] = field(default_factory=dict)
    by_number: dict[int, SandboxFile] = field(default_factory=dict)

    def add(self, owner: int, kind: str, data: bytes, name: str, mime: str | None = None) -> SandboxFile:
        """Keep a file for the bot whose serial number is `owner`."""
        name = PurePosixPath(name.replace("\\", "/")).name or "file"
        if mime is None or mime == _UNKNOWN:
            mime = mimetypes.guess_type(name)[0] or _UNKNOWN
        if kind == "photo":
            name, mime = "photo.jpg", mime if mime.startswith("image/") else "image/jpeg"
        digest = hashlib.sha256(kind.encode() + b"\0" + data).digest()
        unique = "AQAD" + base64.urlsafe_b64encode(digest[:9]).decode()
        width, height = measure(data) or (1280, 960)
        file = SandboxFile(len(self.by_number) + 1, owner, kind, data, name, mime, unique, width, height)
        self.by_id[file.file_id] = file
        self.by_path[owner, file.path] = file
        self.by_number[file.number] = file
        return file

    def find(self, owner: int, file_id: str) -> SandboxFile | None:
        """The file that this bot knows by `file_id`; another bot's identifiers do not work."""
        file = self.by_id.get(file_id)
        return file if file and file.owner == owner else None

    def find_at(self, owner: int, path: str) -> SandboxFile | None:
        """The file that this bot downloads from `path`."""
        return self.by_path.get((owner, path))

    def describe(self, file: SandboxFile, duration: int = 0) -> dict[str, Any]:
        """The part of a message that shows the file: `{"document": {...}}` and the like."""
        if file.kind == "photo":
            return {"photo": [self._thumbnail(file), _size(file, file.width, file.height)]}
        if file.kind == "voice":
            return {"voice": {**file.card(), "duration": duration, "mime_type": file.mime}}
        return {"document": {**file.card(), "file_name": file.name, "mime_type": file.mime}}

    def _thumbnail(self, file: SandboxFile) -> dict[str, Any]:
        # A second size, as Telegram always gives: bots must take the last one. Its bytes are the same,
        # since nothing here draws pictures; its identifiers differ.
        small = self.add(file.owner, "photo", file.data, file.name, file.mime)
        small.unique = small.unique[:-2] + "_s"
        scale = 90 / max(file.width, file.height, 90)
        return _size(small, max(round(file.width * scale), 1), max(round(file.height * scale), 1))


def _size(file: SandboxFile, width: int, height: int) -> dict[str, Any]:
    return {**file.card(), "width": width, "height": height}


def measure(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP picture; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    if data[12:16] == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if data[12:16] == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    return None
