"""What was kept of the version before: its people, their messages, forms and buttons (README.md tells how)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.world.world import Person

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Update:
    """What somebody did just before the bot was stopped: where it is seen once it is handled, and as what."""

    who: int
    look: str | None
    shows: str


@dataclass(frozen=True)
class Letter:
    """A message that waited to be sent: its row, to whom, of which kind, about which deal, and what becomes of it.

    `became` is «sent», «dropped» (the version before itself had nothing to say any more) or «doubted» (perhaps sent
    twice already).
    """

    id: int
    to: int
    kind: str
    deal: str | None
    became: str


@dataclass(frozen=True)
class Bell:
    """A timer, a task's bell or a call list that was to ring, its rule, and what became of it after a month.

    `became` is «rang», «dropped» (nothing to say any more) or «waits».
    """

    id: int
    kind: str
    rule: str
    became: str


@dataclass(frozen=True)
class Draft:
    """An open form: whose, what for, where inside its question; the answer, and where it is seen afterwards."""

    name: str
    who: int
    do: str
    sub: tuple[str, ...]
    steps: tuple[tuple[Any, ...], ...]
    look: str | None
    shows: str


@dataclass(frozen=True)
class Button:
    """A button that stood in a chat: whose, under which message, and how the version before answered it a month later.

    `verdict` is «works», «refused» (a window that says why not) or «dead» (it does not exist any more).
    """

    who: int
    message: int
    data: str
    label: str
    verdict: str


@dataclass(frozen=True)
class Past:
    """Everything that was kept of that day beside the database."""

    at: datetime
    people: tuple[Person, ...]
    files: tuple[tuple[str, str, str, str, bytes], ...]
    blobs: tuple[tuple[str, bytes], ...]
    sms: tuple[tuple[str, str, str], ...]
    waiting: tuple[Update, ...]
    letters: tuple[Letter, ...]
    bells: tuple[Bell, ...]
    drafts: tuple[Draft, ...]
    buttons: tuple[Button, ...]


def read() -> Past:
    """The fixture."""
    told = json.loads((FOLDER / "before.json").read_text("utf-8"))
    people = [
        Person(key, first, last, title=title, language=language, number=number, sms=sms)
        for key, first, last, title, language, number, sms in told["people"]
    ]
    return Past(
        at=datetime.fromisoformat(told["at"]),
        people=tuple(people),
        files=tuple((key, kind, name, mime, _bytes(data)) for key, kind, name, mime, data in told["files"]),
        blobs=tuple((path, _bytes(data)) for path, data in told["blobs"].items()),
        sms=tuple(map(tuple, told["sms"])),
        waiting=tuple(Update(*one) for one in told["waiting"]),
        letters=tuple(Letter(*one) for one in told["letters"]),
        bells=tuple(Bell(*one) for one in told["bells"]),
        drafts=tuple(
            Draft(one["name"], one["who"], one["do"], tuple(one["sub"]), tuple(map(tuple, one["steps"])), one["look"],
                  one["shows"])
            for one in told["drafts"]
        ),
        buttons=tuple(Button(*one) for one in told["buttons"]),
    )  # fmt: skip


def _bytes(data: str | None) -> bytes:
    """A file as it was; of a big one only that it was there."""
    return base64.b64decode(data) if data is not None else b"%PDF-1.7 too big to be kept for a test"
