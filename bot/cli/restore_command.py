"""`verstak restore`: the backup in the database's place, and without those who were erased since it was made."""

from __future__ import annotations

from pathlib import Path

from bot import app as root
from bot import settings as conf
from bot.backup import backup
from bot.personal import erased_list, erasing_again
from bot.unit_of_work_factory import UnitOfWorkFactory
from scheduler.clock import utc_now


async def restore(file: Path, *, key: Path | None = None, force: bool = False) -> str:
    """Take database and files from `file`: see `bot.backup.backup.restore`. What is said of it."""
    said = await backup.restore(file, key=key, force=force)
    settings = conf.load()
    if not erased_list.read(settings.data_dir):
        return said
    company = root.read_company(settings)
    db = await root.open_ready(settings)
    try:
        again = await erasing_again.apply(UnitOfWorkFactory(db, utc_now, company), settings.data_dir)
    finally:
        await db.close()
    return f"{said}; {again} erased before erased again" if again else said
