"""Which files' bytes lie on our disk: what the jobs and the sender of files ask. Nobody acts; no rights are asked.

The bytes themselves are `services.files.blobs`; here is only what the database knows of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update

from models.jobs import ForgetBlob, SendAlbum
from models.notices.file_notices import FileNotSaved, PhotosNotSent
from models.states import FileKind
from models.tables.deals import DealRow
from models.tables.documents import PaperTemplateRow
from models.tables.files import FileRow
from services.outbox import jobs, notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

AFTER_REMOVAL = timedelta(hours=2)
MOST_AT_ONCE = 30  # photos: three albums

_COPY = select(
    FileRow.id, FileRow.deal_id, FileRow.kind, FileRow.name, FileRow.mime, FileRow.size, FileRow.telegram_id,
    FileRow.unique_id, FileRow.sha, FileRow.author_id, FileRow.at, FileRow.field, FileRow.content, FileRow.traces,
    DealRow.process,
).join(DealRow, DealRow.id == FileRow.deal_id)  # fmt: skip
BY_ID = _COPY.where(FileRow.id == bindparam("id"))
KEPT_BY_ID = BY_ID.where(FileRow.removed_at.is_(None))
# the same file in another folder of the deal, whose bytes we have
TWIN = _COPY.where(
    FileRow.deal_id == bindparam("deal"), FileRow.unique_id == bindparam("unique"), FileRow.id != bindparam("but"),
    FileRow.sha.is_not(None), FileRow.content.is_not(None),
).limit(1)  # fmt: skip
MARK = (
    update(FileRow)
    .where(FileRow.id == bindparam("key"))
    .values(
        sha=bindparam("hash"), size=bindparam("bytes"), content=bindparam("type_"), traces=bindparam("tells"),
        telegram_id=func.coalesce(bindparam("sent_as"), FileRow.telegram_id),
    )
)  # fmt: skip
AGAIN = (
    update(FileRow)
    .where(FileRow.sha == bindparam("hash"), FileRow.telegram_id == bindparam("old"))
    .values(telegram_id=bindparam("new"), kind=bindparam("sort"))
)
WITHOUT = (
    select(FileRow.id)
    .where(
        FileRow.id > bindparam("after"),
        or_(
            and_(FileRow.sha.is_(None), FileRow.telegram_id != ""),
            and_(FileRow.sha.is_not(None), FileRow.content.is_(None), FileRow.kind == "document"),
        ),
        FileRow.at < bindparam("until"),
    )
    .order_by(FileRow.id)
    .limit(bindparam("most"))
)
USED = (
    select(FileRow.id).where(FileRow.sha == bindparam("hash")).limit(1),
    select(PaperTemplateRow.id).where(PaperTemplateRow.sha == bindparam("hash")).limit(1),
)
ALL_HASHES = (
    select(FileRow.sha).where(FileRow.sha.is_not(None)).distinct(),
    select(PaperTemplateRow.sha).where(PaperTemplateRow.sha.is_not(None)).distinct(),
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as far as sending and keeping its bytes goes. `telegram_id` is empty for what only our disk has."""

    id: int
    deal_id: int
    kind: FileKind
    name: str
    mime: str | None
    size: int | None
    telegram_id: str
    unique_id: str
    sha: str | None
    author_id: int | None
    at: datetime
    field: str | None = None
    content: str | None = None  # its type by its bytes
    traces: bool | None = None  # a picture that may tell where it was taken
    process: str = ""

    @property
    def is_looked_at(self) -> bool:
        """Whether it is known by its bytes what it is. What Telegram has made itself (photos, films) of older versions
        was not looked at; a file as somebody sent it may be anything."""
        return self.content is not None or (self.kind != "document" and self.sha is not None)


def find(work: UnitOfWork, file_id: int) -> StoredFile | None:
    """The file; None if it was removed meanwhile."""
    row = work.tx.execute(KEPT_BY_ID, {"id": file_id}).one_or_none()
    return StoredFile(*row) if row is not None else None


def find_also_removed(work: UnitOfWork, file_id: int) -> StoredFile | None:
    """The file, even if it lies in the bin: its bytes are kept as well; None if there is none."""
    row = work.tx.execute(BY_ID, {"id": file_id}).one_or_none()
    return StoredFile(*row) if row is not None else None


