"""Whether all goes well, by facts: the database answers, the bell rings, updates are asked for, nothing is overdue; and
the troubles that last, in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.database import Database
from bot.updates import inbox
from keyboards import translator
from keyboards import troubles as words
from keyboards.translator import Translator
from models.troubles import Trouble
from scheduler.clock import Clock
from services.operation import troubles
from services.outbox.schedule import NEXT

PATIENCE = 5.0  # seconds for the database to answer
STALE_TICK = 60.0
STALE_POLL = 120.0  # a question is held open for 30 seconds, and out of reach Telegram is asked every 5


@dataclass
class HealthFacts:
    """What the database knows."""

    quarantined: int
    overdue: float  # seconds
    troubles: Sequence[Trouble] = ()


@dataclass
class HealthReport:
    """What is told: whether the bot serves as it should, the facts, the troubles that last."""

    ready: bool
    facts: dict[str, object]
    troubles: Sequence[Trouble]


def _speak() -> Translator:
    return translator.translator("ru", ZoneInfo("UTC"))


@dataclass
class Health:
    """Asks the parts. `poll_age` is None where this replica does not poll; `mute` says in one word why not all updates
    come though it asks (a second bot, a token that is not known); `unwritten`: troubles that only this process knows.
    """

    db: Database
    clock: Clock
    tick_age: Callable[[], float]
    poll_age: Callable[[], float | None]
    mute: Callable[[], str | None] = lambda: None
    unwritten: Callable[[], Sequence[Trouble]] = lambda: ()
    t: Translator = field(default_factory=_speak)

    async def vital(self) -> HealthFacts | None:
        """The database's numbers; None if it does not answer in time."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.db.run(lambda tx: _read(tx, self.clock()))
        except Exception:  # noqa: BLE001 — whatever ails it, the answer is «it does not answer»
            return None

    async def report(self) -> HealthReport:
        """How things stand. Quarantined updates and overdue rows are told, but do not make it unready."""
        vital = await self.vital()
        tick, poll, mute = self.tick_age(), self.poll_age(), self.mute()
        lasting = [*self.unwritten(), *(vital.troubles if vital else ())]
        facts: dict[str, object] = {
            "database": vital is not None,
            "tick_age_seconds": _seconds(tick),
            "polling": mute or ("off" if poll is None else poll < STALE_POLL),
            "quarantined": vital.quarantined if vital else None,
            "overdue_seconds": round(vital.overdue, 1) if vital else None,
            "troubles": [self._told(one) for one in lasting],
        }
        polls = mute is None and (poll is None or poll < STALE_POLL)
        return HealthReport(vital is not None and tick < STALE_TICK and polls, facts, lasting)

    def page(self, report: HealthReport) -> str:
        """The report for a person: what is wrong, since when, and what helps."""
        t = self.t
        lines = [t("Бот работает") if report.ready else t("Бот не работает как должен")]
        if not report.facts["database"] and not report.troubles:
            lines.append(t("База данных не отвечает"))
        for one in report.troubles:
            lines += ["", *self._lines(one)]
        if not report.troubles and report.ready:
            lines.append(t("Неполадок нет"))
        return "\n".join(lines) + "\n"

    def _lines(self, one: Trouble) -> list[str]:
        helps = words.mend(one.kind, one.about, one.details, self.t)
        return [f"! {words.title(one.kind, self.t)}", self.t("С {since}", since=self.t.moment(one.began_at)), helps]

    def _told(self, one: Trouble) -> dict[str, str]:
        """Without details: strangers may read it, and details may name a person."""
        return {
            "kind": one.kind.value,
            "since": one.began_at.isoformat(),
            "what": words.title(one.kind, self.t),
            "mend": words.mend(one.kind, one.about, one.details, self.t),
        }


def _read(tx: Connection, now: datetime) -> HealthFacts:
    oldest = tx.execute(NEXT).scalar_one_or_none()
    overdue = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    return HealthFacts(inbox.count_quarantined(tx), overdue, troubles.open_now(tx))


def _seconds(value: float) -> float | None:
    return None if value == float("inf") else round(value, 1)
