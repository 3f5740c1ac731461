"""What a press causes for somebody else leaves with its commit: nobody waits for the bell's next ring (safety 12)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from tests.stories.driver import Phone, Shop


async def test_a_commit_wakes_the_tick(shop: Shop, anna: Phone) -> None:
    """The bell is put off by an hour, and still the manager hears of a lead of the site at once."""
    assert shop.app.ticks._job is not None
    await shop.settle()
    shop.app.ticks._job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
    revived = shop.app.ticks.revived
    url = f"http://127.0.0.1:{shop.app.http.port}/intake/leads"
    right = {"Authorization": f"Bearer {shop.app.settings.intake_token.get_secret_value()}"}
    given = {"name": "Мария Иванова", "phone": "8 912 345-67-89"}
    async with shop.http.post(url, json=given, headers=right) as answer:
        assert answer.status == 201
    async with asyncio.timeout(3):  # the second bell would step in after five seconds
        while await anna.find("Мария Иванова") is None:  # noqa: ASYNC110 — a phone has no event
            await asyncio.sleep(0.01)
    assert shop.app.ticks.revived == revived
