"""What the database is told of a file whose bytes have come: what it is, or that it was not kept and why."""

from __future__ import annotations

from models.fields.groups import FileLike
from models.notices.file_notices import FileRefused
from models.states import FileRefusal
from services.files import folder_changes, stored_files
from services.files.file_contents import FileContent
from services.files.stored_files import StoredFile
from services.outbox import notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork


def refusal_of(work: UnitOfWork, one: StoredFile, found: FileContent) -> FileRefusal | None:
    """Why it cannot be kept where it was put; None if it can."""
    process = work.company.processes.get(one.process)
    field = process.fields.get(one.field) if process is not None and one.field else None
    if found.refusal is None and isinstance(field, FileLike) and not field.takes(picture=found.is_picture):
        return "picture"
    return found.refusal


def took(work: UnitOfWork, one: StoredFile, found: FileContent, sha: str, *, changed: bool) -> None:
    """Its bytes lie on our disk under that hash. `changed`: they are not those that Telegram has, so its id for them is
    forgotten: whoever asks for the file gets what is on the disk."""
    stored_files.mark(
        work, one.id, sha, len(found.data), found.mime, traces=found.traces, telegram_id="" if changed else None
    )
    if one.sha not in (None, sha):
        stored_files.forget(work, one.sha)


def refuse(work: UnitOfWork, one: StoredFile, why: FileRefusal) -> None:
    """It is in no folder any more, and whoever sent it is told why."""
    folder_changes.lose(work, one.id)
    stored_files.forget(work, one.sha)
    person = employees.find_working(work, one.author_id)
    if person is None:
        return
    said, at = FileRefused(one.name, why), notices.polite(work, person)
    row = notices.to(work, person, said, rule="fetch", cause=f"refused-{one.id}", at=at, deal_id=one.deal_id)
    schedule.put(work, [row])
