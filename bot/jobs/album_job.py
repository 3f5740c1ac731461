"""«Прислать все фото»: albums of what a person may see; photo by photo, from the disk, where the ids are dead."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.exceptions import TelegramBadRequest

from bot.delivery import stored_file_sender
from bot.jobs.job_runner import JobContext, job_handler
from keyboards.screen import DealFile, Screen
from models.entities import Employee, File
from models.errors import CrmError
from models.jobs import SendAlbum
from models.outbox import Scheduled
from services.files import deal_files
from services.people import employees
from services.unit_of_work import UnitOfWork

ALBUM = 10  # Telegram takes from two to ten


@job_handler(SendAlbum, on_failure=None)
async def album(context: JobContext, row: Scheduled, job: SendAlbum) -> None:
    """Send the photos that the person may see by now."""
    person, found = await context.units.run(lambda work: _seen(work, row, job))
    if person is None or person.telegram_id is None:
        return
    for at in range(0, len(found), ALBUM):
        await _send(context, person.telegram_id, found[at : at + ALBUM])


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


async def _send(context: JobContext, chat_id: int, found: Sequence[File]) -> None:
    if len(found) > 1 and all(one.telegram_id for one in found):
        media = [{"type": "photo", "media": one.telegram_id} for one in found]
        try:
            await context.telegram.call("sendMediaGroup", {"chat_id": chat_id, "media": media}, paced=True)
            return
        except TelegramBadRequest as error:
            if not stored_file_sender.is_dead(error):
                raise
    for one in found:
        screen = Screen(photo=DealFile(one.id, one.name))
        await stored_file_sender.send_stored(
            context.telegram, context.units, context.data_dir, chat_id, screen, paced=True
        )
