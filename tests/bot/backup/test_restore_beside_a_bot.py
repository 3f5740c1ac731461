"""A backup is not restored over a bot that runs on the database, whatever the restoring machine's clock shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.backup import backup_postgres
from bot.database import Database
from bot.updates.leader import Leader
from scheduler import clock as clocks


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_running_bot_is_seen_by_a_machine_whose_clock_is_wrong(
    database: Database, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    if database.name != "postgresql":
        pytest.skip("a SQLite file has its lock")
    real = clocks.utc_now
    for module in (clocks, backup_postgres):
        monkeypatch.setattr(module, "utc_now", lambda: real() + timedelta(hours=hours), raising=False)
    leader = Leader(database, None, me="here:1")
    assert await leader.renew()
    assert await database.run(backup_postgres._running) == "here:1"
    await leader.give_up()
    assert await database.run(backup_postgres._running) == ""
