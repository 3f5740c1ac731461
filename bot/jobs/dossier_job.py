"""All that is known of a person, as files for the owner: made in memory, sent, kept nowhere.

A job sends one archive, and what is left is a job of its own: whatever goes wrong, one archive comes twice at most.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace
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
from services.outbox import jobs, queue
from services.people import employees
from services.personal import dossiers, person_keys
from services.personal.dossiers import Dossier, KeptFile
from services.unit_of_work import UnitOfWork

PART = 20 * 1024 * 1024  # bytes of files in one document: as much as a slow line takes in the time of a job
UPLOAD_TIMEOUT = 45.0
DATA, LACKING = "данные.json", "чего нет на диске.txt"


def unsent(work: UnitOfWork, row: Scheduled, job: GiveDossier, why: str) -> None:
    """It is given up: the owner, who waits for it, is told."""
    dossiers.tell_unsent(work, row.employee_id, job)


@job_handler(GiveDossier, on_failure=unsent)
async def give(context: JobContext, row: Scheduled, job: GiveDossier) -> None:
    """Send one archive to the owner who has asked for it; the others follow."""
    person, found = await context.units.run(lambda work: _gathered(work, row, job))
    if person is None or person.telegram_id is None or found is None:
        return
    shares = await asyncio.to_thread(shares_of, found, context.data_dir)
    of = max(job.of, job.part + len(shares) - 1)
    data = await asyncio.to_thread(archive, found, shares[0], context.data_dir)
    t = translator(person.locale, context.units.company.calendar.zone)
    params = {
        "chat_id": person.telegram_id,
        "caption": t("Данные клиента: всё, что есть в программе. Переслать файл нельзя, сохраните его."),
        "protect_content": True,
    }
    name = f"Данные клиента{f' {job.part} из {of}' if of > 1 else ''}.zip"
    files = {"document": FileUpload(data, name)}
    await context.telegram.call("sendDocument", params, files=files, timeout=UPLOAD_TIMEOUT, paced=True)
    if rest := tuple(one.id for share in shares[1:] for one in share):
        following = replace(job, part=job.part + 1, of=of, files=rest)
        await context.units.run(lambda work: _go_on(work, row, following))


def _gathered(work: UnitOfWork, row: Scheduled, job: GiveDossier) -> tuple[Employee | None, Dossier | None]:
    """None if who has asked is no owner any more, or nobody is there to tell of; for a later part its files alone."""
    person = employees.find_working(work, row.employee_id)
    if person is None or person.role != "owner":
        return None, None
    keys = person_keys.of_client(work, job.client) if job.client else person_keys.of_lead(work, job.lead or 0)
    if job.part == 1:
        return person, dossiers.gather(work, keys, shown) if keys else None
    files = tuple(one for one in dossiers.files_of(work, keys) if one.id in job.files)
    return person, Dossier({}, files) if files else None


def _go_on(work: UnitOfWork, row: Scheduled, following: GiveDossier) -> None:
    """This job ends and the next one is there, or neither."""
    if queue.finish(work, row):
        jobs.ask(work, following, employee_id=row.employee_id)


def archive(found: Dossier, files: Sequence[KeptFile], data_dir: Path) -> bytes:
    """A ZIP of these files; the first one has the data, and names what is not on the disk."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as opened:
        if found.data:
            opened.writestr(DATA, found.text())
            lacking = [one.path for one in found.files if not _is_there(one, data_dir)]
            if lacking:
                opened.writestr(LACKING, "\n".join(lacking))
        for one in files:
            opened.writestr(f"файлы/{one.path}", blobs.read(data_dir, one.sha or ""), ZIP_STORED)
    return out.getvalue()


def shares_of(found: Dossier, data_dir: Path) -> list[list[KeptFile]]:
    """The files that are on the disk, so many in each archive; a bigger file goes alone. At least one, be it empty."""
    shares: list[list[KeptFile]] = [[]]
    taken = 0
    for one in (each for each in found.files if _is_there(each, data_dir)):
        size = blobs.size(data_dir, one.sha or "")
        if taken and taken + size > PART:
            shares.append([])
            taken = 0
        shares[-1].append(one)
        taken += size
    return shares


def _is_there(one: KeptFile, data_dir: Path) -> bool:
    return one.sha is not None and blobs.is_kept(data_dir, one.sha)
