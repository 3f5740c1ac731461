"""What erasing a person leaves to be done outside the database: may be cut off at any point, and goes on.

First the list that a restore applies again, then bytes, messages in chats, the database's own file; at the end the
certificate, and the mark that it is done.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from aiogram.exceptions import TelegramAPIError

from bot import log
from bot.delivery import outgoing_messages
from bot.jobs.job_runner import JobContext, RetryLater, job_handler
from bot.personal import erased_list, erasing_again
from bot.telegram_client import FileUpload
from keyboards.translator import translator
from models.entities import Employee
from models.jobs import FinishErasure, GiveCertificate
from models.outbox import Scheduled
from models.personal.erasure import Erasure, LeftOutside
from services.documents import typst_render
from services.files import stored_files
from services.people import employees
from services.personal import certificate, erasing, erasures
from services.unit_of_work import UnitOfWork

BUDGET = 25.0  # seconds for messages in one go; then other jobs may go first
PAUSE = 30.0  # until it is tried again
NOW, LANDING = timedelta(0), timedelta(seconds=15)
YOUNG = stored_files.AFTER_REMOVAL / 2  # until bytes that were stored a short while ago may go
SAME, NOT_THERE = "message is not modified", ("message to edit not found", "message_id_invalid")
# how a message is got rid of, the first that goes; a file that is too old to be deleted stays under its new words
WAYS: tuple[tuple[str, str, Literal["replaced", "deleted", "kept"]], ...] = (
    ("editMessageText", "text", "replaced"), ("deleteMessage", "", "deleted"),
    ("editMessageCaption", "caption", "kept"),
)  # fmt: skip
logger = log.get("bot.jobs.erasure_job")


@job_handler(FinishErasure, on_failure=None)
async def finish(context: JobContext, row: Scheduled, job: FinishErasure) -> None:
    """Go on with it to its end."""
    one = await context.units.run(lambda work: erasures.find(work, job.erasure))
    if one is None or one.done_at is not None:
        return
    await asyncio.to_thread(erased_list.add, context.data_dir, [one.person])
    left = await erasing_again.forget_bytes(context.units, context.data_dir, one.outside)
    left = await context.units.run(lambda work: erasing.landed(work, left, one.asked_at))
    left = await _replace_messages(context, one.id, left)
    if left:
        pause = NOW if left.messages else LANDING if left.flying or left.pins else YOUNG
        await context.units.run(lambda work: erasures.go_on(work, one.id, row.employee_id, work.now + pause))
        return
    if one.reason == "asked":  # what goes by night makes nobody wait while the whole file is written anew
        await context.units.run(erasing.forget_updates)
        await erasing_again.rewrite(context.units, [one.id])
    await context.units.run(lambda work: erasures.finish(work, one.id))
    logger.info("a person was erased", erasure=one.id, reason=one.reason)


@job_handler(GiveCertificate, on_failure=None)
async def give(context: JobContext, row: Scheduled, job: GiveCertificate) -> None:
    """Send the owner the certificate once more."""
    if row.employee_id is not None:
        await _give(context, row.employee_id, job.erasure)


# --- messages in chats ------------------------------------------------------------------------------------------


async def _replace_messages(context: JobContext, key: int, given: LeftOutside) -> LeftOutside:
    """Put a neutral text in the place of each that told of him, as far as the time for it goes; what is left."""
    left, ends = given, time.monotonic() + BUDGET
    chats = await context.units.run(lambda work: {who: _chat(work, who) for who, _ in given.messages})
    try:
        while left.messages and time.monotonic() < ends:
            (who, message), *rest = left.messages
            became = await _replace(context, chats[who], message)
            n: dict[str, Any] = {became: getattr(left.done, became) + 1} if became is not None else {}
            left = replace(left, messages=tuple(rest), done=replace(left.done, **n))
    finally:
        after = left
        await context.units.run(lambda work: erasures.progress(work, key, after))
    return left


def _chat(work: UnitOfWork, who: int) -> Employee | None:
    person = employees.get(work, who)
    return person if person.telegram_id is not None else None


async def _replace(
    context: JobContext, person: Employee | None, message: int
) -> Literal["replaced", "deleted", "kept"] | None:
    """What became of the message; None if it is not there any more. RetryLater while Telegram cannot be asked."""
    if person is None:
        return "kept"  # it is in the chat of somebody who cannot be reached
    t = translator(person.locale, context.units.company.calendar.zone)
    said = t("Данные клиента стёрты.")
    place = {"chat_id": person.telegram_id, "message_id": message}
    for method, more, became in WAYS:
        try:
            await context.telegram.call(method, {**place, **({more: said} if more else {})}, paced=True)
        except TelegramAPIError as error:
            if outgoing_messages.verdict(error) not in ("refused", "gone"):
                raise RetryLater(PAUSE, log.describe(error)) from None
            text = error.message.lower()
            if SAME in text:
                return "replaced"
            if any(word in text for word in NOT_THERE):
                return None
        else:
            return became
    return "kept"


# --- the certificate --------------------------------------------------------------------------------------------


async def _give(context: JobContext, who: int, key: int) -> None:
    def read(work: UnitOfWork) -> tuple[Employee | None, Erasure | None, dict[str, object]]:
        found = erasures.find(work, key)
        return employees.find_working(work, who), found, certificate.data_of(work, found) if found else {}

    person, one, data = await context.units.run(read)
    if person is None or person.telegram_id is None or one is None:
        return
    sources = context.units.company.papers
    made = await asyncio.to_thread(typst_render.pdf, sources, certificate.TEMPLATE, data)
    t = translator(person.locale, context.units.company.calendar.zone)
    params = {
        "chat_id": person.telegram_id,
        "caption": t("Акт об уничтожении персональных данных. Храните его три года; взять снова: «Настройки»."),
        "protect_content": True,
    }
    files = {"document": FileUpload(made, certificate.name_of(one))}
    await context.telegram.call("sendDocument", params, files=files, paced=True)
