"""Files of a deal: once per (deal, field, file), sent back by one tap (K-7). Bytes: `stored_files`, `blobs`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, insert, or_, select, update

from models import access, rights
from models.entities import Deal, File
from models.errors import NotAllowed, NotFound
from models.fields.groups import FileLike
from models.history.file_lines import FilesAdded
from models.ids import FileId
from models.jobs import FetchFile
from models.process.process import Process
from models.tables.deals import DealRow
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from models.tables.people import EmployeeRow
from models.values.invalid_value import N_
from models.values.product_text import ProductText
from services.deals import deal_queries, plans
from services.files import incoming_files, quotas
from services.files.incoming_files import IncomingFile
from services.outbox import jobs
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork

FILE = rights.thing("file", N_("Файлы"), ids=(FileId,), tables=("file",))
SEE = FILE.right(N_("видеть вместе со сделкой"), (access.EVERYONE, ("shown",)))
RESTORE = FILE.right(
    N_("возвращать из корзины"),
    (access.MANAGEMENT, ("any",)),
    (access.MANAGER, ("own", "author")),
    (access.OTHERS, ("author",)),
)
CHANGE = FILE.right(N_("перекладывать и удалять"), (access.MANAGEMENT, ("any",)), (access.MANAGER, ("own",)))

ADD = insert(FileRow).returning(FileRow.id)
KEPT = FileRow.removed_at.is_(None)  # what was removed lies in the bin (`file_bin`), and nowhere else
_ALL: Select[*tuple[Any, ...]] = (
    select(FileRow, EmployeeRow.name.label("author"), PaperRow.name.label("paper"))
    .outerjoin(EmployeeRow, EmployeeRow.id == FileRow.author_id)
    .outerjoin(PaperRow, and_(PaperRow.deal_id == FileRow.deal_id, PaperRow.file_id == FileRow.id))
    .where(KEPT)
)
BY_ID = _ALL.where(FileRow.id == bindparam("id"))
# a deal born of a lead has the lead's files too (F-L7); a deal without a lead compares with NULL, which finds nothing
OF_DEAL_OR_LEAD = or_(FileRow.deal_id == bindparam("deal"), FileRow.deal_id == bindparam("lead"))
OF_DEAL = _ALL.where(OF_DEAL_OR_LEAD).order_by(FileRow.id)
# NULL is not equal to NULL in a unique constraint, so a file without a field is looked up as well
SAME = select(FileRow.id).where(
    FileRow.deal_id == bindparam("deal"),
    FileRow.unique_id == bindparam("unique"),
    FileRow.field.is_not_distinct_from(bindparam("field")),
    KEPT,
)
SAME_ANYWHERE = (
    select(FileRow.id, FileRow.field)
    .where(FileRow.deal_id == bindparam("deal"), FileRow.unique_id == bindparam("unique"), KEPT)
    .order_by(FileRow.id)
)
RENEW = (
    update(FileRow)
    .where(FileRow.id == bindparam("key"), FileRow.sha.is_(None), FileRow.telegram_id != bindparam("fresh"))
    .values(telegram_id=bindparam("fresh"))
)
NAME = update(FileRow).where(FileRow.id == bindparam("key")).values(field=bindparam("to_field"))
IN_FIELD = select(FileRow.id).where(OF_DEAL_OR_LEAD, FileRow.field == bindparam("field"), KEPT).order_by(FileRow.id)
COUNT = select(func.count()).select_from(FileRow).where(OF_DEAL_OR_LEAD, KEPT)
RECENT = (
    select(DealRow.id)
    .where(DealRow.responsible_id == bindparam("who"), DealRow.deleted_at.is_(None), DealRow.status == "open")
    .order_by(DealRow.id.desc())
    .limit(bindparam("most"))
)


# --- keeping ----------------------------------------------------------------------------------------------------


def attach(work: UnitOfWork, deal_id: int, field: str | None, sent: IncomingFile) -> int:
    """Keep the file with the deal, under a field or beside them all (None), and give its id.

    Whoever may see the deal may add to it: an installer sends the act. The same file sent twice for the same place is
    one file. Raises NotFound, NotAllowed, and InvalidValue for what is too big, too much, or of another kind.
    """
    return keep(work, deal_queries.get(work, deal_id), field, sent)


def keep(work: UnitOfWork, found: Deal, field: str | None, sent: IncomingFile, *, told: bool = True) -> int:
    """The same for a deal whose rights were asked already: a task's own question about it.

    The job that brings the bytes to our disk is written in the same transaction. `told`: a line in the history.
    """
    described = work.process(found.process).fields.get(field) if field else None
    if field and not isinstance(described, FileLike):
        raise NotFound("file")
    incoming_files.check_acceptable(described, sent)
    known = _known(work, found, field, sent)
    if known is not None:
        if work.tx.execute(
            RENEW, {"key": known, "fresh": sent.telegram_id}
        ).rowcount:  # sent again, as it was asked to be
            jobs.ask(work, FetchFile(known), deal_id=found.id)
        return known
    quotas.check(work, sent.size)
    key = work.add(
        ADD,
        deal_id=found.id,
        field=field,
        kind=sent.kind,
        name=incoming_files.clean_name(sent),
        size=sent.size,
        mime=sent.mime,
        telegram_id=sent.telegram_id,
        unique_id=sent.unique_id,
        caption=sent.caption or None,
        author_id=work.actor_id,
        at=work.now,
    )
    quotas.warn(work)
    jobs.ask(work, FetchFile(key), deal_id=found.id)
    if told and (field is None or sent.caption):  # a field's files are told when the field is filled, words at once
        tell(work, found.id, [incoming_files.clean_name(sent)], sent.caption)
    return key


def _known(work: UnitOfWork, found: Deal, field: str | None, sent: IncomingFile) -> int | None:
    """The same file in the folder: under this field; or under any, if it came by itself; or beside them all, from
    where an answer takes it under its field."""
    rows = work.tx.execute(SAME_ANYWHERE, {"deal": found.id, "unique": sent.unique_id}).all()
    places = {row.field: int(row.id) for row in rows}
    if field in places or not rows:
        return places.get(field)
    if field is None:
        return int(rows[0].id)
    if None in places:
        work.tx.execute(NAME, {"key": places[None], "to_field": field})
        return places[None]
    return None


def made(work: UnitOfWork, found: Deal, name: str, sha: str, size: int, mime: str) -> int:
    """Put what we made ourselves (a paper) into the folder: its bytes lie on the disk already, Telegram has none."""
    return work.add(
        ADD, deal_id=found.id, field=None, kind="document", name=name, size=size, mime=mime, telegram_id="",
        unique_id=f"sha:{sha}", sha=sha, content=mime, traces=False, author_id=work.actor_id, at=work.now,
    )  # fmt: skip


def tell(work: UnitOfWork, deal_id: int, names: Sequence[str], words: str = "") -> None:
    """A line in the deal's history: which files came into the folder, and the words that came with them."""
    found = deal_queries.find(work, deal_id)  # as it stands: whoever kept the files may have moved it
    if found is not None and names:
        plans.note(work, found, FilesAdded(names[0], len(names), words))


