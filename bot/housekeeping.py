"""Once a day: what people wrote or removed is forgotten in time (promise: raw inbox bodies live 7 days)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot import log
from bot.database import Database
from bot.jobs import fetch_job
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates import inbox
from models.personal.retention import Retention
from services import company_settings, undo
from services.deals import typed_answers
from services.escalations import watch_net
from services.files import file_bin, quotas
from services.operation import troubles
from services.personal import erasures, retention
from services.visits import early_visits

DAY = timedelta(days=1)
USUAL = timedelta(days=Retention().updates)
logger = log.get("bot.housekeeping")


async def daily(units: UnitOfWorkFactory) -> bool:
    """Tidy up if a day has passed since the last time; of several replicas one does it. Tells whether it did."""
    db, now = units.db, units.clock()
    if not await db.run(lambda tx: _is_due(tx, now)):
        return False
    blanked = await blank(db, now, timedelta(days=units.company.kept.updates))
    await forget(units)
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


async def forget(units: UnitOfWorkFactory) -> int:
    """What is kept for a time only, and people whose time is over; how many of those were erased.

    Looked for beside everybody, and done in short transactions; who cannot be erased tonight can tomorrow.
    """
    while await units.run(retention.forget_messages):
        pass
    await units.run(retention.forget_drafts)
    await units.run(typed_answers.forget_old)
    now, kept = units.clock(), units.company.kept
    people = await units.db.read(lambda tx: retention.due(tx, now, kept))
    erased = 0
    for key, reason in people:
        try:
            await units.run(lambda work, key=key, reason=reason: retention.erase_due(work, key, reason))  # type: ignore[misc]
            erased += 1
        except Exception as error:  # noqa: BLE001  # one deal keeps neither the others nor the rest of the night
            logger.error("a deal whose time is over was not erased", deal_id=key, failure=log.describe(error))
    if erased:
        await units.run(lambda work: retention.note_run(work, erased))
    await units.run(erasures.resume)
    return erased


async def blank(db: Database, now: datetime, kept: timedelta = USUAL) -> int:
    """Empty old bodies, in short transactions, so that no press waits for it; gives how many it took."""
    after, batches = 0, 0
    while after := await db.run(lambda tx: inbox.blank_bodies(tx, now - kept, after=after)):
        batches += 1
    return batches


def _is_due(tx: Connection, now: datetime) -> bool:
    seen = company_settings.get(tx, company_settings.HOUSEKEEPING_AT)
    if seen is not None and now - datetime.fromisoformat(seen) < DAY:
        return False
    return company_settings.replace(tx, company_settings.HOUSEKEEPING_AT, seen, now.isoformat())
