"""Whether the words of time in a message were true when it was told, by the dates that stand in the tables.

«завтра» needs a day of the deal that is tomorrow; «через час» a moment in an hour. A word that nothing bears out is a
lie, wherever it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.fields import codec
from models.fields.groups import DateLike
from models.tables.deals import DealRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from models.tables.visits import VisitRow
from models.values.visit_slot import start_of
from services.unit_of_work import UnitOfWork
from tests.walk.phones import Message

DAYS = (("послезавтра", 2), ("завтра", 1), ("сегодня", 0), ("вчера", -1))
IN_DAYS = re.compile(r"через (\d+) (?:день|дня|дней)")
IN_HOURS = re.compile(r"через (час|(\d+) (?:час|часа|часов))\b")
QUOTED = re.compile(r"«[^»]*»|\"[^\"]*\"")


def untrue(work: UnitOfWork, message: Message) -> Iterator[str]:
    """A line for each word of time in the message that no date of its deals bears out."""
    rows = work.tx.execute(select(ScheduledRow).where(ScheduledRow.message_id == message.id)).all()
    deals = {row.deal_id for row in rows if row.deal_id is not None}
    if not deals:
        return
    known = _moments(work, deals)
    days = {one if not isinstance(one, datetime) else work.moment.day_of(one) for one in known}
    text = QUOTED.sub("", message.text.lower())
    for claimed, said in _claims(text, work.moment.today):
        if claimed not in days:
            yield f"«{said}» is told of deals {sorted(deals)}, whose days are {sorted(days)}: {message.text[:200]!r}"
    for match in IN_HOURS.finditer(text):
        hours = int(match[2] or 1)
        wanted = work.now + timedelta(hours=hours)
        if not any(isinstance(one, datetime) and abs(one - wanted) <= timedelta(minutes=35) for one in known):
            yield f"«{match[0]}» is told of deals {sorted(deals)}: {message.text[:200]!r}"


def _claims(text: str, today: date) -> Iterator[tuple[date, str]]:
    for word, n in DAYS:
        if re.search(rf"\b{word}\b", text):
            yield today + timedelta(days=n), word
    for match in IN_DAYS.finditer(text):
        yield today + timedelta(days=int(match[1])), match[0]


def _moments(work: UnitOfWork, deals: set[int]) -> set[Any]:
    """Every day and moment that the tables hold for these deals."""
    found: set[Any] = set()
    for deal in work.tx.execute(select(DealRow).where(DealRow.id.in_(deals))):
        fields = work.company.processes[deal.process].fields
        values = codec.decode(fields, deal.fields or {})
        found |= {
            start_of(values[name]) for name, one in fields.items() if isinstance(one, DateLike) and name in values
        }
    found |= set(work.tx.execute(select(TaskRow.due_at).where(TaskRow.deal_id.in_(deals))).scalars())
    wished = select(VisitRow.day).where(VisitRow.deal_id.in_(deals), VisitRow.day.is_not(None))
    found |= set(work.tx.execute(wished).scalars())
    found |= set(
        work.tx.execute(
            select(VisitRow.starts_at).where(VisitRow.deal_id.in_(deals), VisitRow.starts_at.is_not(None))
        ).scalars()
    )
    return found
