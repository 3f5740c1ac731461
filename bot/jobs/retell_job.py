"""The job «retell»: what was put back is told in the place of what was said before."""

from __future__ import annotations

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError

from bot import log
from bot.delivery import outgoing_messages, telegram_render
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from handlers.deals import put_back
from handlers.deals.put_back import CorrectedNotice
from models.jobs import CorrectNotices
from models.outbox import Scheduled
from services.deals import retelling

SOON = 30.0  # seconds
ON_ITS_WAY = 1.0
logger = log.get("bot.jobs.retell_job")


@job_handler(CorrectNotices, on_failure=None)
async def retell(context: JobContext, row: Scheduled, job: CorrectNotices) -> None:
    """Change each message; one that cannot be changed is followed by one of its own."""
    found, waits = await context.units.run(lambda work: put_back.retold(work, job))
    for one in found:
        try:
            await _change(context, job, one)
        except TelegramForbiddenError:  # he has shut the bot out: those above hear of that otherwise
            logger.info("a message stays with somebody who blocked the bot", person=one.person)
        except TelegramAPIError as error:
            raise RetryLater(getattr(error, "retry_after", SOON), outgoing_messages.reason(error)) from None
    if waits:
        raise RetryLater(ON_ITS_WAY, "a message is still on its way")


async def _change(context: JobContext, job: CorrectNotices, one: CorrectedNotice) -> None:
    given = {
        "chat_id": one.chat_id, "message_id": one.message_id, "text": telegram_render.html(one.screen),
        "parse_mode": "HTML", "reply_markup": telegram_render.keyboard(one.screen),
    }  # fmt: skip
    try:
        await context.telegram.call("editMessageText", given, paced=True)
    except TelegramBadRequest as error:
        if "not modified" in str(error):
            return
        logger.info("a message cannot be changed", failure=log.describe(error))
        await context.units.run(lambda work: retelling.tell_once(work, job, one.person))