# --- reading ----------------------------------------------------------------------------------------------------


def count(work: UnitOfWork, found: Deal) -> int:
    """How many files of the deal's folder the actor sees, those of its lead included."""
    if _hides_anything(work, found):
        return len(_of(work, found))
    return int(work.tx.execute(COUNT, {"deal": found.id, "lead": found.origin_id}).scalar_one())


def get(work: UnitOfWork, file_id: int) -> File:
    """The file, if the actor may see its deal and it is not kept from his role: NotFound, NotAllowed."""
    row = work.tx.execute(BY_ID, {"id": file_id}).one_or_none()
    if row is None:
        raise NotFound("file")
    one, home = read(row), _seen(work, row.deal_id)
    SEE.check(work.actor, shown=sees(work, home, one))
    return one


def _seen(work: UnitOfWork, deal_id: int) -> Deal:
    """The deal. NotFound or NotAllowed unless the actor may see it, or the one that this lead has become (F-L7)."""
    try:
        return deal_queries.get(work, deal_id)
    except NotAllowed:
        born = deal_queries.successor_of(work, deal_id)
        if born is None:
            raise
        return deal_queries.get(work, born.id)


def of_deal(work: UnitOfWork, deal_id: int, field: str | None = None) -> list[File]:
    """The files of a deal that the actor may see, its lead's included, the oldest first; of one field if named."""
    found = _of(work, deal_queries.get(work, deal_id))
    return [one for one in found if field is None or one.field == field]


def _of(work: UnitOfWork, found: Deal) -> list[File]:
    rows = work.tx.execute(OF_DEAL, {"deal": found.id, "lead": found.origin_id})
    return [one for one in map(read, rows) if sees(work, found, one)]


