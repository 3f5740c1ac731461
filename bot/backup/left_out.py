"""What no backup holds: the keys that open backups.

A month's key in the backups of the next month would be opened by that month's key; forgetting it would mean nothing.
"""

from __future__ import annotations

from models.tables.backups import BackupKeyRow

TABLES = (BackupKeyRow.__tablename__,)
