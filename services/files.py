"""Files of a deal: kept as Telegram's own file ids, once per (deal, field, file), sent back by one tap (K-7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Row, bindparam, func, insert, or_, select

from models.errors import NotAllowed, NotFound
from models.nouns import Deal, File
from models.process import fields as f
from models.tables import deal, employee, file
from models.values.text import one_line
from models.values.wrong import N_, Wrong
from services import carry, deals
from services.work import Work

LARGEST = 20 * 1024 * 1024  # Telegram gives a bot no bigger file back (getFile)
LONGEST_NAME = 120
FORBIDDEN = re.compile(r'[\\/:*?"<>|]+')

ADD = insert(file).returning(file.c.id)
_ALL = select(file, employee.c.name.label("author")).outerjoin(employee, employee.c.id == file.c.author_id)
BY_ID = _ALL.where(file.c.id == bindparam("id"))
# a deal born of a lead has the lead's files too (F-L7); a deal without a lead compares with NULL, which finds nothing
_OF_DEAL_OR_LEAD = or_(file.c.deal_id == bindparam("deal"), file.c.deal_id == bindparam("lead"))
OF_DEAL = _ALL.where(_OF_DEAL_OR_LEAD).order_by(file.c.id)
# NULL is not equal to NULL in a unique constraint, so a file without a field is looked up as well
SAME = select(file.c.id).where(
    file.c.deal_id == bindparam("deal"),
    file.c.unique_id == bindparam("unique"),
    file.c.field.is_not_distinct_from(bindparam("field")),
)
COUNT = select(func.count()).select_from(file).where(_OF_DEAL_OR_LEAD)
RECENT = (
    select(deal.c.id)
    .where(deal.c.responsible_id == bindparam("who"), deal.c.deleted_at.is_(None), deal.c.status == "open")
    .order_by(deal.c.id.desc())
    .limit(bindparam("most"))
)


class Sent(Protocol):
    """A file as it came in. `kind` is photo or document; `size` in bytes, None if Telegram did not say."""

    @property
    def kind(self) -> str: ...
    @property
    def telegram_id(self) -> str: ...
    @property
    def unique_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int | None: ...
    @property
    def mime(self) -> str | None: ...


def attach(work: Work, deal_id: int, field: str | None, sent: Sent) -> int:
    """Keep the file with the deal, under a field or beside them all (None), and give its id.

    Whoever may see the deal may add to it: an installer sends the act. The same file sent twice for the same place is
    one file. Raises NotFound, NotAllowed, and Wrong for what is too big or of another kind.
    """
    return keep(work, deals.get(work, deal_id), field, sent)


def keep(work: Work, found: Deal, field: str | None, sent: Sent) -> int:
    """The same for a deal whose rights were asked already: a task's own question about it."""
    described = work.process(found.process).fields.get(field) if field else None
    if field and not isinstance(described, f.FileField | f.PhotoField):
        raise NotFound("file")
    check_sent(described, sent)
    known = work.tx.execute(SAME, {"deal": found.id, "unique": sent.unique_id, "field": field}).scalar()
    if known is not None:
        return int(known)
    key = work.add(
        ADD,
        deal_id=found.id,
        field=field,
        kind=sent.kind,
        name=clean_name(sent),
        size=sent.size,
        mime=sent.mime,
        telegram_id=sent.telegram_id,
        unique_id=sent.unique_id,
        author_id=work.actor_id,
        at=work.now,
    )
    if field is None:  # a field's files are told in the history when the field is filled
        carry.note(work, found, "file", {"name": clean_name(sent)})
    return key


def check_sent(described: f.Field | None, sent: Sent) -> None:
    """Raise Wrong for a file that cannot be taken here."""
    if sent.size is not None and sent.size > LARGEST:
        raise Wrong(
            "file.big",
            N_("Файл слишком большой: {size} МБ. Telegram отдаёт ботам файлы не больше {limit} МБ — сожмите его."),
            size=str(-(-sent.size // (1024 * 1024))),
            limit=str(LARGEST // (1024 * 1024)),
        )
    if isinstance(described, f.PhotoField) and not is_picture(sent):
        raise Wrong("file.no_photo", N_("Здесь нужно фото: пришлите снимок или картинку файлом."))


def is_picture(sent: Sent) -> bool:
    """Whether it is a photo, or an image sent as a file."""
    return sent.kind == "photo" or (sent.mime or "").startswith("image/")


def clean_name(sent: Sent) -> str:
    """A name that any disk and any message can hold; a photo without one is called by its kind."""
    name = one_line(FORBIDDEN.sub("_", sent.name or ""), limit=1000).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(ending) <= 10:
        name = f"{stem[: LONGEST_NAME - len(ending) - 2]}….{ending}"
    return name[:LONGEST_NAME] or ("photo.jpg" if sent.kind == "photo" else "file")


def count(work: Work, found: Deal) -> int:
    """How many files lie in the deal's folder, those of its lead included."""
    return int(work.tx.execute(COUNT, {"deal": found.id, "lead": found.origin_id}).scalar_one())


def get(work: Work, file_id: int) -> File:
    """The file, if the actor may see its deal: NotFound, NotAllowed."""
    row = work.tx.execute(BY_ID, {"id": file_id}).one_or_none()
    if row is None:
        raise NotFound("file")
    _check_seen(work, row.deal_id)
    return _read(row)


def _check_seen(work: Work, deal_id: int) -> None:
    """Raise NotFound or NotAllowed unless the actor may see the deal, or the one that this lead has become (F-L7)."""
    try:
        deals.get(work, deal_id)
    except NotAllowed:
        born = deals.born_of(work, deal_id)
        if born is None:
            raise
        deals.get(work, born.id)


def of_deal(work: Work, deal_id: int, field: str | None = None) -> list[File]:
    """The files of a deal that the actor may see, its lead's included, the oldest first; of one field if named."""
    seen = deals.get(work, deal_id)
    found = [_read(row) for row in work.tx.execute(OF_DEAL, {"deal": deal_id, "lead": seen.origin_id})]
    return [one for one in found if field is None or one.field == field]


def names(work: Work, ids: Sequence[int]) -> list[str]:
    """The names of files, in the order of the ids; no rights are asked, so only for files of a form of one's own."""
    if not ids:
        return []
    rows = work.tx.execute(select(file.c.id, file.c.name).where(file.c.id.in_(ids)))
    known = {row.id: row.name for row in rows}
    return [known[key] for key in ids if key in known]


def recent_deals(work: Work, most: int = 6) -> list[Deal]:
    """The actor's last open deals: where a file sent by itself may belong. Then those where he has a task."""
    from services import tasks

    keys = list(work.tx.execute(RECENT, {"who": work.actor_id, "most": most}).scalars())
    keys += [one.deal_id for one in tasks.mine(work, most=most * 2)]
    found = []
    for key in list(dict.fromkeys(keys))[:most]:
        try:
            found.append(deals.get(work, key))
        except (NotFound, NotAllowed):  # a task given to a whole role does not show its deal yet
            continue
    return found


def _read(row: Row[Any]) -> File:
    return File(row.id, row.deal_id, row.field, row.kind, row.name, row.size, row.telegram_id, row.at, row.author)
