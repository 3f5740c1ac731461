"""Jobs that change messages which people have already: what may not be read any more goes out of a chat, and what was
put back, or is somebody else's by now, is told in the place of what was said before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError

from bot import log
from bot.delivery import outgoing_messages, telegram_render
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from handlers.deals import lead_notices, put_back
from handlers.notices.corrected_notices import CorrectedNotice
from keyboards.people import old_messages as screens
from keyboards.translator import translator
from models.jobs import CorrectLeadNotices, CorrectNotices, ForgetMessages
from models.outbox import Scheduled
from services.deals import retelling
from services.operation import old_messages

SOON = 30.0  # seconds
ON_ITS_WAY = 1.0
Instead = Callable[[CorrectedNotice], Awaitable[None]]
logger = log.get("bot.jobs.sent_messages_job")


@job_handler(ForgetMessages, on_failure=None)
async def take_down(context: JobContext, row: Scheduled, job: ForgetMessages) -> None:
    """Say in the place of each that it is not for him any more, without a button of it; a file is deleted."""
    found = await context.units.run(lambda work: old_messages.find_forbidden(work, job))
    person = found.person
    if person.telegram_id is not None:
        t = translator(person.locale, context.units.company.calendar.zone)
        screen, chat = screens.not_for_you(t, gone=not person.active), person.telegram_id
        changes = [CorrectedNotice(person.id, chat, number, screen) for number in found.numbers]
        await _change_all(context, changes, lambda one: _delete(context, one))
    await context.units.run(lambda work: old_messages.taken_down(work, found))


@job_handler(CorrectNotices, on_failure=None)
async def retell(context: JobContext, row: Scheduled, job: CorrectNotices) -> None:
    """Change each message; one that cannot be changed is followed by one of its own."""

    async def tell(one: CorrectedNotice) -> None:
        await context.units.run(lambda work: retelling.tell_once(work, job, one.person))

    found, waits = await context.units.run(lambda work: put_back.retold(work, job))
    await _change_all(context, found, tell)
    _wait_for(waits)


@job_handler(CorrectLeadNotices, on_failure=None)
async def retell_lead(context: JobContext, row: Scheduled, job: CorrectLeadNotices) -> None:
    """Whose the lead is now stands where it was offered; nobody needs another message for that."""

    async def leave(one: CorrectedNotice) -> None:
        """He has deleted it himself."""

    found, waits = await context.units.run(lambda work: lead_notices.as_it_stands(work, job))
    await _change_all(context, found, leave)
    _wait_for(waits)


def _wait_for(waits: bool) -> None:
    if waits:
        raise RetryLater(ON_ITS_WAY, "a message is still on its way")


async def _change_all(context: JobContext, changes: Iterable[CorrectedNotice], instead: Instead) -> None:
    """Show each in the place of what was said before; `instead` is done where that cannot be."""
    shut: set[int] = set()
    for one in changes:
        if one.person in shut:
            continue
        try:
            await _change(context, one, instead)
        except TelegramForbiddenError:  # he has shut the bot out: nothing of it can be changed
            logger.info("messages stay with somebody who blocked the bot", person=one.person)
            shut.add(one.person)
        except TelegramAPIError as error:
            raise RetryLater(getattr(error, "retry_after", SOON), outgoing_messages.reason(error)) from None


async def _change(context: JobContext, one: CorrectedNotice, instead: Instead) -> None:
    given = {
        "chat_id": one.chat_id, "message_id": one.message_id, "text": telegram_render.html(one.screen),
        "parse_mode": "HTML", "reply_markup": telegram_render.keyboard(one.screen),
    }  # fmt: skip
    try:
        await context.telegram.call("editMessageText", given, paced=True)
    except TelegramBadRequest as error:  # a file with words below it, or what the person has deleted himself
        if "not modified" in str(error):
            return
        logger.info("a message cannot be changed", failure=log.describe(error))
        await instead(one)


async def _delete(context: JobContext, one: CorrectedNotice) -> None:
    try:
        await context.telegram.call("deleteMessage", {"chat_id": one.chat_id, "message_id": one.message_id}, paced=True)
    except TelegramBadRequest as error:
        logger.info("an old message cannot be taken down", failure=log.describe(error))
