"""Once a day: what people wrote or removed is forgotten in time (promise: raw inbox bodies live 7 days)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot import log
from bot.database import Database
from bot.jobs import fetch_job
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates import inbox
from services import company_settings, undo
from services.escalations import watch_net
from services.files import file_bin, quotas
from services.operation import troubles
from services.visits import early_visits

BODIES_KEPT = timedelta(days=7)
DAY = timedelta(days=1)
logger = log.get("bot.housekeeping")


async def daily(units: UnitOfWorkFactory) -> bool:
    """Tidy up if a day has passed since the last time; of several replicas one does it. Tells whether it did."""
    db, now = units.db, units.clock()
    if not await db.run(lambda tx: _is_due(tx, now)):
        return False
    blanked = await blank(db, now)
    await units.run(fetch_job.ask_old)
    mended = await units.run(watch_net.mend)
    await units.run(early_visits.tell)
    await units.run(troubles.forget_old)
    await units.run(undo.forget_old)
    destroyed = await empty_bin(units)
    await units.run(quotas.recount)
    logger.info("housekeeping done", batches=blanked, mended=mended, destroyed=destroyed)
    return True


async def empty_bin(units: UnitOfWorkFactory) -> int:
    """Destroy the removed files that nobody has put back in time, in short transactions; how many."""
    destroyed = 0
    while some := await units.run(file_bin.empty):
        destroyed += some
    return destroyed


async def blank(db: Database, now: datetime) -> int:
    """Empty old bodies, in short transactions, so that no press waits for it; gives how many it took."""
    after, batches = 0, 0
    while after := await db.run(lambda tx: inbox.blank_bodies(tx, now - BODIES_KEPT, after=after)):
        batches += 1
    return batches


def _is_due(tx: Connection, now: datetime) -> bool:
    seen = company_settings.get(tx, company_settings.HOUSEKEEPING_AT)
    if seen is not None and now - datetime.fromisoformat(seen) < DAY:
        return False
    return company_settings.replace(tx, company_settings.HOUSEKEEPING_AT, seen, now.isoformat())
