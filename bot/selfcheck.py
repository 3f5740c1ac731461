"""What must be true before the bot starts; each refusal is a line for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from bot.settings import Settings
from models.process.process import Process
from services import processes
from services.deals import stage_renames

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # a machine that shows less has lost its clock
SHORTEST_SECRET, FEWEST_DIFFERENT = 16, 6  # characters
# What stands in manuals, ours too, and what people type first.
GUESSED = re.compile(
    r"[\W\d_]|the|my|your|very|long|letters|and|digits|secret|token|password|passwd|pass|change|me(?!t)|admin|root|user|qwerty|"
    r"asdfgh|abcdef|example|test|demo|webhook|hook|intake|leads?|metrics|telegram|bot|verstak|crm|a",
    re.IGNORECASE,
)
DURABLE = ("synchronous_commit", "fsync", "full_page_writes")  # of PostgreSQL


class StartRefused(Exception):
    """The bot does not start; `problems` say why, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def problems(tx: Connection, now: datetime) -> list[str]:
    """Why this database must not be worked on; empty if it may."""
    found = _sqlite(tx) if tx.dialect.name == "sqlite" else _postgres(tx)
    if now < EARLIEST:
        found.append(f"the clock shows {now:%Y-%m-%d %H:%M} UTC: every reminder would come at the wrong time")
    return found


def damage(tx: Connection) -> list[str]:
    """What SQLite finds spoilt in its file, in its own words; PostgreSQL looks after itself. DatabaseError if the file
    cannot even be looked through."""
    if tx.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in tx.exec_driver_sql("PRAGMA quick_check(5)")]
    return [] if found == ["ok"] else found


def stranded(tx: Connection, known: Mapping[str, Process]) -> list[str]:
    """Deals that an edited process file has left behind."""
    return processes.find_stranded(known, stage_renames.standing(tx))


def weak_secrets(settings: Settings) -> list[str]:
    """What a stranger could guess of what keeps him out, a line each that names the setting and not its value.

    Who guesses the webhook's secret is anybody to the bot, the owner too; a short one does not last.
    """
    given = {name: getattr(settings, name) for name in ("webhook_secret", "intake_token", "metrics_token")}
    return [
        f"{name.upper()}: {why}; take a long one of chance, as `openssl rand -hex 24` gives it"
        for name, secret in given.items()
        if secret is not None and (why := _weakness(secret.get_secret_value())) is not None
    ]


def _weakness(secret: str) -> str | None:
    if len(secret) < SHORTEST_SECRET:
        return f"is too short for a secret, less than {SHORTEST_SECRET} characters"
    if len(set(secret)) < FEWEST_DIFFERENT:
        return f"repeats itself: it has less than {FEWEST_DIFFERENT} different characters"
    return "consists of well-known words" if not GUESSED.sub("", secret) else None


def _sqlite(tx: Connection) -> list[str]:
    wanted = {"journal_mode": ("wal", "memory"), "synchronous": ("2",), "foreign_keys": ("1",)}
    found = []
    for name, allowed in wanted.items():
        value = str(tx.exec_driver_sql(f"PRAGMA {name}").scalar_one()).lower()
        if value not in allowed:
            found.append(f"SQLite: {name} is {value}, not {allowed[0]}: what was acknowledged could be lost")
    return found


def _postgres(tx: Connection) -> list[str]:
    off = [name for name in DURABLE if tx.execute(text(f"SHOW {name}")).scalar_one() == "off"]
    return [f"PostgreSQL: {name} is off: what was acknowledged could be lost" for name in off]
