"""The file of a backup: a ZIP of the database, of the deals' files, and of a manifest that says what is in it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from alembic.script import ScriptDirectory

from bot import database, private_files
from bot.backup import backup_files, backup_postgres, backup_sqlite
from bot.backup.manifest import MANIFEST, Manifest, checksum
from bot.cli.cli_error import CliError
from bot.personal import erased_list
from models.personal.erasure import ErasedPerson


def pack(copy: Path, manifest: Manifest, part: Path, data_dir: Path, named: set[str]) -> Manifest:
    """Write the archive, synced to the disk; the manifest with what it holds of the files that the database names."""
    with private_files.create(part) as target:
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            archive.write(copy, copy.name)
            packed = backup_files.pack(archive, data_dir)
            manifest = replace(manifest, files=len(packed), missing=len(named - packed))
            if persons := erased_list.read(data_dir):
                archive.writestr(erased_list.NAME, erased_list.text(persons))
            archive.writestr(MANIFEST, manifest.as_json())
        target.flush()
        os.fsync(target.fileno())
    return manifest


def unpack(file: Path, folder: Path) -> tuple[Manifest, Path]:
    """What the backup says of itself, and its database in `folder`. CliError unless everything in it is whole."""
    try:
        with ZipFile(file) as archive:
            manifest = Manifest.read(archive.read(MANIFEST))
            member = backup_sqlite.MEMBER if manifest.engine == backup_sqlite.NAME else backup_postgres.MEMBER
            archive.extract(member, folder)
            backup_files.check(archive, manifest.files)
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise CliError(f"{file} is not a backup that can be read: {type(error).__name__}") from None
    copy = folder / member
    if checksum(copy) != manifest.checksum:
        raise CliError(f"{file} is damaged: its checksum is wrong")
    return manifest, copy


def erased(file: Path) -> list[ErasedPerson]:
    """Who was erased before the backup was made, as far as it knows; nobody in one of an older version."""
    with ZipFile(file) as archive:
        if erased_list.NAME not in archive.namelist():
            return []
        return erased_list.parse(archive.read(erased_list.NAME).decode())


def check_version(manifest: Manifest) -> None:
    """CliError for tables that this program does not know."""
    known = {one.revision for one in ScriptDirectory(str(database.MIGRATIONS)).walk_revisions()}
    if manifest.version not in known:
        raise CliError("the backup was made by a newer version of Verstak; use that one")
