"""The files of the deals' folders in a backup: each under its own hash, proven on the way in and on the way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from bot.cli.cli_error import CliError
from services.files import blobs


def pack(archive: ZipFile, data_dir: Path) -> set[str]:
    """Put every sound file of the disk into the archive; their hashes. A damaged one stays out: it is as good as lost.

    Files are only ever added while a bot runs, so those that a database copied before names are all there.
    """
    packed = set()
    for sha, _ in blobs.every(data_dir):
        try:
            data = blobs.read(data_dir, sha)
        except blobs.BlobLost:
            continue
        archive.writestr(_name(sha), data, compress_type=ZIP_STORED)  # photos and PDFs do not shrink
        packed.add(sha)
    return packed


def check(archive: ZipFile, expected: int) -> None:
    """Trouble unless the archive holds so many files, each what its name says."""
    found = 0
    for sha, data in _every(archive):
        if blobs.sha_of(data) != sha:
            raise CliError(f"the backup is damaged: file {sha[:12]}…")
        found += 1
    if found != expected:
        raise CliError(f"the backup holds {found} files instead of {expected}")


def unpack(archive: ZipFile, data_dir: Path) -> int:
    """Put the files back on the disk, beside those that are there; how many. Trouble if the disk does not take them."""
    count = 0
    try:
        for _, data in _every(archive):
            blobs.store(data_dir, data)
            count += 1
    except OSError as error:
        raise CliError(f"files cannot be written to {data_dir}: {error.strerror}") from None
    return count


def _every(archive: ZipFile) -> Iterator[tuple[str, bytes]]:
    for name in archive.namelist():
        folder, _, rest = name.partition("/")
        sha = rest.rpartition("/")[2]
        if folder == blobs.FOLDER and blobs.SHA.fullmatch(sha) and name == _name(sha):
            yield sha, archive.read(name)


def _name(sha: str) -> str:
    return f"{blobs.FOLDER}/{sha[:2]}/{sha}"
