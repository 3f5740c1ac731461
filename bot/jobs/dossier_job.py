"""All that is known of a person, as a file for the owner: made in memory, sent, kept nowhere."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from bot.jobs.job_runner import JobContext, job_handler
from bot.telegram_client import FileUpload
from handlers.documents.papers import shown
from keyboards.translator import translator
from models.entities import Employee
from models.jobs import GiveDossier
from models.outbox import Scheduled
from services.files import blobs
from services.people import employees
from services.personal import dossiers, person_keys
from services.personal.dossiers import Dossier, KeptFile
from services.unit_of_work import UnitOfWork

PART = 40 * 1024 * 1024  # bytes of files in one document; Telegram takes 50 MB
UPLOAD_TIMEOUT = 45.0
DATA, LACKING = "данные.json", "чего нет на диске.txt"


@job_handler(GiveDossier, on_failure=None)
async def give(context: JobContext, row: Scheduled, job: GiveDossier) -> None:
    """Send it to the owner who has asked for it, in one document or several."""
    person, found = await context.units.run(lambda work: _gathered(work, row, job))
    if person is None or person.telegram_id is None or found is None:
        return
    t = translator(person.locale, context.units.company.calendar.zone)
    params = {
        "chat_id": person.telegram_id,
        "caption": t("Данные клиента: всё, что есть в программе. Переслать файл нельзя, сохраните его."),
        "protect_content": True,
    }
    parts = await asyncio.to_thread(lambda: list(archives(found, context.data_dir)))
    for place, data in enumerate(parts, start=1):
        name = f"Данные клиента{f' {place} из {len(parts)}' if len(parts) > 1 else ''}.zip"
        files = {"document": FileUpload(data, name)}
        await context.telegram.call("sendDocument", params, files=files, timeout=UPLOAD_TIMEOUT, paced=True)


def _gathered(work: UnitOfWork, row: Scheduled, job: GiveDossier) -> tuple[Employee | None, Dossier | None]:
    """None if who has asked is no owner any more, or nobody is there to tell of."""
    person = employees.find_working(work, row.employee_id)
    if person is None or person.role != "owner":
        return None, None
    keys = person_keys.of_client(work, job.client) if job.client else person_keys.of_lead(work, job.lead or 0)
    return person, dossiers.gather(work, keys, shown) if keys else None


def archives(found: Dossier, data_dir: Path, part: int = PART) -> Iterator[bytes]:
    """The ZIP files: the first one has the data, each has so many bytes of files at most (a bigger file goes alone)."""
    there = [one for one in found.files if one.sha is not None and blobs.is_kept(data_dir, one.sha)]
    lacking = [one.path for one in found.files if one not in there]
    for place, files in enumerate(_shares(there, data_dir, part)):
        out = io.BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            if place == 0:
                archive.writestr(DATA, found.text())
                if lacking:
                    archive.writestr(LACKING, "\n".join(lacking))
            for one in files:
                archive.writestr(f"файлы/{one.path}", blobs.read(data_dir, one.sha or ""), ZIP_STORED)
        yield out.getvalue()


def _shares(files: Sequence[KeptFile], data_dir: Path, part: int) -> list[list[KeptFile]]:
    shares: list[list[KeptFile]] = [[]]
    taken = 0
    for one in files:
        size = blobs.size(data_dir, one.sha or "")
        if taken and taken + size > part:
            shares.append([])
            taken = 0
        shares[-1].append(one)
        taken += size
    return shares
