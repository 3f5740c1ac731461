"""How much of files there may be: of one person in a day, of the company in all. The owner hears before it is full."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select

from models.files.file_limits import MEGABYTE, OVER_BELOW, TOLD_FROM
from models.tables.files import FileRow
from models.troubles import TroubleKind
from models.values.invalid_value import N_, InvalidValue
from services import company_settings
from services.operation import troubles
from services.unit_of_work import UnitOfWork

_SUM = func.coalesce(func.sum(FileRow.size), 0)
OF_PERSON = select(_SUM).where(FileRow.author_id == bindparam("who"), FileRow.at >= bindparam("since"))
NEWER = select(_SUM).where(FileRow.id > bindparam("after"))
# the same bytes lie on the disk once
_BLOBS = select(FileRow.sha, func.max(FileRow.size).label("size")).where(FileRow.sha.is_not(None)).group_by(FileRow.sha)
STORED = select(func.coalesce(func.sum(_BLOBS.subquery().c.size), 0))
UNSTORED = select(_SUM).where(FileRow.sha.is_(None))
LAST = select(func.coalesce(func.max(FileRow.id), 0))


def check(work: UnitOfWork, size: int | None) -> None:
    """Raise InvalidValue if a file of so many bytes is more than the actor may send today, or than there is room."""
    limits, new = work.company.files, size or 0
    if limits.daily_bytes and work.actor is not None:
        used = work.tx.execute(OF_PERSON, {"who": work.actor.id, "since": _midnight(work)}).scalar_one() or 0
        if used + new > limits.daily_bytes:
            raise InvalidValue(
                "file.daily",
                N_(
                    "За сегодня вы прислали {used} МБ файлов, больше {limit} МБ в день бот не хранит. Пришлите "
                    "остальное завтра; поднять предел может владелец."
                ),
                used=used // MEGABYTE,
                limit=limits.daily_megabytes,
            )
    if limits.total_bytes and taken(work) + new > limits.total_bytes:
        raise InvalidValue(
            "file.total",
            N_("Место для файлов кончилось ({limit} ГБ), этот не сохранён. Скажите владельцу: предел поднимает он."),
            limit=limits.total_gigabytes,
        )


def taken(work: UnitOfWork) -> int:
    """How many bytes the company's files take: as counted last night, and what came since."""
    counted = company_settings.get(work.tx, company_settings.FILES_TAKEN) or {"bytes": 0, "last": 0}
    newer = work.tx.execute(NEWER, {"after": counted["last"]}).scalar_one() or 0
    return int(counted["bytes"]) + int(newer)


def warn(work: UnitOfWork) -> None:
    """Tell the owner, once, when little room is left."""
    limit = work.company.files.total_bytes
    if limit and (used := taken(work)) * 100 >= limit * TOLD_FROM:
        gigabytes = work.company.files.total_gigabytes
        troubles.begin(work, TroubleKind.FILES_FULL, percent=used * 100 // limit, limit=gigabytes)


def recount(work: UnitOfWork) -> int:
    """Count all files anew, each of the same bytes once; how many bytes. Once a night: it reads every row."""
    used = sum(int(work.tx.execute(one).scalar_one() or 0) for one in (STORED, UNSTORED))
    last = work.tx.execute(LAST).scalar_one()
    company_settings.put(work.tx, company_settings.FILES_TAKEN, {"bytes": used, "last": last})
    limit = work.company.files.total_bytes
    if not limit or used * 100 < limit * OVER_BELOW:
        troubles.end(work, TroubleKind.FILES_FULL)
    else:
        warn(work)
    return used


def _midnight(work: UnitOfWork) -> datetime:
    local = work.company.calendar.local(work.now)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
