"""What a backup says about itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """`version` is that of the tables; `rows` counts each table; `checksum` is the SHA-256 of the database's file.

    `files` are the files of the deals' folders that the backup holds, `missing` those that the database names and the
    disk did not have.
    """

    engine: str
    made_at: str
    version: str
    rows: dict[str, int]
    checksum: str
    files: int = 0
    missing: int = 0

    def as_json(self) -> str:
        return json.dumps({"format": 1, **asdict(self)}, indent=2, ensure_ascii=False)

    @classmethod
    def read(cls, raw: bytes) -> Manifest:
        """Raises ValueError, TypeError or KeyError for anything else."""
        found = json.loads(raw)
        if found.pop("format") != 1:
            raise ValueError("another format")
        return cls(**found)


def checksum(path: Path) -> str:
    """The file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
