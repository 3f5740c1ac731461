"""The job «tell_trouble»: the owner hears by SMS and e-mail of what the bot cannot tell him."""

from __future__ import annotations

from bot import log
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from bot.troubles import alarms
from bot.troubles.alarms import AlarmNotSent
from keyboards import translator
from keyboards import troubles as words
from models.jobs import TellTrouble
from models.outbox import Scheduled
from models.troubles import MUTE, Trouble
from services.operation import troubles
from services.unit_of_work import Company, UnitOfWork

FIRST_PAUSE, LONGEST_PAUSE = 30, 900  # seconds
MOST = 20  # tries, over some four hours
logger = log.get("bot.jobs.trouble_job")


def untold(work: UnitOfWork, row: Scheduled, job: TellTrouble, why: str) -> None:
    """Our own mistake, five times over: the bot tells it when it can."""
    one = troubles.find(work, job.trouble)
    if one is not None:
        troubles.tell_by_bot(work, one)


@job_handler(TellTrouble, on_failure=untold)
async def tell(context: JobContext, row: Scheduled, job: TellTrouble) -> None:
    """Send it by every channel that is set; without one, the bot is to tell it."""
    one = await context.units.run(lambda work: troubles.find(work, job.trouble))
    if (
        one is None or (one.ended_at is not None) != job.over
    ):  # over before it could be told: that is told by its own job
        return
    channels = alarms.channels_of(context.settings, lambda: context.http)
    if not channels:
        await context.units.run(lambda work: _leave_to_bot(work, one))
        return
    try:
        failed = await alarms.send(
            channels, f"trouble-{one.id}{'-over' if job.over else ''}", text_of(one, context.units.company)
        )
    except AlarmNotSent as error:
        logger.warning("a trouble could not be told", trouble=one.kind.value, failure=log.describe(error))
        if row.attempts >= MOST:
            await context.units.run(lambda work: _leave_to_bot(work, one))
            return
        raise RetryLater(min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE), str(error)) from None
    if failed:
        logger.warning(
            "a trouble was told by some channels only",
            trouble=one.kind.value,
            channels=[one.partition(":")[0] for one in failed],
        )


def text_of(one: Trouble, company: Company) -> str:
    """The whole in the company's language."""
    t = translator.translator(company.locale, company.calendar.zone)
    lasted = None if one.ended_at is None else (one.began_at, one.ended_at)
    return words.plain(one.kind, one.about, one.details, t, lasted=lasted)


def _leave_to_bot(work: UnitOfWork, one: Trouble) -> None:
    """What the bot itself cannot say while it lasts, it says as a whole when it is over."""
    if one.ended_at is not None or one.kind not in MUTE:
        troubles.tell_by_bot(work, one)
