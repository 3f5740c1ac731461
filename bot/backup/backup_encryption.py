"""Backups as encrypted files: the format of age (https://age-encryption.org), in chunks, each authenticated.

Whoever has the secret can open one without this program too: `cat NAME.* > whole.age; age -d -i KEY.txt whole.age`.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyrage
from pyrage import x25519

from bot import private_files
from bot.cli.cli_error import CliError

SUFFIX = ".age"
BEGINS = b"age-encryption.org/"
PART = re.compile(r"(.+\.age)\.(\d+)of(\d+)")
SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+", re.IGNORECASE)


class JoinedFiles(io.RawIOBase):
    """Several files as one, to be read from the first byte to the last."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._open: Any = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._open is not None or self._paths:
            if self._open is None:
                self._open = self._paths.pop(0).open("rb")
            if number := self._open.readinto(buffer):
                return int(number)
            self._open.close()
            self._open = None
        return 0

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        super().close()


class HashSink(io.RawIOBase):
    """Takes bytes and keeps only their SHA-256."""

    def __init__(self) -> None:
        self.sha = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sha.update(data)
        return len(data)


def encrypt(file: Path, to: Path, recipient: str) -> None:
    """Encrypt a file for whoever has the recipient's secret; `to` is there when all of it is on the disk."""
    part = to.with_name(f"{to.name}.part")
    try:
        with file.open("rb") as plain, private_files.create(part) as target:
            pyrage.encrypt_io(plain, target, [x25519.Recipient.from_str(recipient)])
            target.flush()
            os.fsync(target.fileno())
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def prove(encrypted: Path, secret: str, sha: str) -> None:
    """CliError unless the secret opens it, and what comes out has that SHA-256."""
    found = HashSink()
    with encrypted.open("rb") as source:
        _decrypt(source, found, secret, encrypted)
    if found.sha.hexdigest() != sha:
        raise CliError(f"{encrypted} does not hold what was encrypted: is the disk sound?")


def is_encrypted(file: Path) -> bool:
    """Whether it is such a file, or a part of one."""
    if PART.fullmatch(file.name):
        return True
    try:
        with file.open("rb") as source:
            return source.read(len(BEGINS)) == BEGINS
    except OSError:
        return False  # whoever reads it next says why


def decrypt(file: Path, to: Path, secret: str) -> None:
    """Open a file, or all parts of which `file` is one. CliError for a wrong key, a missing part or a damaged file."""
    with JoinedFiles(parts_of(file)) as source, private_files.create(to) as target:
        _decrypt(io.BufferedReader(source, 1 << 16), target, secret, file)


def parts_of(file: Path) -> list[Path]:
    """The file, or the parts of which it is one, in their order. CliError names the parts that do not lie beside it."""
    found = PART.fullmatch(file.name)
    if found is None:
        return [file]
    name, number = found[1], int(found[3])
    parts = [file.with_name(part_name(name, place, number)) for place in range(1, number + 1)]
    if missing := [one.name for one in parts if not one.exists()]:
        raise CliError(f"parts of the backup are missing in {file.parent}: {', '.join(missing)}")
    return parts


def part_name(name: str, place: int, number: int) -> str:
    """What part `place` of `number` is called."""
    return name if number == 1 else f"{name}.{place}of{number}"


def read_secret(file: Path) -> str:
    """The secret out of a file, wherever it stands in it. CliError if there is none."""
    try:
        found = SECRET.search(file.read_text("utf-8", errors="replace"))
    except OSError as error:
        raise CliError(f"{file} cannot be read: {error.strerror}") from None
    if found is None:
        raise CliError(f"{file} holds no key: it begins with AGE-SECRET-KEY-1")
    return found[0].upper()


def _decrypt(source: Any, target: Any, secret: str, file: Path) -> None:
    try:
        identity = x25519.Identity.from_str(secret)
    except pyrage.IdentityError:
        raise CliError("the key is not whole: copy it once more") from None
    try:
        pyrage.decrypt_io(source, target, [identity])
    except pyrage.DecryptError:
        raise CliError(f"{file} is not opened by this key, or is damaged at its beginning") from None
    except OSError as error:
        raise CliError(f"{file} is damaged or not whole: {error}") from None
