"""Steady work: people press, a site sends leads."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

import aiohttp

from keyboards.callbacks.deal_callbacks import MoveDeal
from models.ids import DealId, Revision
from tests.cluster.cluster import INTAKE, Cluster
from tests.cluster.shop import LEAD, PEOPLE, chat_of, pressed_by

TO = {"prepayment": "making", "making": "prepayment"}


@dataclass
class Presser:
    """Somebody who moves one deal to and fro, whether or not he has been answered: each press names the version that
    the one before is to have made, so one that is lost, doubled or out of order stops all that follow."""

    chat: int
    deal: int
    stage: str = "prepayment"
    message: int = 0
    pressed: int = 0

    async def find_message(self, cluster: Cluster) -> None:
        """Start the bot, and wait for a message with buttons."""
        await cluster.post("phones", {"id": self.chat, "first_name": f"Менеджер {self.deal}"})
        await cluster.post(f"phones/{self.chat}/start", {})
        async with asyncio.timeout(60):
            while not self.message:
                seen = (await cluster.get(f"sandbox/phones/{self.chat}/messages"))["messages"]
                self.message = next((one["id"] for one in seen if one.get("rows")), 0)
                await asyncio.sleep(0.1)

    async def press(self, cluster: Cluster) -> None:
        data = MoveDeal(DealId(self.deal), Revision(1 + self.pressed), TO[self.stage]).pack()
        self.stage = TO[self.stage]
        self.pressed += 1
        given = {"message_id": self.message, "data": data, "forged": True, "wait": False}
        await cluster.post(f"phones/{self.chat}/tap", given)


@dataclass
class Site:
    """Sends leads, each until it is taken. `refusals`: the answers that said «later», and how many said when."""

    sent: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    refusals: int = 0
    with_retry_after: int = 0

    async def send(self, cluster: Cluster) -> None:
        number = len(self.sent)
        word = f"{LEAD}{number:05}"
        self.sent.append(word)
        given = {"name": f"Заявка {word}", "phone": f"+7999{number:07}", "comment": "Кухня", "idempotency_key": word}
        headers, began = {"Authorization": f"Bearer {INTAKE}"}, time.time()
        while not await self._once(cluster, given, headers):  # noqa: ASYNC110 — the site's own patience
            await asyncio.sleep(2.0)
        self.took.append(time.time() - began)

    async def _once(self, cluster: Cluster, given: dict[str, str], headers: dict[str, str]) -> bool:
        try:
            async with cluster.http.post(f"{cluster.proxy}/intake/leads", json=given, headers=headers) as answer:
                if answer.status == 503:
                    self.refusals += 1
                    self.with_retry_after += "Retry-After" in answer.headers
                assert answer.status in (200, 201, 429, 502, 503), await answer.text()
                return answer.status in (200, 201)
        except (aiohttp.ClientError, TimeoutError):
            return False


class Load:
    """All of it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.pressers = [Presser(chat_of(one), pressed_by(one)) for one in range(1, PEOPLE + 1)]
        self.site = Site()

    async def gather(self) -> None:
        """Everybody is at his phone."""
        await asyncio.gather(*(one.find_message(self._cluster) for one in self.pressers))

    async def run(self, until: float, *, presses: float, leads: float) -> None:
        """So many presses and leads a second until that moment; returns when every lead has been taken."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._press(until, presses))
            group.create_task(self._send(until, leads))

    async def _press(self, until: float, rate: float) -> None:
        while time.time() < until:
            await asyncio.sleep(random.expovariate(rate))
            await random.choice(self.pressers).press(self._cluster)

    async def _send(self, until: float, rate: float) -> None:
        async with asyncio.TaskGroup() as group:
            while time.time() < until:
                await asyncio.sleep(random.expovariate(rate))
                group.create_task(self.site.send(self._cluster))
