"""Presses about backups and their keys."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import BackupKeyId


@callback("backups")
@dataclass(frozen=True, slots=True)
class OpenBackups(CallbackData):
    """How the last ones came out, and the keys."""


@callback("bkp_key")
@dataclass(frozen=True, slots=True)
class ShowBackupKey(CallbackData):
    """The key itself, to be written down."""

    key: BackupKeyId


@callback("bkp_kept")
@dataclass(frozen=True, slots=True)
class KeepBackupKey(CallbackData):
    """The owner has it, and it leaves the chat."""

    key: BackupKeyId