def search(
    work: UnitOfWork, deal_id: int, text: str, called: Mapping[int, str] | None = None, most: int = 50
) -> list[File]:
    """The deal's files whose name, author or folder has every word of the text, the newest first.

    `called` are the names by which the folder shows them, where these are others: «Фото 3».
    """
    words = text.casefold().split()
    found = deal_queries.get(work, deal_id)
    process = work.company.processes.get(found.process)

    def told(one: File) -> str:
        shown = (called or {}).get(one.id, "")
        return f"{one.name} {shown} {one.author or ''} {folder_of(process, one) or ''}".casefold()

    hits = [one for one in _of(work, found) if all(word in told(one) for word in words)]
    return hits[::-1][:most]


def fields_of(work: UnitOfWork, ids: Sequence[int]) -> tuple[str, ...]:
    """Under which fields these files lie; no rights are asked."""
    rows = work.tx.execute(select(FileRow.field).where(FileRow.id.in_(ids), FileRow.field.is_not(None)).distinct())
    return tuple(sorted(str(one) for one in rows.scalars()))


def in_field(work: UnitOfWork, found: Deal, field: str) -> list[int]:
    """The ids of what lies in the folder under that field; no rights are asked: for the field's own question."""
    given = {"deal": found.id, "lead": found.origin_id, "field": field}
    return list(work.tx.execute(IN_FIELD, given).scalars())


def of_fields(work: UnitOfWork, found: Deal, fields: Sequence[str]) -> list[File]:
    """What lies under those fields and is not kept from the actor's role; the deal's rights are not asked: for a task
    that shows them."""
    return [one for one in _of(work, found) if one.field in fields]


def names(work: UnitOfWork, ids: Sequence[int]) -> list[str]:
    """The names of files, in the order of the ids; no rights are asked, so only for files of a form of one's own."""
    if not ids:
        return []
    rows = work.tx.execute(select(FileRow.id, FileRow.name).where(FileRow.id.in_(ids)))
    known = {row.id: row.name for row in rows}
    return [known[key] for key in ids if key in known]


def still_kept(work: UnitOfWork, ids: Sequence[int]) -> tuple[int, ...]:
    """Those of the files that were not removed meanwhile, in their order; no rights are asked."""
    if not ids:
        return ()
    known = set(work.tx.execute(select(FileRow.id).where(FileRow.id.in_(ids), KEPT)).scalars())
    return tuple(key for key in ids if key in known)


def folder_of(process: Process | None, one: File) -> ProductText | None:
    """The title of the folder inside the deal's folder, as the process has it; None for what lies beside them."""
    if process is None:
        return None
    if one.paper is not None and one.paper in process.papers:
        return process.papers[one.paper].folder
    field = process.fields.get(one.field) if one.field else None
    return field.folder or field.title if isinstance(field, FileLike) else None


def sees(work: UnitOfWork, found: Deal, one: File) -> bool:
    """Whether the actor's role may see the file of a deal that he sees: papers with prices are not for those who
    drive out (C-8), and the process says which."""
    process = work.company.processes.get(found.process)
    if work.actor is None or process is None:
        return True
    if one.paper is not None and one.paper in process.papers:
        return access.can_see_paper(work.actor, process.papers[one.paper])
    return one.field is None or access.can_see_field(work.actor, process, one.field)


def _hides_anything(work: UnitOfWork, found: Deal) -> bool:
    process = work.company.processes.get(found.process)
    if work.actor is None or process is None:
        return False
    if any(isinstance(process.fields[name], FileLike) for name in access.hidden_fields(work.actor.role, process)):
        return True
    return not all(access.can_see_paper(work.actor, one) for one in process.papers.values())


def recent_deals(work: UnitOfWork, most: int = 6) -> list[Deal]:
    """The actor's last open deals: where a file sent by itself may belong. Then those where he has a task."""
    keys = list(work.tx.execute(RECENT, {"who": work.actor_id, "most": most}).scalars())
    keys += [one.deal_id for one in task_queries.mine(work, most=most * 2)]
    found = []
    for key in list(dict.fromkeys(keys))[:most]:
        try:
            found.append(deal_queries.get(work, key))
        except (NotFound, NotAllowed):  # a task given to a whole role does not show its deal yet
            continue
    return found


def read(row: Row[Any]) -> File:
    """A file from its row with author and paper."""
    return File(
        row.id, row.deal_id, row.field, row.kind, row.name, row.size, row.telegram_id, row.at, row.author,
        row.content or row.mime,
        row.sha, row.paper, row.caption or "",
    )  # fmt: skip
