"""Two hundred people of the company at their phones, and strangers beside them: Telegram and they in this process."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

from keyboards import callback_data
from keyboards.callbacks.deal_callbacks import MoveDeal
from models.ids import DealId, Revision
from sandbox.server import Sandbox
from sandbox.world import phone_acts
from sandbox.world.world import Chat, Person
from tests.bench.people import Card, Presser

PATIENCE = 900.0
QUIET = 2.0  # seconds without a change on any phone: nothing comes any more
FIRST_STRANGER = 900_001


@dataclass(frozen=True)
class Told:
    """Somebody heard of another one's press: when the press was handed to the bot, when his message was there; seconds
    of `time.perf_counter`."""

    telegram_id: int
    handed: float
    heard: float


@dataclass
class BurstSeen:
    """What became of many presses at once; times in seconds from the first press."""

    took: float = 0.0
    lost: int = 0
    pressed: list[Card] = field(default_factory=list)
    edits: int = 0
    outdated: int = 0  # phones that do not show what was pressed last


class Crowd:
    """Everybody who presses and writes; notes when each update was handed out."""

    def __init__(self, sandbox: Sandbox, cards: dict[int, list[Card]]) -> None:
        self.world, self.cards = sandbox.world, cards
        self.queue = sandbox.world.home.queue
        self.pressers: list[Presser] = []
        self.edits = 0
        self._changed = asyncio.Event()
        self._changed_at = time.perf_counter()
        self._shown: dict[tuple[int, int], asyncio.Future[None]] = {}
        self._heard: dict[int, asyncio.Future[float]] = {}
        self._handed: dict[int, float] = {}
        self._number: dict[int, int] = {}
        self.world.watchers.append(self._notice)
        put, peek = self.queue.put, self.queue.peek

        def noted_put(kind: str, payload: dict[str, Any]) -> None:
            self._number[payload["from"]["id"]] = self.queue._next
            put(kind, payload)

        def noted_peek(limit: int) -> list[Any]:
            batch, now = peek(limit), time.perf_counter()
            for entry in batch:
                self._handed.setdefault(entry.id, now)
            return batch

        self.queue.put, self.queue.peek = noted_put, noted_peek  # type: ignore[method-assign]

    def _notice(self, event: dict[str, Any]) -> None:
        self._changed_at = time.perf_counter()
        self._changed.set()
        self.edits += event["kind"] == "edit"
        heard = self._heard.pop(event["phone"], None) if event["kind"] == "message" else None
        if heard is not None and not heard.done():
            heard.set_result(self._changed_at)
        waiting = self._shown.pop((event["phone"], event.get("message", 0)), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def gather(self) -> None:
        """Everybody starts the bot and has a message with buttons under his thumb."""
        for key, cards in self.cards.items():
            chat = self.world.chat(self.world.add_person(Person(key, "Анна", "Соколова")))
            phone_acts.say(self.world, chat, "/start")
            self.pressers.append(Presser(chat, cards))
        async with asyncio.timeout(PATIENCE):
            while not all(one.find_message() for one in self.pressers):
                self._changed.clear()
                await self._changed.wait()
        await self.quiet()

    async def quiet(self) -> None:
        """Until nothing changes any more."""
        while (since := time.perf_counter() - self._changed_at) < QUIET:  # noqa: ASYNC110 — silence has no event
            await asyncio.sleep(QUIET - since)

    async def press(self, presser: Presser) -> float:
        """One press; seconds from the getUpdates that brought it until it was answered and shown."""
        person, shown = presser.chat.person.id, asyncio.get_running_loop().create_future()
        data = presser.choose()
        self._shown[person, presser.message] = shown
        answer = await phone_acts.tap(self.world, presser.chat, presser.message, data, PATIENCE)
        await asyncio.wait_for(shown, PATIENCE)
        took = time.perf_counter() - self._handed[self._number[person]]
        presser.check(answer)
        return took

    async def tell(self, boss: Presser, manager: Presser, card: Card) -> Told:
        """Somebody above moves a manager's deal on."""
        person, heard = boss.chat.person.id, asyncio.get_running_loop().create_future()
        self._heard[manager.chat.person.id] = heard
        data = MoveDeal(DealId(card.id), Revision(card.version), "making").pack()
        answer = await phone_acts.tap(self.world, boss.chat, boss.message, data, PATIENCE)
        number = self._number[person]
        assert answer["answered"]
        told = Told(manager.chat.person.id, self._handed[number], await asyncio.wait_for(heard, PATIENCE))
        card.version, card.stage = card.version + 1, "making"
        return told

    async def warm_up(self, at_once: int) -> None:
        """Everybody presses once: what a bot does for the first time costs more."""
        gate = asyncio.Semaphore(at_once)

        async def one(presser: Presser) -> None:
            async with gate:
                await self.press(presser)

        await asyncio.gather(*map(one, self.pressers))

    async def saturate(self, people: int, seconds: float) -> float:
        """Presses a second when so many press again as soon as they can."""
        began = time.perf_counter()
        count = 0

        async def again(presser: Presser) -> None:
            nonlocal count
            while time.perf_counter() < began + seconds:
                await self.press(presser)
                count += 1

        await asyncio.gather(*map(again, self.pressers[:people]))
        return count / (time.perf_counter() - began)

    async def press_often(self, people: int, count: int) -> None:
        """So many presses, each person again as soon as he can."""
        left = iter(range(count))

        async def again(presser: Presser) -> None:
            for _ in left:
                await self.press(presser)

        await asyncio.gather(*map(again, self.pressers[:people]))

    async def burst(self, each: int, seconds: float) -> BurstSeen:
        """Everybody presses `each` times, spread over so many seconds, for deals of his that differ."""
        todo = [(one, card) for one in self.pressers for card in random.sample(one.cards, each)]
        random.shuffle(todo)
        seen, newest, edits, began = BurstSeen(), dict[int, Card](), self.edits, time.perf_counter()

        async def one(presser: Presser, data: str) -> None:
            answer = await phone_acts.tap(self.world, presser.chat, presser.message, data, PATIENCE)
            seen.lost += not answer["answered"]
            seen.took = max(seen.took, time.perf_counter() - began)

        async with asyncio.TaskGroup() as group:
            for place, (presser, card) in enumerate(todo):
                await asyncio.sleep(max(0.0, began + place * seconds / len(todo) - time.perf_counter()))
                to = "making" if card.stage == "prepayment" else "prepayment"
                newest[presser.chat.person.id] = card
                seen.pressed.append(card)
                group.create_task(one(presser, MoveDeal(DealId(card.id), Revision(card.version), to).pack()))
        await self.quiet()
        seen.edits = self.edits - edits
        seen.outdated = sum(_deal_shown(one) != newest[one.chat.person.id].id for one in self.pressers)
        for card in seen.pressed:
            card.version += 1
            card.stage = "making" if card.stage == "prepayment" else "prepayment"
        return seen

    async def while_pressing(self, rate: float, strangers: list[Chat], messages: int, pace: float) -> list[float]:
        """How long presses of the company take, `rate` a second, while strangers write, `pace` a second."""
        free: asyncio.Queue[Presser] = asyncio.Queue()
        for presser in self.pressers:
            free.put_nowait(presser)
        found: list[float] = []
        flooded = asyncio.Event()

        async def flood() -> None:
            began = time.perf_counter()
            for number in range(messages):
                if (ahead := began + number / pace - time.perf_counter()) > 0.005:
                    await asyncio.sleep(ahead)
                phone_acts.say(self.world, strangers[number % len(strangers)], f"дай {number}")
            flooded.set()

        async def one() -> None:
            presser = await free.get()
            found.append(await self.press(presser))
            free.put_nowait(presser)

        ends = time.perf_counter() + 10.0  # a short flood is watched for as long all the same
        async with asyncio.TaskGroup() as group:
            group.create_task(flood())
            while not flooded.is_set() or time.perf_counter() < ends:
                await asyncio.sleep(random.expovariate(rate))
                group.create_task(one())
        return sorted(found)

    def strangers(self, count: int) -> list[Chat]:
        """So many people whom the company does not know, others each time."""
        first = max(FIRST_STRANGER, max(self.world.people) + 1)
        return [self.world.chat(self.world.add_person(Person(first + one, "Кто", "Нибудь"))) for one in range(count)]

    async def pile(self, pressers: list[Presser], each: int) -> None:
        """While the bot is away, people of the company write."""
        for number in range(each):
            for presser in pressers:
                phone_acts.say(self.world, presser.chat, f"/find {number}")
        await asyncio.sleep(0.1)
        self._handed.clear()  # the question that the last bot left behind was answered with the first of these

    async def stored(self) -> float:
        """Seconds from the first getUpdates of what is piled up until the last of it is confirmed, thus stored."""
        first = self.queue.entries[0].id
        async with asyncio.timeout(PATIENCE):
            while self.queue.entries:  # noqa: ASYNC110 — the sandbox's queue has none
                await asyncio.sleep(0.01)
        return time.perf_counter() - self._handed[first]


def _deal_shown(presser: Presser) -> int:
    rows = presser.chat.messages[presser.message].body.get("reply_markup", {}).get("inline_keyboard", [])
    pressed = [callback_data.unpack(one.get("callback_data", "")) for row in rows for one in row]
    return next((int(one.deal) for one in pressed if isinstance(one, MoveDeal)), 0)
