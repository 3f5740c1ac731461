"""What stood in the rows of the version before is read by the present one, word by word: nothing is known less."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import database as databases
from bot.database import Database
from tests.upgrade import past as pasts

ENDED = {1: "sent", 2: "void", 3: "refused", 4: "unsure"}
TRIED = re.compile(r"try (\d+): (.*)", re.DOTALL)


@pytest.fixture
async def upgraded(before: str, tmp_path: Path) -> AsyncIterator[Database]:
    """The old database with its tables brought up to date; no bot has run on it yet."""
    db = await pasts.migrated(before, tmp_path)
    yield db
    await db.close()


def old_rows() -> list[dict[str, Any]]:
    """What was to be done later, and what had been, by the names of the version before."""
    with pasts.old() as db:
        return [dict(row) for row in db.execute("SELECT * FROM due ORDER BY id")]


async def test_every_message_job_and_line_of_the_history_can_be_read(upgraded: Database) -> None:
    assert await pasts.unread(upgraded) == []


async def test_of_each_message_it_is_known_whom_it_was_meant_for_that_it_is_late_and_whom_it_has_passed(
    upgraded: Database,
) -> None:
    found, told = await pasts.schedule_of(upgraded), set()
    for old in old_rows():
        said, now = json.loads(old["payload"] or "{}"), found[old["id"]].envelope
        if old["kind"] == "notice":
            told |= said.keys()
            assert (now.to, now.stage) == (said.get("to"), said.get("stage_id")), old
            assert (now.practice, now.late) == (said.get("practice", False), said.get("late", False)), old
            assert (now.passed, now.instead_of) == (tuple(said.get("passed", ())), said.get("instead_of")), old
    assert told >= {"to", "stage_id", "practice", "late", "passed", "instead_of"}, "all of it occurs"


# timers that wait keep their rules, by the names that these have now: a measurement was called off by a field, and is
# by its visit; the alarm that its day is not confirmed came with the task, and comes in the afternoon
RENAMED = {
    "sales.measure.before-measure_on-1440-1600.put": "sales.measure.before-measure_on-1440-1600.visit",
    "sales.premeasure.before-measure_on-2880-1000.escalate": "sales.premeasure.before-measure_on-2880-1500.escalate",
}


async def test_of_each_row_it_is_known_how_far_it_has_come_how_often_it_was_tried_and_when_it_is_to_happen(
    upgraded: Database,
) -> None:
    found, states = await pasts.schedule_of(upgraded), set()
    for old in old_rows():
        now = found[old["id"]]
        tried = now.failures if old["kind"] == "errand" else now.tries  # those of a job have surely failed
        assert (now.delivery_state, tried, now.failure) == _as_told(old), old
        assert (now.done_at is None) == (old["state"] == 0), old
        assert [_microseconds(one) for one in (now.run_at, now.scheduled_for)] == [old["due_at"], old["meant_at"]], old
        same = ("attempts", "message_id", "deal_id", "task_id", "employee_id")
        assert [getattr(now, name) for name in same] == [old[name] for name in same], old
        waits = old["state"] == 0 and old["kind"] == "timer"
        assert now.rule == (RENAMED.get(old["rule"], old["rule"]) if waits else old["rule"]), old
        assert now.dedup_key == old["anchor"], old
        states.add(now.delivery_state)
    assert states == {"waiting", "sending", "sent", "refused", "unsure", "void"}, "all of it occurs"


def _as_told(old: dict[str, Any]) -> tuple[str, int, str | None]:
    """The state, the tries and the reason of a row that the version before told in words."""
    words = old["failure"]
    if old["state"] != 0:
        return ENDED[old["state"]], 0, words
    if words in ("sending", "sending again"):
        return "sending", int(words == "sending again"), None
    if words and words.startswith("doubt: "):
        return "unsure", 1, words.removeprefix("doubt: ")
    tried = TRIED.match(words or "")
    return ("waiting", int(tried[1]), tried[2]) if tried else ("waiting", 0, words)


def _microseconds(at: Any) -> int:
    return round(at.timestamp() * 1_000_000)


async def test_a_pin_that_may_hang_although_nobody_knows_which_message_it_is_is_still_in_doubt(
    upgraded: Database,
) -> None:
    with pasts.old() as db:
        had = {row["deal_id"]: row["message_id"] for row in db.execute("SELECT deal_id, message_id FROM pin")}
    assert 0 in had.values() and any(had.values()), "both occur"
    now = {row[0]: (row[1], bool(row[2])) for row in await pasts.ask(upgraded, pasts.NOW.pins)}
    assert now == {deal: (message or None, message == 0) for deal, message in had.items()}


async def test_the_way_back_to_the_tables_of_the_version_before_loses_nothing_that_is_pending(
    upgraded: Database,
) -> None:
    """Whoever has to go back finds the rows as that version wrote them; nobody has one of them in hand any more."""
    await upgraded.run(lambda tx: databases.migrate_back(tx, pasts.VERSION))
    back = {row.id: row for row in await pasts.ask(upgraded, "SELECT * FROM due WHERE state = 0")}
    waited = {old["id"]: old for old in old_rows() if old["state"] == 0}
    assert back.keys() == waited.keys()
    for key, old in waited.items():
        now = dict(back[key]._mapping)
        for row in (now, old):
            row["payload"] = json.loads(row["payload"] or "{}")
            del row["claimed_until"]
        assert now == old
    with pasts.old() as db:
        pins = [tuple(row) for row in db.execute("SELECT deal_id, message_id FROM pin ORDER BY deal_id")]
    assert [tuple(row) for row in await pasts.ask(upgraded, "SELECT deal_id, message_id FROM pin ORDER BY 1")] == pins
