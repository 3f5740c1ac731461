"""Invitations: one-time links by which somebody joins the company, listed, taken back, and told when used (C-8).

One is good for 48 hours, once, and as long as it is not taken back: by hand, or because whoever made it has left or may
not give that role any more (`employees`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Executable, Row, bindparam, insert, select, update

from models import access, rights
from models.entities import Employee, Invitation
from models.errors import AlreadyDone, InvitationInvalid, NotAllowed, NotFound
from models.ids import InvitationId
from models.notices.people_notices import Joined
from models.roles import ROLES, Role
from models.tables.people import EmployeeRow, InvitationRow
from models.values.invalid_value import N_
from services.outbox import notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

INVITATIONS = rights.thing("invitation", N_("Приглашения"), ids=(InvitationId,), tables=("invitation",))
SEE = INVITATIONS.right(N_("видеть неиспользованные"), (access.MANAGEMENT, ("any",)), robots=False)

LIFE = timedelta(hours=48)
RULE = "joined"
INVITATION = select(InvitationRow, EmployeeRow.name.label("maker")).outerjoin(
    EmployeeRow, EmployeeRow.id == InvitationRow.created_by_id
)
BY_HASH = INVITATION.where(InvitationRow.token_hash == bindparam("token_hash"))
BY_ID = INVITATION.where(InvitationRow.id == bindparam("key"))
AMONG = INVITATION.where(InvitationRow.token_hash.in_(bindparam("hashes", expanding=True)))
UNUSED = INVITATION.where(
    InvitationRow.used_at.is_(None), InvitationRow.revoked_at.is_(None), InvitationRow.expires_at > bindparam("now")
).order_by(InvitationRow.expires_at, InvitationRow.id)
USE = (
    update(InvitationRow)
    .where(InvitationRow.id == bindparam("key"), InvitationRow.used_at.is_(None), InvitationRow.revoked_at.is_(None))
    .values(used_at=bindparam("at"), used_by_id=bindparam("by"))
)
REVOKE = (
    update(InvitationRow)
    .where(InvitationRow.id == bindparam("key"), InvitationRow.used_at.is_(None), InvitationRow.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"), revoked_by_id=bindparam("by"))
)


def invite(work: UnitOfWork, role: Role, name: str | None = None) -> str:
    """Make a one-time invitation and give its token (a start parameter; only its hash is kept).

    It carries a role, lives 48 hours and works once. ValueError for a role that does not exist, NotAllowed for an
    actor who may not invite (the command line invites without an actor).
    """
    if role not in ROLES:
        raise ValueError(f"no such role: {role}; roles are {', '.join(ROLES)}")
    if work.actor and role not in access.roles_given_by(work.actor.role):
        raise NotAllowed
    token = secrets.token_urlsafe(24)
    work.tx.execute(
        insert(InvitationRow).values(
            token_hash=_hash(token),
            role=role,
            name=name,
            created_by_id=work.actor_id,
            created_at=work.now,
            expires_at=work.now + LIFE,
        )
    )
    return token


# --- coming in ------------------------------------------------------------------------------------------------------


def join(work: UnitOfWork, token: str, telegram_id: int, name: str, locale: str) -> Employee:
    """Use an invitation. InvitationInvalid if it is unknown, expired, used or taken back; of two at once exactly one
    gets in. The owner hears of it, and whoever made it."""
    row = _find(work, BY_HASH, token_hash=_hash(token))
    if row is None:
        raise InvitationInvalid("unknown")
    if (why := _why_dead(work, row)) is not None:
        raise InvitationInvalid(why)
    person = employees.admit(work, telegram_id, row.name or name, row.role, locale)
    if work.tx.execute(USE, {"key": row.id, "at": work.now, "by": person.id}).rowcount != 1:
        raise InvitationInvalid("used")
    _tell(work, person, row)
    return person


def _why_dead(work: UnitOfWork, row: Row[Any]) -> str | None:
    """Why an invitation lets nobody in; None if it does."""
    if row.used_at is not None:
        return "used"
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at <= work.now else None


def _tell(work: UnitOfWork, person: Employee, row: Row[Any]) -> None:
    said = Joined(person.id, person.name, person.role, row.maker or "")
    readers = [one for one in employees.staff(work) if one.role in access.OWNER or one.id == row.created_by_id]
    rows = [
        notices.to(work, one, said, rule=RULE, cause=f"invitation-{row.id}") for one in readers if one.id != person.id
    ]
    schedule.put(work, rows)


def usable(work: UnitOfWork, tokens: Collection[str]) -> set[str]:
    """Those of the tokens that would let somebody in now."""
    by_hash = {_hash(token): token for token in tokens}
    return {by_hash[row.token_hash] for row in _all(work, AMONG, hashes=list(by_hash)) if _why_dead(work, row) is None}


# --- the list -------------------------------------------------------------------------------------------------------


def outstanding(work: UnitOfWork) -> list[Invitation]:
    """Those that would let somebody in now, the first to expire first. NotAllowed but for those above."""
    if work.actor is None or not SEE.allows(work.actor):
        raise NotAllowed
    return [_read(work.actor, row) for row in _all(work, UNUSED, now=work.now)]


def revoke(work: UnitOfWork, invitation_id: int) -> Invitation:
    """Take an invitation back: from now on it lets nobody in. NotFound, NotAllowed; AlreadyDone if it is over."""
    if work.actor is None or not SEE.allows(work.actor):
        raise NotAllowed
    row = _find(work, BY_ID, key=invitation_id)
    if row is None:
        raise NotFound("invitation")
    found = _read(work.actor, row)
    if not found.may_revoke:
        raise NotAllowed
    if work.tx.execute(REVOKE, {"key": row.id, "at": work.now, "by": work.actor.id}).rowcount != 1:
        raise AlreadyDone
    return found


def _read(reader: Employee, row: Row[Any]) -> Invitation:
    may_revoke = row.role in access.roles_given_by(reader.role)
    return Invitation(row.id, row.role, row.name, row.maker, row.created_at, row.expires_at, may_revoke)


def newest(work: UnitOfWork, token: str) -> InvitationId:
    """The invitation that a token belongs to. NotFound."""
    row = _find(work, BY_HASH, token_hash=_hash(token))
    if row is None:
        raise NotFound("invitation")
    return InvitationId(row.id)


def _all(work: UnitOfWork, statement: Executable, **given: object) -> Sequence[Row[Any]]:
    return work.tx.execute(statement, given).all()


def _find(work: UnitOfWork, statement: Executable, **given: object) -> Row[Any] | None:
    return work.tx.execute(statement, given).one_or_none()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
