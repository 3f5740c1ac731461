"""The bytes of files come to our own disk: a file id is good for this bot's token only, and only while Telegram likes.

Every file that is kept asks for its job in the same transaction. Files from before that, those that a job could not
get, and those that nobody has looked at yet are gone through slowly, once a day.
"""

from __future__ import annotations

import time
from datetime import timedelta

from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from bot import log
from bot.delivery import file_bytes
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from models.jobs import FetchFile, FetchOldFiles, ForgetBlob
from models.outbox import Scheduled
from services import company_settings
from services.files import stored_files
from services.files.stored_files import StoredFile
from services.outbox import jobs, schedule
from services.unit_of_work import UnitOfWork

OLD = timedelta(days=1)  # younger ones have a job of their own under way
OLD_AT_ONCE, OLD_BUDGET = 20, 30.0  # files, seconds; then others may go first
OLD_PAUSE = timedelta(minutes=1)
OUT_OF_REACH = 60.0
NOT_DOWN = (TelegramNetworkError, TelegramServerError)
logger = log.get("bot.jobs.fetch_job")


def lost(work: UnitOfWork, row: Scheduled, job: FetchFile, why: str) -> None:
    """It is not to be had: whoever sent it is asked to send it again."""
    stored_files.tell_lost(work, job.file)


@job_handler(FetchFile, on_failure=lost)
async def fetch(context: JobContext, row: Scheduled, job: FetchFile) -> None:
    """Bring one file's bytes to the disk. Fails if Telegram does not have it, or it is too big."""
    one = await context.units.run(lambda work: stored_files.find_also_removed(work, job.file))
    if one is not None:
        await bring(context, one)


async def bring(context: JobContext, one: StoredFile) -> None:
    """Have the file's bytes on the disk, looked through. Later while Telegram is out of reach."""
    try:
        await file_bytes.bring(context.telegram, context.units, context.data_dir, one)
    except TelegramRetryAfter as error:
        raise RetryLater(error.retry_after, "Telegram asked for a pause") from None
    except NOT_DOWN as error:
        raise RetryLater(OUT_OF_REACH, f"Telegram is out of reach: {type(error).__name__}") from None


# --- files from before ------------------------------------------------------------------------------------------


def ask_old(work: UnitOfWork) -> None:
    """Begin to go through the files whose bytes we do not have; once at a time."""
    if not schedule.is_waiting(work, FetchOldFiles.kind):
        jobs.ask(work, FetchOldFiles())


@job_handler(FetchOldFiles, on_failure=None)
async def fetch_old(context: JobContext, row: Scheduled, job: FetchOldFiles) -> None:
    """A few of them; if there are more, another job follows in a minute. One that cannot be had is passed over."""
    ends, tried = time.monotonic() + OLD_BUDGET, 0
    while time.monotonic() < ends and tried < OLD_AT_ONCE:
        one = await context.units.run(_next_old)
        if one is None:
            return
        tried += 1
        try:
            await bring(context, one)
        except RetryLater:
            raise
        except Exception as error:  # noqa: BLE001 — the file id still serves as long as Telegram takes it
            logger.warning("an old file cannot be had", file_id=one.id, failure=log.describe(error))
        key = one.id
        await context.units.run(lambda work, key=key: _passed(work, key))  # type: ignore[misc]
    await context.units.run(lambda work: jobs.ask(work, FetchOldFiles(), at=work.now + OLD_PAUSE))


def _next_old(work: UnitOfWork) -> StoredFile | None:
    after = company_settings.get(work.tx, company_settings.OLD_FILES_PASSED) or 0
    keys = stored_files.without_bytes(work, int(after), work.now - OLD, 1)
    return stored_files.find_also_removed(work, keys[0]) if keys else None


def _passed(work: UnitOfWork, key: int) -> None:
    company_settings.put(work.tx, company_settings.OLD_FILES_PASSED, key)


# --- files that were removed ------------------------------------------------------------------------------------


@job_handler(ForgetBlob, on_failure=None)
async def forget(context: JobContext, row: Scheduled, job: ForgetBlob) -> None:
    """The bytes of a removed file go from the disk, if no other file has them."""
    await file_bytes.forget(context.units, context.data_dir, job.sha)
