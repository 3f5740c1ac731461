"""Backups by night, and the keys of the months. No backup holds the rows of `backup_key`: see `bot.backup.left_out`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, Date, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.ids import BackupKeyId
from models.tables.columns import UtcDateTime
from models.tables.table_row import Id, TableRow


class BackupColumns:
    """A night's backup; the attributes of `models.backups.NightBackup`."""

    night: Mapped[date] = mapped_column(Date, primary_key=True)  # of the company's zone
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(SmallInteger)
    until: Mapped[datetime] = mapped_column(UtcDateTime)  # whoever makes or sends it has until then
    failure: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)  # of the file, in the folder of backups
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    restored: Mapped[bool] = mapped_column(Boolean)  # proven by restoring it, not only by reading it
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # to the owner's chat: with which key, in how many documents, how many are there, and whether one is on its way
    recipient: Mapped[str | None] = mapped_column(Text)  # the key's; no foreign key, see above
    parts: Mapped[int] = mapped_column(SmallInteger)
    sent: Mapped[int] = mapped_column(SmallInteger)
    sending: Mapped[bool] = mapped_column(Boolean)


class BackupRow(BackupColumns, TableRow):
    __tablename__ = "backup"


class BackupKeyColumns:
    """A month's key; the attributes of `models.backups.BackupKey`."""

    id: Mapped[BackupKeyId] = mapped_column(Id, primary_key=True)
    month: Mapped[date] = mapped_column(Date)  # its first day
    recipient: Mapped[str] = mapped_column(Text)  # what encrypts; it opens nothing
    secret: Mapped[str | None] = mapped_column(Text)  # what opens; None once it is forgotten
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when the owner was last asked to keep it
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when he said that he has
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BackupKeyRow(BackupKeyColumns, TableRow):
    __tablename__ = "backup_key"
