"""The keys of the months: made when first needed, given to the owner to keep elsewhere, forgotten 30 days after.

A key is a pair in the format of age (https://age-encryption.org): `recipient` encrypts, `secret` opens.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pyrage import x25519
from sqlalchemy import bindparam, insert, select, text, update

from models import access, backups, rights
from models.backups import BackupKey
from models.errors import NotFound
from models.ids import BackupKeyId
from models.notices.backup_notices import BackupKeyGiven
from models.tables.backups import BackupKeyRow
from models.values.invalid_value import N_
from services.outbox import notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

BACKUP = rights.thing(
    "backup", N_("Резервные копии и неполадки"), ids=(BackupKeyId,), tables=("backup", "backup_key", "trouble")
)
SEE = BACKUP.right(N_("видеть ключи, узнавать о неполадках"), (access.OWNER, ("any",)))

RULE = "backup_key"
ASK_AGAIN = timedelta(days=7)  # until the owner says that he has it

ADD = insert(BackupKeyRow).returning(BackupKeyRow.id)
BY_ID = select(BackupKeyRow).where(BackupKeyRow.id == bindparam("key"))
KNOWN = select(BackupKeyRow).where(BackupKeyRow.secret.is_not(None)).order_by(BackupKeyRow.id.desc())
CHANGE = update(BackupKeyRow).where(BackupKeyRow.id == bindparam("key"))
OVERWRITE = {True: text("PRAGMA secure_delete = ON"), False: text("PRAGMA secure_delete = OFF")}


def of_month(work: UnitOfWork, month: date) -> BackupKey:
    """The month's key; made, and the owner asked to keep it, if there is none yet."""
    found = next((one for one in known(work) if one.month == month), None)
    if found is not None:
        return found
    pair = x25519.Identity.generate()
    key_id = work.add(
        ADD, month=month, recipient=str(pair.to_public()), secret=str(pair), made_at=work.now, told_at=work.now
    )
    made = get(work, BackupKeyId(key_id))
    _tell(work, made)
    return made


def get(work: UnitOfWork, key_id: BackupKeyId) -> BackupKey:
    """The key, perhaps forgotten; NotFound if there never was one, NotAllowed but for the owner."""
    SEE.check(work.actor)
    row = work.tx.execute(BY_ID, {"key": key_id}).mappings().one_or_none()
    if row is None:
        raise NotFound("backup key")
    return BackupKey.from_row(row)


def known(work: UnitOfWork) -> list[BackupKey]:
    """Those that are not forgotten, the newest first."""
    return [BackupKey.from_row(row) for row in work.tx.execute(KNOWN).mappings()]


def save(work: UnitOfWork, key_id: BackupKeyId) -> BackupKey:
    """The owner says that he keeps it: he is not asked again."""
    found = get(work, key_id)
    if found.saved_at is None:
        work.tx.execute(CHANGE.values(saved_at=work.now), {"key": key_id})
    return get(work, key_id)


def ask_again(work: UnitOfWork) -> int:
    """Ask the owner once more for each key that he has not kept, once a week; how many."""
    waiting = [one for one in known(work) if one.saved_at is None and work.now - one.told_at >= ASK_AGAIN]
    for one in waiting:
        work.tx.execute(CHANGE.values(told_at=work.now), {"key": one.id})
        _tell(work, one)
    return len(waiting)


def forget(work: UnitOfWork) -> int:
    """Forget the secrets whose time is over, down to the bytes; how many."""
    over = [one for one in known(work) if backups.forgotten_at(one.month) <= work.now]
    if over and work.tx.dialect.name == "sqlite":
        work.tx.execute(OVERWRITE[True])
    for one in over:
        work.tx.execute(CHANGE.values(secret=None, forgotten_at=work.now), {"key": one.id})
    if over and work.tx.dialect.name == "sqlite":
        work.tx.execute(OVERWRITE[False])
    return len(over)


def _tell(work: UnitOfWork, one: BackupKey) -> None:
    said = BackupKeyGiven(one.id, one.month, one.mark)
    rows = [
        notices.to(work, person, said, rule=RULE, cause=_cause(one, work.now))
        for person in employees.of_role(work, "owner")
    ]
    schedule.put(work, rows)


def _cause(one: BackupKey, at: datetime) -> str:
    return f"{RULE}-{one.id}-{at.date().isoformat()}"
