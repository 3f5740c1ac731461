"""The job «leave_group»: say why, and go."""

from __future__ import annotations

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)

from bot import log
from bot.delivery import outgoing_messages
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from keyboards import groups, translator
from models.jobs import LeaveGroup
from models.outbox import Scheduled
from services.outbox import jobs

logger = log.get("bot.jobs.group_job")


@job_handler(LeaveGroup, on_failure=None)
async def leave(context: JobContext, row: Scheduled, job: LeaveGroup) -> None:
    """One of two: the words, which then ask for the going; or the going. So neither's failure repeats the other."""
    try:
        if job.says:
            await _say(context, job)
            await _ask(context, LeaveGroup(job.chat, job.locale))
        else:
            await context.telegram.call("leaveChat", {"chat_id": job.chat})  # no message: it keeps no pace
    except TelegramMigrateToChat as moved:  # it has become a supergroup meanwhile
        await _ask(context, LeaveGroup(moved.migrate_to_chat_id, job.locale, says=job.says))
    except TelegramRetryAfter as pause:
        raise RetryLater(pause.retry_after, "Telegram asked for a pause") from None
    except (TelegramForbiddenError, TelegramBadRequest) as error:  # thrown out already, or there is no such group
        logger.info("the bot is not in a group that it was to leave", failure=log.describe(error))


async def _say(context: JobContext, job: LeaveGroup) -> None:
    """The sentence, once: where nobody may write, or nobody knows whether it has arrived, the bot goes without."""
    t = translator.translator(job.locale, context.units.company.calendar.zone)
    try:
        await context.telegram.call(*outgoing_messages.message(job.chat, groups.farewell(t)), paced=True)
    except (TelegramMigrateToChat, TelegramRetryAfter):
        raise
    except TelegramAPIError as error:
        if outgoing_messages.verdict(error) == "down":
            raise
        logger.info("a group was not told why the bot goes", failure=log.describe(error))


async def _ask(context: JobContext, job: LeaveGroup) -> None:
    await context.units.run(lambda work: jobs.ask(work, job, about=str(job.chat)))
