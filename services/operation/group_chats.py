"""Groups and channels: the bot is set up for none, so it goes out of each, and says why (safety 23).

What it shows is for one person's eyes; in a group everybody would read it, and whoever comes later too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from models import access
from models.jobs import LeaveGroup
from models.notices.group_notices import GroupLeft
from models.tables.outbox import ScheduledRow
from services.outbox import jobs, notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

RULE = "group-left"
ONCE_IN = timedelta(days=1)  # it says why, and the owner hears of one group, once in that time
MOST_TOLD = 5  # groups that an owner hears of in that time: anybody can put the bot into any number of them
TOLD = select(func.count(func.distinct(ScheduledRow.dedup_key))).where(
    ScheduledRow.task_id.is_(None), ScheduledRow.kind == "notice", ScheduledRow.rule == RULE,
    ScheduledRow.created_at > bindparam("since"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group or a channel in which the bot is. `former`: the id of the group that became this supergroup."""

    id: int
    title: str
    is_channel: bool = False
    former: int | None = None


def leave(work: UnitOfWork, group: GroupChat, *, by: str, locale: str, added: bool) -> None:
    """Have the bot go out of a group, by a job: with a sentence in the language of `locale`, and with a word to the
    owner, unless that was so within a day already; then in silence.

    `added`: it was put there just now. What else is heard from a group that it is leaving changes nothing.
    """
    since = work.now - ONCE_IN
    known = [str(one) for one in (group.id, group.former) if one is not None]
    is_new = not any(jobs.asked_since(work, LeaveGroup, one, since) for one in known)
    if not is_new and not added:
        return
    jobs.ask(work, LeaveGroup(group.id, locale, says=is_new), about=str(group.id))
    if is_new:
        _tell(work, group, by)


def _tell(work: UnitOfWork, group: GroupChat, by: str) -> None:
    if work.tx.execute(TOLD, {"since": work.now - ONCE_IN}).scalar_one() >= MOST_TOLD:
        return
    said = GroupLeft(group.title, by, group.is_channel)
    owners = [one for one in employees.staff(work) if one.role in access.OWNER]
    cause = f"{group.id}-{work.now:%Y%m%d%H%M}"
    schedule.put(work, [notices.to(work, one, said, rule=RULE, cause=cause) for one in owners])
