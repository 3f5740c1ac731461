"""The bin: files that were removed from a deal's folder, for so many days (`FileLimits.bin_days`).

A removed file keeps its row, so that it comes back as the very same file, under its place if that is free. Whoever sees
the deal and such a file sees it in the bin; whoever removed it, or may change the folder, puts it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, and_, bindparam, delete, select, update

from models.entities import Deal, File, RemovedFile
from models.errors import NotAllowed, NotFound
from models.fields.groups import FileLike
from models.history.file_lines import FileRestored
from models.ids import EmployeeId
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from models.tables.people import EmployeeRow
from models.values.product_text import NO_TEXT
from services.deals import deal_queries, plans
from services.files import deal_files, folder_changes, stored_files
from services.unit_of_work import UnitOfWork

AT_ONCE = 200  # files that are destroyed in one transaction
Outcome = Literal["back", "beside", "same"]

REMOVED = FileRow.removed_at.is_not(None)
_SENDER, _REMOVER = EmployeeRow.__table__.alias("sender"), EmployeeRow.__table__.alias("remover")
_ALL = (
    select(FileRow, _SENDER.c.name.label("author"), PaperRow.name.label("paper"), _REMOVER.c.name.label("remover"))
    .outerjoin(_SENDER, _SENDER.c.id == FileRow.author_id)
    .outerjoin(_REMOVER, _REMOVER.c.id == FileRow.removed_by_id)
    .outerjoin(PaperRow, and_(PaperRow.deal_id == FileRow.deal_id, PaperRow.file_id == FileRow.id))
    .where(REMOVED, FileRow.removed_at > bindparam("since"))
)
OF_DEAL = _ALL.where(deal_files.OF_DEAL_OR_LEAD).order_by(FileRow.removed_at.desc(), FileRow.id.desc())
BY_ID = _ALL.where(FileRow.id == bindparam("id"))
TAKE = (
    update(FileRow)
    .where(FileRow.id == bindparam("key"), REMOVED)
    .values(removed_at=None, removed_by_id=None, field=bindparam("to_field"))
)
OVER = (
    select(FileRow.id, FileRow.sha)
    .where(REMOVED, FileRow.removed_at <= bindparam("before"))
    .order_by(FileRow.id)
    .limit(AT_ONCE)
)
DESTROY = delete(FileRow).where(FileRow.id.in_(bindparam("keys", expanding=True)), REMOVED)
UNIQUE = select(FileRow.unique_id).where(FileRow.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class RestoredFile:
    """What became of it: `back` where it was; `beside` the folders, because its place is taken or no more; the `same`
    file lies there already, so there was nothing to put back. `deal` is whose folder it is."""

    deal: Deal
    outcome: Outcome


def of_deal(work: UnitOfWork, deal_id: int) -> list[RemovedFile]:
    """What lies in the deal's bin, its lead's included, as far as the actor may see it; the latest first. NotFound or
    NotAllowed unless he sees the deal."""
    home = deal_queries.get(work, deal_id)
    given = {"deal": home.id, "lead": home.origin_id, "since": work.company.files.removed_before(work.now)}
    found = [_read(work, row) for row in work.tx.execute(OF_DEAL, given)]
    return [one for one in found if deal_files.sees(work, home, one.file)]


def can_restore(work: UnitOfWork, one: RemovedFile) -> bool:
    """Whether the actor may put it back: who removed it, and who may change the folder."""
    mine = work.actor_id is not None and one.by_id == work.actor_id
    return deal_files.RESTORE.allows(work.actor, author=mine, own=folder_changes.can_change(work, one.file))


def restore(work: UnitOfWork, file_id: int) -> RestoredFile:
    """Put a file back; the field that it fills counts as filled, and the history says who did.

    NotFound if it is not in the bin (any more), NotAllowed, and what `deal_commands.put` raises.
    """
    given = {"id": file_id, "since": work.company.files.removed_before(work.now)}
    row = work.tx.execute(BY_ID, given).one_or_none()
    if row is None:
        raise NotFound("file")
    one = _read(work, row)
    home = _home(work, one.file)
    if not deal_files.sees(work, home, one.file) or not can_restore(work, one):
        raise NotAllowed
    if _lies_there(work, one.file, one.file.field):
        _destroy(work, [one.file.id], [one.file.sha])
        return RestoredFile(home, "same")
    return _put_back(work, home, one.file)


def empty(work: UnitOfWork) -> int:
    """Destroy, for good, some of what nobody has put back in time; how many. Their bytes follow where no other file has
    them."""
    before = work.company.files.removed_before(work.now)
    found = work.tx.execute(OVER, {"before": before}).all()
    _destroy(work, [row.id for row in found], [row.sha for row in found])
    return len(found)


def _home(work: UnitOfWork, one: File) -> Deal:
    """The deal whose folder it was in, which the actor sees. NotFound, NotAllowed."""
    home = folder_changes.home_of(work, one)
    if home is None:
        raise NotFound("deal")
    return deal_queries.get(work, home.id)


def _put_back(work: UnitOfWork, home: Deal, one: File) -> RestoredFile:
    process = work.process(home.process)
    field = process.fields.get(one.field) if one.field else None
    present = tuple(home.fields.get(one.field) or ()) if one.field else ()
    fits = isinstance(field, FileLike) and (field.many or not present)
    if one.field is not None and not fits and _lies_there(work, one, None):
        _destroy(work, [one.id], [one.sha])
        return RestoredFile(home, "same")
    place = one.field if fits else None
    if work.tx.execute(TAKE, {"key": one.id, "to_field": place}).rowcount != 1:
        raise NotFound("file")  # somebody else was faster
    lay = folder_changes.places_of(one.field, place)
    plans.note(work, home, FileRestored(one.name, field.title if field is not None and fits else NO_TEXT, lay))
    values = {place: (*present, one.id)} if place is not None else {}
    after = folder_changes.write(work, home.id, values)
    return RestoredFile(after, "back" if place == one.field else "beside")


def _lies_there(work: UnitOfWork, one: File, field: str | None) -> bool:
    unique = work.tx.execute(UNIQUE, {"id": one.id}).scalar_one()
    given = {"deal": one.deal_id, "unique": unique, "field": field}
    return work.tx.execute(deal_files.SAME, given).first() is not None


def _destroy(work: UnitOfWork, keys: list[int], hashes: list[str | None]) -> None:
    if keys:
        work.tx.execute(DESTROY, {"keys": keys})
    for sha in dict.fromkeys(hashes):
        stored_files.forget(work, sha)


def _read(work: UnitOfWork, row: Row[Any]) -> RemovedFile:
    until = work.company.files.until(row.removed_at)
    by = EmployeeId(row.removed_by_id) if row.removed_by_id is not None else None
    return RemovedFile(deal_files.read(row), row.removed_at, until, row.remover, by)
