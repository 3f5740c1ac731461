"""The job «take_down»: what a person may not read any more goes out of his chat."""

from __future__ import annotations

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError

from bot import log
from bot.delivery import outgoing_messages, telegram_render
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from keyboards.people import old_messages as screens
from keyboards.screen import Screen
from keyboards.translator import translator
from models.jobs import ForgetMessages
from models.outbox import Scheduled
from services.operation import old_messages

SOON = 30.0  # seconds
logger = log.get("bot.jobs.old_messages_job")


@job_handler(ForgetMessages, on_failure=None)
async def take_down(context: JobContext, row: Scheduled, job: ForgetMessages) -> None:
    """Say in the place of each that it is not for him any more, without a button of it; a file is deleted."""
    found = await context.units.run(lambda work: old_messages.find_forbidden(work, job))
    person = found.person
    if person.telegram_id is not None:
        t = translator(person.locale, context.units.company.calendar.zone)
        screen = screens.not_for_you(t, gone=not person.active)
        try:
            for number in found.numbers:
                await _replace(context, person.telegram_id, number, screen)
        except TelegramForbiddenError:  # he has shut the bot out: nothing of it can be changed
            logger.info("old messages stay with somebody who blocked the bot", person=person.id)
        except TelegramAPIError as error:
            raise RetryLater(getattr(error, "retry_after", SOON), outgoing_messages.reason(error)) from None
    await context.units.run(lambda work: old_messages.taken_down(work, found))


async def _replace(context: JobContext, chat_id: int, number: int, screen: Screen) -> None:
    given = {"chat_id": chat_id, "message_id": number}
    shown = {
        "text": telegram_render.html(screen),
        "parse_mode": "HTML",
        "reply_markup": telegram_render.keyboard(screen),
    }
    try:
        await context.telegram.call("editMessageText", {**given, **shown}, paced=True)
    except TelegramBadRequest:  # a file with words below it, or what the person has deleted himself
        try:
            await context.telegram.call("deleteMessage", given, paced=True)
        except TelegramBadRequest as error:
            logger.info("an old message cannot be taken down", failure=log.describe(error))
