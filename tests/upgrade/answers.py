"""What the bot answers to every old button, as text: `python -m tests.upgrade.answers FILE`.

Written before and after a change that is to change nothing, two such files are compared with `diff`. With `--keep` the
outcomes go into the fixture instead: that is done once, with the version before itself (README.md).
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import structlog

from tests.stories.driver import Shop
from tests.upgrade import fixture
from tests.upgrade import past as pasts
from tests.upgrade.acts import Answer, press_all
from tests.upgrade.fixture import Button, Past
from tests.upgrade.past import MINUTES, MONTH, NOW

FILE = fixture.FOLDER / "before.json"


@asynccontextmanager
async def _later(past: Past, span: timedelta) -> AsyncIterator[Shop]:
    """The bot on a copy of the old database, so much later."""
    with tempfile.TemporaryDirectory() as name:
        pasts.into_sqlite(Path(name) / "verstak.db")
        async with pasts.running(past, f"sqlite:///{name}/verstak.db", Path(name), span) as shop:
            yield shop


async def answers(past: Past) -> str:
    """A paragraph for each button: what it is, and what came of it a month later."""
    async with _later(past, MONTH) as shop:
        return "\n".join(_paragraph(*one) for one in await press_all(shop, past))


def _paragraph(button: Button, said: Answer) -> str:
    shown = "".join(f"  > {line}\n" for line in said.shown)
    return f"{button.who} {button.data} «{button.label}»\n  {said.verdict}: {said.toast}\n{shown}"


async def outcomes(past: Past) -> dict[str, list[str]]:
    """What becomes of each message, bell and button of the fixture, in its order."""
    async with _later(past, MINUTES) as shop:
        sent = {row[0]: row[2] for row in await pasts.ask(shop.app.db, NOW.due)}
    async with _later(past, MONTH) as shop:
        rung = {row[0]: row[2] for row in await pasts.ask(shop.app.db, NOW.due)}
        told = await press_all(shop, past)
    letters = {NOW.done: "sent", NOW.dropped: "dropped", NOW.doubt: "doubted"}
    bells = {NOW.done: "rang", NOW.dropped: "dropped", NOW.waits: "waits"}
    return {
        "letters": [letters[sent[one.id]] for one in past.letters],
        "bells": [bells[rung[one.id]] for one in past.bells],
        "buttons": [said.verdict for _, said in told],
    }


def with_outcomes(text: str, found: dict[str, list[str]]) -> str:
    """The fixture with each outcome as the last entry of its line."""
    lines, part = text.splitlines(), ""
    for place, line in enumerate(lines):
        if line.endswith("["):
            part = line.strip().split('"')[1]
        elif part in found and line.startswith("  ["):
            row = [*json.loads(line.rstrip(","))[:-1], found[part].pop(0)]
            lines[place] = "  " + json.dumps(row, ensure_ascii=False) + ("," if line.endswith(",") else "")
    return "\n".join(lines) + "\n"


def main(target: str) -> None:
    """Write the answers into a file, or keep the outcomes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    past = fixture.read()
    if target == "--keep":
        FILE.write_text(with_outcomes(FILE.read_text("utf-8"), asyncio.run(outcomes(past))), "utf-8")
    else:
        Path(target).write_text(asyncio.run(answers(past)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
