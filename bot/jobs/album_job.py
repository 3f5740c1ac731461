"""«Прислать все фото»: albums of what a person may see; photo by photo, from the disk, where the ids are dead.

A job makes one call, and what is left is a job of its own: so whatever goes wrong, at most one album comes twice, and
says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter

from bot.delivery import stored_file_sender
from bot.jobs.job_runner import JobContext, job_handler
from keyboards import translator
from keyboards.screen import DealFile, Screen, line
from models.entities import Employee, File
from models.errors import CrmError
from models.jobs import SendAlbum
from models.outbox import Scheduled
from services.files import deal_files, stored_files
from services.outbox import jobs, queue
from services.people import employees
from services.unit_of_work import UnitOfWork

ALBUM = 10  # Telegram takes from two to ten


def unsent(work: UnitOfWork, row: Scheduled, job: SendAlbum, why: str) -> None:
    """It is given up: whoever waits for the photos is told."""
    stored_files.tell_unsent(work, row.employee_id, job.files)


@job_handler(SendAlbum, on_failure=unsent)
async def album(context: JobContext, row: Scheduled, job: SendAlbum) -> None:
    """Send the first of the photos that the person may see by now; the others follow."""
    person, found = await context.units.run(lambda work: _seen(work, row, job))
    if person is None or person.telegram_id is None or not found:
        return
    t = translator.translator(person.locale, context.units.company.calendar.zone)
    mark = t("Возможно, повтор") if row.attempts > 1 else ""
    sent, pause = 0, 0.0
    try:
        sent = await _send(context, person.telegram_id, found[:ALBUM], mark)
    except TelegramRetryAfter as error:  # none of them was sent, so they come without a mark
        pause = error.retry_after
    if rest := tuple(one.id for one in found[sent:]):
        await context.units.run(lambda work: _go_on(work, row, rest, pause))


def _seen(work: UnitOfWork, row: Scheduled, job: SendAlbum) -> tuple[Employee | None, list[File]]:
    person = employees.find_working(work, row.employee_id)
    reader = UnitOfWork(work.tx, work.now, work.company, person)
    found = []
    for key in job.files if person is not None else ():
        try:
            found.append(deal_files.get(reader, key))
        except CrmError:  # removed, or no longer his to see
            continue
    return person, [one for one in found if one.kind == "photo"]


def _go_on(work: UnitOfWork, row: Scheduled, rest: tuple[int, ...], pause: float) -> None:
    """This job ends and the next one is there, or neither."""
    if queue.finish(work, row):
        jobs.ask(work, SendAlbum(rest), employee_id=row.employee_id, at=work.now + timedelta(seconds=pause))


def _is_protected(work: UnitOfWork, one: File) -> bool:
    stored = stored_files.find(work, one.id)
    return stored is not None and stored_files.is_protected(work, stored)


async def _send(context: JobContext, chat_id: int, found: Sequence[File], mark: str) -> int:
    """Send them all, or, if their ids are dead, the first one; how many were."""
    protected = any(await context.units.run(lambda work: [_is_protected(work, one) for one in found]))
    if len(found) > 1 and all(one.telegram_id for one in found):
        media = [{"type": "photo", "media": one.telegram_id} for one in found]
        if mark:
            media[0]["caption"] = mark
        try:
            await context.telegram.call(
                "sendMediaGroup", {"chat_id": chat_id, "media": media, "protect_content": protected or None}, paced=True
            )
            return len(found)
        except TelegramBadRequest as error:
            if not stored_file_sender.is_dead(error):
                raise
    screen = Screen((line(mark),) if mark else (), photo=DealFile(found[0].id, found[0].name))
    await stored_file_sender.send_stored(context.telegram, context.units, context.data_dir, chat_id, screen, paced=True)
    return 1
