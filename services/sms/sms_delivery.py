"""How a message to a client comes to its end: each step once, told to whom it concerns, seen in the history (K-21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, update

from models import access, statements
from models import sms as m
from models.entities import Deal, Employee
from models.history.message_lines import SmsChanged
from models.notices.sms_notices import SmsByHand, SmsFailed, SmsPractised, SmsTold, SmsUnknown
from models.sms import SmsMessage
from models.statements import Statement
from models.states import SmsState
from models.tables.sms import SmsRow
from models.values import sms_parts
from services.deals import deal_queries, history
from services.outbox import notices, recipients, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

KEEP_TEXT = (
    update(SmsRow)
    .where(SmsRow.id == bindparam("key"), SmsRow.parts == 0)
    .values(text=bindparam("words"), parts=bindparam("n"), said=bindparam("claims"))
)
BEGIN = (
    update(SmsRow)
    .where(
        SmsRow.id == bindparam("key"),
        SmsRow.state == bindparam("from_state"),
        SmsRow.sent_at.is_not_distinct_from(bindparam("seen")),
    )
    .values(state=m.SENDING, sent_at=bindparam("now"), state_at=bindparam("now"))
)
RELEASE = (
    update(SmsRow)
    .where(SmsRow.id == bindparam("key"), SmsRow.state == m.SENDING, SmsRow.sent_at == bindparam("seen"))
    .values(state=m.WAITING, sent_at=None, state_at=bindparam("now"))
)
SETTLE = (
    update(SmsRow)
    .where(SmsRow.id == bindparam("key"), SmsRow.state.in_(bindparam("from_states", expanding=True)))
    .values(state=bindparam("to_state"), failure=bindparam("why"), state_at=bindparam("now"))
)
NAMED = update(SmsRow).where(SmsRow.id == bindparam("key")).values(provider_id=bindparam("name"))


def keep_text(work: UnitOfWork, one: SmsMessage, text: str, said: Sequence[Statement] = ()) -> None:
    """The text as it will go out, what it costs, and what it claims."""
    claims = statements.to_data(said) or None
    work.tx.execute(KEEP_TEXT, {"key": one.id, "words": text, "n": sms_parts.count(text).parts, "claims": claims})


def begin(work: UnitOfWork, one: SmsMessage, *, again: bool = False) -> bool:
    """Mark, before the call, that it is being sent from now on; False if somebody else does.

    `again` takes over what somebody has begun with as it was seen. Without it the message must still wait, whatever
    `one` says: while its text was written, another sender may have marked it.
    """
    seen = {"key": one.id, "from_state": m.SENDING if again else m.WAITING, "seen": one.sent_at, "now": work.now}
    return work.tx.execute(BEGIN, seen).rowcount == 1


def release(work: UnitOfWork, sms_id: int, begun_at: datetime) -> None:
    """It has surely not gone out: it waits again."""
    work.tx.execute(RELEASE, {"key": sms_id, "seen": begun_at, "now": work.now})


def sent(work: UnitOfWork, one: SmsMessage, provider_id: str | None) -> bool:
    """The gateway has taken it; that is so even if somebody gave it up meanwhile."""
    if not _settle(work, one, (m.SENDING, m.DOUBT), m.SENT):
        return False
    work.tx.execute(NAMED, {"key": one.id, "name": provider_id})
    return True


def delivered(work: UnitOfWork, one: SmsMessage) -> bool:
    """The client's phone has it."""
    return _settle(work, one, (m.SENT,), m.DELIVERED)


def failed(work: UnitOfWork, one: SmsMessage, reason: str, *, account: bool = False) -> bool:
    """It will not arrive: the responsible is told, and has the text to send it by hand.

    `account`: the gateway will not send anything else either, so those above are told too.
    """
    if not _settle(work, one, (m.WAITING, m.SENDING, m.SENT), m.FAILED, reason):
        return False
    return _tell_of(work, one, SmsByHand if reason == m.NO_GATEWAY else SmsFailed, reason, above=account)


def dropped(work: UnitOfWork, one: SmsMessage) -> bool:
    """What it would have told is no longer so: it is not sent, and nobody need do anything."""
    return _settle(work, one, (m.WAITING,), m.DROPPED)


def doubted(work: UnitOfWork, one: SmsMessage, reason: str = m.NOT_KNOWN) -> bool:
    """Nobody knows whether it went out: it is not sent again by itself, and a person is asked to call."""
    if not _settle(work, one, (m.SENDING,), m.DOUBT, reason):
        return False
    return _tell_of(work, one, SmsUnknown, reason)


def practised(work: UnitOfWork, one: SmsMessage) -> None:
    """The learner reads what the client would have got."""
    _tell_of(work, one, SmsPractised, "")


def note(work: UnitOfWork, found: Deal, state: SmsState | Literal["no_phone"], sms_id: int | None = None) -> None:
    """A line in the history."""
    history.add_footnote(work, found.id, SmsChanged(state, sms_id))


def tell(work: UnitOfWork, found: Deal, said: SmsTold, rule: str, *, above: bool = False) -> None:
    """A message to the responsible (and to those above), each within his hours; at once to whoever has just pressed."""
    heard = {one.id: one for one in _heard(work, found, above)}
    rows = [notices.to(work, one, said, rule=rule, cause="sms", deal_id=found.id) for one in heard.values()]
    schedule.put(work, rows)


def _heard(work: UnitOfWork, found: Deal, above: bool) -> list[Employee]:
    process = work.process(found.process)
    if process.direction(found.pipeline) == "practice":  # nothing of it reaches anybody but the learner (K-2)
        learner = employees.find_working(work, found.responsible_id)
        return [learner] if learner else []
    heard = recipients.recipients(work, process, found.fields, found.responsible_id, "responsible")
    return [*heard, *employees.of_role(work, *access.MANAGEMENT)] if above else heard


def _settle(
    work: UnitOfWork, one: SmsMessage, before: tuple[SmsState, ...], after: SmsState, why: str | None = None
) -> bool:
    given = {"key": one.id, "from_states": before, "to_state": after, "why": why, "now": work.now}
    if work.tx.execute(SETTLE, given).rowcount != 1:
        return False
    found = deal_queries.find(work, one.deal_id)
    if found is not None:
        note(work, found, after, one.id)
    return True


def _tell_of(work: UnitOfWork, one: SmsMessage, kind: type[SmsTold], reason: str, *, above: bool = False) -> bool:
    found = deal_queries.find(work, one.deal_id)
    if found is not None and found.process in work.company.processes:
        text = one.text if one.parts else ""  # one with placeholders is nothing to send by hand
        tell(work, found, kind(one.id, one.phone, text, reason, one.state == m.SENT), one.rule, above=above)
    return True
