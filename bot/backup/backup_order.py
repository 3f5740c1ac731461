"""What a process that makes a backup is told, and what it answers: JSON through its pipes, never its arguments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, field_serializer

from bot.backup.backup import BackupMade


class BackupOrder(BaseModel):
    """Make the backup of a night in `folder` and delete those whose time is over: see `backup_folder.to_keep`.

    With a key it is encrypted too, beside itself. A database's address may hold a password, so both are secrets.
    """

    model_config = ConfigDict(frozen=True)

    database: SecretStr
    data_dir: Path
    folder: Path
    night: date
    days: int
    weeks: int
    recipient: str | None = None
    secret: SecretStr | None = None

    @field_serializer("database", "secret", when_used="json")
    def _told(self, value: SecretStr | None) -> str | None:
        return value.get_secret_value() if value is not None else None


class BackupAnswer(BaseModel):
    """What was made, and the size of the encrypted file in bytes; or the trouble, in a line."""

    model_config = ConfigDict(frozen=True)

    made: BackupMade | None = None
    encrypted: int = 0
    trouble: str = ""
