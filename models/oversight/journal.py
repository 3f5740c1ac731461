"""A row of the journal: who did what to customers' data, and when. People and customers are numbers, never names.

Each row bears a hash of itself and of the row before, so that nobody changes or takes out one without being seen.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from models.ids import ClientId, EmployeeId
from models.tables.columns import EPOCH, MICROSECOND

# the words are for ever: rows of older versions hold them, and their hashes too
Act = Literal[
    "list_seen", "client_seen", "looks_limited", "limit_lifted", "lists_changed",
    "table_exported", "client_exported", "client_erased", "backup_made", "restored", "retention_ran",
]  # fmt: skip
ACTS: tuple[Act, ...] = get_args(Act)
Subject = tuple[str, int | None]  # a kind of thing and its number: ("client", 42), ("ledger", None)
KIND = re.compile(r"[a-z][a-z0-9_]{0,29}")
BEGINNING = "0" * 64  # what the first row follows


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One act. `actor` is None for the command line and for what the bot does by itself; `about` is one thing, or a
    kind of thing; `count` of rows; `clients` those that were shown together, by number."""

    id: int
    at: datetime
    actor: EmployeeId | None
    what: str
    about: Subject | None = None
    count: int | None = None
    clients: tuple[ClientId, ...] = ()

    def check(self) -> None:
        """ValueError for a word that is not registered, and for whatever could be more than a kind and a number."""
        if self.what not in ACTS:
            raise ValueError(f"the journal knows no act {self.what!r}")
        if self.about is not None and KIND.fullmatch(self.about[0]) is None:
            raise ValueError("what a row of the journal is about is a word and a number")
        if self.count is not None and self.count < 0:
            raise ValueError(f"{self.count} rows")

    def hash_after(self, previous: str) -> str:
        """SHA-256 over the hash of the row before and all that this one says, in hexadecimal."""
        kind, key = self.about or (None, None)
        moment = (self.at - EPOCH) // MICROSECOND
        said = [previous, self.id, moment, self.actor, self.what, kind, key, self.count, list(self.clients)]
        return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class JournalFault:
    """Where the chain is broken: at row `id`, which is «missing», «changed» or «displaced» (it follows another one than
    stands before it)."""

    id: int
    how: Literal["missing", "changed", "displaced"]


@dataclass(frozen=True, slots=True)
class JournalState:
    """How many rows the journal has, the last one's number and hash, and where it is broken."""

    rows: int
    last: int
    hash: str
    faults: tuple[JournalFault, ...]
