"""The words that came with a file, as its sender has corrected them in Telegram (door A1)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from models.history.file_lines import CaptionCorrected
from models.ids import DealId
from models.tables.files import FileRow
from services.deals import deal_queries, plans, typed_answers
from services.files import deal_files
from services.files.incoming_files import IncomingFile
from services.unit_of_work import UnitOfWork

OWN = (
    select(FileRow.id, FileRow.deal_id, FileRow.caption, FileRow.removed_at)
    .where(
        FileRow.author_id == bindparam("who"), FileRow.at >= bindparam("since"),
        FileRow.unique_id == bindparam("unique"),
    )
    .order_by(FileRow.id.desc())
    .limit(1)
)  # fmt: skip
CHANGE = update(FileRow).where(FileRow.id == bindparam("key")).values(caption=bindparam("words"))


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that the actor has sent into a deal's folder, and the words that stand with it; `removed`: it lies in the
    bin."""

    id: int
    deal: DealId
    caption: str
    removed: bool


def find(work: UnitOfWork, sent: IncomingFile) -> SentFile | None:
    """Where the actor's file lies; None for one that was put nowhere, or too long ago."""
    since = work.now - typed_answers.LIFE
    row = work.tx.execute(OWN, {"who": work.actor_id, "since": since, "unique": sent.unique_id}).one_or_none()
    if row is None:
        return None
    return SentFile(row.id, DealId(row.deal_id), row.caption or "", row.removed_at is not None)


def correct(work: UnitOfWork, one: SentFile, text: str) -> None:
    """Other words stand with the file; the line of the history that told the former ones stays. NotFound, NotAllowed
    where the actor may not see it any more."""
    file = deal_files.get(work, one.id)
    work.tx.execute(CHANGE, {"key": one.id, "words": text or None})
    found = deal_queries.get(work, one.deal)
    plans.note(work, found, CaptionCorrected(file.name, text, (file.field,) if file.field else ()))
