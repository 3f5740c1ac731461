"""The bot was deaf for longer than Telegram keeps updates: what people pressed meanwhile may be lost, and they hear it.

That it hears is written down now and then, so that a program that was not running knows afterwards for how long.
"""

from __future__ import annotations

from datetime import datetime

from models.notices.trouble_notices import UpdateGap
from models.troubles import KEPT_BY_TELEGRAM
from services import company_settings
from services.outbox import notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

RULE = "update_gap"


def hears(work: UnitOfWork) -> bool:
    """The bot goes on hearing Telegram's updates: write it down, by whichever replica comes first."""
    return _note(work, company_settings.get(work.tx, company_settings.HEARD_AT))


def _note(work: UnitOfWork, seen: str | None) -> bool:
    return company_settings.replace(work.tx, company_settings.HEARD_AT, seen, work.now.isoformat())


def hears_again(work: UnitOfWork) -> int:
    """It hears after a time in which it may have been deaf: if that was too long, everybody whom Telegram reaches is
    told, within his hours. How many are."""
    seen = company_settings.get(work.tx, company_settings.HEARD_AT)
    if not _note(work, seen) or seen is None:
        return 0
    since = datetime.fromisoformat(seen)
    if work.now - since <= KEPT_BY_TELEGRAM:
        return 0
    said = UpdateGap(since, work.now)
    people = [one for one in employees.staff(work) if one.telegram_id is not None]
    cause = f"{RULE}-{since:%Y%m%d%H%M}"
    schedule.put(work, [notices.to(work, one, said, rule=RULE, cause=cause) for one in people])
    return len(people)
