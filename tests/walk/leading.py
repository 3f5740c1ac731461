"""Deals that are led on: somebody does what lies before a deal, and presses the way on, again and again; without it a
walk sees the beginnings of many roads and the end of few."""

from __future__ import annotations

import random
from typing import Any

from keyboards.callbacks.deal_callbacks import OpenStages
from keyboards.callbacks.task_callbacks import OpenTask
from models.ids import DealId, TaskId
from tests.walk.acts import People
from tests.walk.phones import Message
from tests.walk.shop import some, span

STEPS = 5  # that a deal is led on at a stretch
ENDS = ("Отказ", "проиграна", "Некачественный", "Перенос", "↩")  # not the way on
TICKS, OUTCOMES = "v1:tick:", "v1:outcome:"
FEW = 12  # lines of a task


class Leaders(People):
    """Everybody of the shop; some of them bring things to their end."""

    async def leads_on(self, rnd: random.Random) -> None:
        """A deal is led on as far as it goes: its tasks, then its way."""
        deal = some(rnd, await self.deals())
        if deal is None:
            return
        for _ in range(STEPS):
            deal = next((one for one in await self.deals() if one.id == deal.id), None)
            chat_id = await self.leader(rnd, deal) if deal else None
            if deal is None or chat_id is None:
                return
            for task in [one for one in await self.tasks() if one.deal_id == deal.id]:
                await self._ends(rnd, task, chat_id)
            await self._goes_on(rnd, deal, chat_id)
            if rnd.randrange(3) == 0:
                await self.shop.until(self.shop.clock() + span(rnd))

    async def _ends(self, rnd: random.Random, task: Any, chat_id: int) -> None:
        """Everything of the task is done, and its first outcome pressed: what the process hopes for."""
        staff = await self.shop.staff()
        own = [key for key, one in staff.items() if one.id == task.assignee_id]
        chat_id = own[0] if own else chat_id
        message = await self.newest(chat_id)
        if message is None:
            return
        self.note(f"{chat_id} brings «{task.title}» of deal {task.deal_id} to its end")
        await self.shop.press(chat_id, message, OpenTask(TaskId(task.id)).pack())
        for _ in range(FEW):
            ticks = [one for one in message.buttons if one[1].startswith(TICKS) and not one[0].startswith("☑")]
            outcomes = [one for one in message.buttons if one[1].startswith(OUTCOMES)]
            chosen = (ticks or outcomes or [None])[0]
            if chosen is None:
                return
            self.counts[f"task {task.name}: {chosen[0][:40]}"] += 1
            await self._sees_through(rnd, chat_id, message, chosen[1])
            if chosen in outcomes:
                await self._says_what_is_done(rnd, chat_id)
                return

    async def _says_what_is_done(self, rnd: random.Random, chat_id: int) -> None:
        """The outcome was shut: a paper is to be marked as sent first."""
        message = await self.newest(chat_id)
        marks = [one for one in message.buttons if one[0].startswith("✔")] if message else []
        if message is not None and message.text.startswith("🔒") and marks:
            await self._sees_through(rnd, chat_id, message, marks[0][1])

    async def _goes_on(self, rnd: random.Random, deal: Any, chat_id: int) -> None:
        """The way on is pressed; where it is shut, what is missing is done first."""
        message = await self.newest(chat_id)
        if message is None:
            return
        await self.shop.press(chat_id, message, OpenStages(DealId(deal.id)).pack())
        ways = [one for one in message.buttons if one[1].startswith("v1:move:")]
        on = [one for one in ways if not any(word in one[0] for word in ENDS)]
        chosen = some(rnd, [one for one in on if one[0].startswith("✔")] or on)
        if chosen is None:
            return
        self.note(f"{chat_id} leads № {deal.number} on ({deal.stage}): {chosen[0]}")
        await self._sees_through(rnd, chat_id, message, chosen[1])
        if await self.shop.draft(chat_id) is None:
            await self.does_what_is_missing(rnd, chat_id, message)

    async def _sees_through(self, rnd: random.Random, chat_id: int, message: Message, data: str) -> None:
        await self.shop.press(chat_id, message, data)
        await self.see_through(rnd, chat_id)