def twin(work: UnitOfWork, one: StoredFile) -> StoredFile | None:
    """The same file in another place of the deal (Telegram's unique id is the same), if its bytes are known."""
    given = {"deal": one.deal_id, "unique": one.unique_id, "but": one.id}
    row = work.tx.execute(TWIN, given).one_or_none()
    return StoredFile(*row) if row is not None else None


def mark(
    work: UnitOfWork, file_id: int, sha: str, size: int, content: str | None = None, *, traces: bool = False,
    telegram_id: str | None = None,
) -> None:  # fmt: skip
    """Its bytes, so many and of that type, lie on the disk under that hash; those of a file that is gone by now go as
    well. `telegram_id`: its other id from now on."""
    given = {"key": file_id, "hash": sha, "bytes": size, "type_": content, "tells": traces, "sent_as": telegram_id}
    if work.tx.execute(MARK, given).rowcount == 0:
        forget(work, sha)


def mark_like(work: UnitOfWork, one: StoredFile, other: StoredFile) -> StoredFile | None:
    """Its bytes are those of the other one, which Telegram has under the other one's id."""
    mark(
        work, one.id, other.sha or "", other.size or 0, other.content, traces=bool(other.traces),
        telegram_id=other.telegram_id,
    )  # fmt: skip
    return find_also_removed(work, one.id)


def remember_id(work: UnitOfWork, one: StoredFile, telegram_id: str, kind: FileKind) -> None:
    """Telegram gave the bytes a new id: every row that has the same bytes and the same dead id gets it."""
    if one.sha is not None:
        work.tx.execute(AGAIN, {"hash": one.sha, "old": one.telegram_id, "new": telegram_id, "sort": kind})


def without_bytes(work: UnitOfWork, after: int, until: datetime, most: int) -> list[int]:
    """Ids above `after` of files older than `until` whose bytes we do not have, in order."""
    return list(work.tx.execute(WITHOUT, {"after": after, "until": until, "most": most}).scalars())


def is_protected(work: UnitOfWork, one: StoredFile) -> bool:
    """Whether whoever gets the file may not pass it on: it tells of a person and is kept from somebody of the company,
    or it is a picture that tells more than it shows (papers are made to be passed on)."""
    process = work.company.processes.get(one.process)
    field = process.fields.get(one.field) if process is not None and one.field else None
    return bool(one.traces) or (field is not None and field.is_personal() and bool(field.hidden_from))


def is_used(work: UnitOfWork, sha: str) -> bool:
    """Whether any row still needs these bytes."""
    return any(work.tx.execute(statement, {"hash": sha}).first() is not None for statement in USED)


def hashes(tx: Any) -> set[str]:
    """Every hash that a row names."""
    return {sha for statement in ALL_HASHES for sha in tx.execute(statement).scalars()}


def ask_album(work: UnitOfWork, employee_id: int, keys: Sequence[int]) -> int:
    """Send somebody photos that he may see, as albums, the latest ones if there are very many; how many will come."""
    chosen = list(keys)[-MOST_AT_ONCE:]
    jobs.ask(work, SendAlbum(tuple(chosen)), employee_id=employee_id)
    return len(chosen)


def forget(work: UnitOfWork, sha: str | None) -> None:
    """A file's row is gone: if nobody needs its bytes in two hours, they go from the disk too."""
    if sha is not None:
        jobs.ask(work, ForgetBlob(sha), at=work.now + AFTER_REMOVAL)


def tell_lost(work: UnitOfWork, file_id: int) -> None:
    """The bytes of a file cannot be had: whoever sent it is asked to send it again."""
    one = find(work, file_id)
    if one is None or one.sha is not None:
        return
    person = employees.find_working(work, one.author_id)
    if person is None:
        return
    said = FileNotSaved(one.name, one.id)
    at = notices.polite(work, person)
    row = notices.to(work, person, said, rule="fetch", cause=f"file-{one.id}", at=at, deal_id=one.deal_id)
    schedule.put(work, [row])


def tell_unsent(work: UnitOfWork, employee_id: int | None, keys: Sequence[int]) -> None:
    """Photos that somebody asked for could not be sent: he hears it now, for he waits for them."""
    person, first = employees.find_working(work, employee_id), find(work, keys[0]) if keys else None
    if person is None or first is None:
        return
    said = PhotosNotSent(len(keys), first.id)
    row = notices.to(work, person, said, rule="album", cause=f"album-{first.id}", at=work.now, deal_id=first.deal_id)
    schedule.put(work, [row])
