"""Once a day: what people wrote is forgotten in time (promise: raw inbox bodies live 7 days)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from bot import log
from bot.database import Database
from bot.jobs import fetch_job
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates import inbox
from models.tables.settings import SettingRow

BODIES_KEPT = timedelta(days=7)
DAY = timedelta(days=1)
NAME = "housekeeping_at"
READ = select(SettingRow.value).where(SettingRow.name == NAME)
TAKE = (
    update(SettingRow)
    .where(SettingRow.name == NAME, SettingRow.value == bindparam("seen", type_=SettingRow.value.type))
    .values(value=bindparam("now", type_=SettingRow.value.type))
)
logger = log.get("bot.housekeeping")


async def daily(units: UnitOfWorkFactory) -> bool:
    """Tidy up if a day has passed since the last time; of several replicas one does it. Tells whether it did."""
    db, now = units.db, units.clock()
    if not await db.run(lambda tx: _is_due(tx, now)):
        return False
    blanked = await blank(db, now)
    await units.run(fetch_job.ask_old)
    logger.info("housekeeping done", batches=blanked)
    return True


async def blank(db: Database, now: datetime) -> int:
    """Empty old bodies, in short transactions, so that no press waits for it; gives how many it took."""
    after, batches = 0, 0
    while after := await db.run(lambda tx: inbox.blank_bodies(tx, now - BODIES_KEPT, after=after)):
        batches += 1
    return batches


def _is_due(tx: Connection, now: datetime) -> bool:
    seen = tx.execute(READ).scalar_one_or_none()
    if seen is None:
        tx.execute(insert(SettingRow).values(name=NAME, value=now.isoformat()))
        return True
    if now - datetime.fromisoformat(seen) < DAY:
        return False
    return tx.execute(TAKE, {"seen": seen, "now": now.isoformat()}).rowcount == 1
