"""The pinned message of a deal: its text is the process's, and what it shows is kept true (K-14)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from models.jobs import RedrawPin
from models.tables.outbox import PinRow
from models.values.product_text import NO_TEXT, ProductText
from services.outbox import jobs
from services.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=55)  # longer than a job's deadline, shorter than its claim

READ = select(PinRow).where(PinRow.deal_id == bindparam("deal"))
# held until the change is committed: a job that looks meanwhile would say «true» of what is not
HELD = READ.with_for_update()
ADD = insert(PinRow)
CHANGE = update(PinRow).where(PinRow.deal_id == bindparam("deal")).values(text=bindparam("words"), stale=True)
STALE = update(PinRow).where(PinRow.deal_id == bindparam("deal")).values(stale=True)


@dataclass(frozen=True, slots=True)
class Pin:
    """The pinned message of a deal: the process's `text`, in whose chat it hangs, what it says now (`shown`).

    `unsure`: a message may have been sent whose id nobody knows; `sending_at`: since when somebody changes it.
    """

    deal_id: int
    text: ProductText
    employee_id: int | None
    message_id: int | None
    shown: str
    unsure: bool
    sending_at: datetime | None


def keep_true(
    work: UnitOfWork, deal_id: int, text: ProductText | None, responsible_id: int | None, *, closed: bool,
    ended: Collection[str] = (),
) -> None:  # fmt: skip
    """After every change of a deal: pin what is newly to be pinned, have what is pinned redrawn, take down what told of
    fields whose time is over (`ended`).

    The job looks at the deal as it stands then, moves the message to another chat if the responsible has
    changed, and takes it down when the deal is closed.
    """
    found = work.tx.execute(HELD, {"deal": deal_id}).one_or_none()
    if found is None and text is None:
        return
    if text is None and found is not None and any(f"{{{name}}}" in found.text for name in ended):
        text = NO_TEXT
    if found is None:
        work.tx.execute(ADD, {"deal_id": deal_id, "text": text, "stale": True, "unsure": False})
    elif text is not None:
        work.tx.execute(CHANGE, {"deal": deal_id, "words": text})
    elif not found.stale:
        work.tx.execute(STALE, {"deal": deal_id})
    if found is None or not found.stale:
        jobs.ask(work, RedrawPin(deal_id), deal_id=deal_id)


def find(work: UnitOfWork, deal_id: int) -> Pin | None:
    """The deal's pin, if it has one."""
    row = work.tx.execute(READ, {"deal": deal_id}).one_or_none()
    if row is None:
        return None
    return Pin(row.deal_id, row.text, row.employee_id, row.message_id, row.shown or "", row.unsure, row.sending_at)


# --- while it is being redrawn ----------------------------------------------------------------------------------


def take(work: UnitOfWork, deal_id: int) -> Pin | datetime | None:
    """Take the pin on lease, to redraw it; or until when somebody else has it; None if there is nothing to do.

    A lease that lapsed over a message not yet known may have sent one: then the pin is `unsure`, and it is sent once
    more. After a second doubt nothing is sent until the deal changes again.
    """
    found = find(work, deal_id)
    if found is None:
        return None
    held = found.sending_at
    if held is not None and held > work.now - LEASE:
        return held + LEASE
    in_doubt = held is not None and found.message_id is None
    if in_doubt and found.unsure:
        put(work, deal_id, unsure=False, sending_at=None)
        return None
    values = {"unsure": True} if in_doubt else {}
    free = or_(PinRow.sending_at.is_(None), PinRow.sending_at <= work.now - LEASE)
    taken = update(PinRow).where(PinRow.deal_id == deal_id, free).values(sending_at=work.now, stale=False, **values)
    if work.tx.execute(taken).rowcount != 1:
        return work.now + LEASE
    return find(work, deal_id)


def put(work: UnitOfWork, deal_id: int, **values: Any) -> None:
    """Note what became of it."""
    work.tx.execute(update(PinRow).where(PinRow.deal_id == deal_id).values(**values))


def sent(work: UnitOfWork, deal_id: int, message_id: int, employee_id: int) -> None:
    """A new message hangs in that person's chat."""
    put(work, deal_id, message_id=message_id, employee_id=employee_id, shown=None, unsure=False)


def forget_message(work: UnitOfWork, deal_id: int, **values: Any) -> None:
    """There is no message any more, or none that one could change."""
    put(work, deal_id, message_id=None, unsure=False, **values)


def doubted(work: UnitOfWork, deal_id: int, before: bool) -> bool:
    """A message may have been sent or not: whether it is to be sent once more. `before`: it was so already."""
    put(work, deal_id, sending_at=None, message_id=None, unsure=not before)
    return not before
