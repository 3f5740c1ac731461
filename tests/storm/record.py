"""What the stand-in saw: every new message on a phone, when, and in which of the bot's lives; every update handed out.

At its own doors a bot can be struck: in the very moment in which Telegram takes a message, or a call comes in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.bot_api.update_queue import QueuedUpdate
from sandbox.server import Sandbox
from sandbox.world.faults import Fault, Faults
from sandbox.world.file_store import SandboxFile
from sandbox.world.world import Chat, Json, Message

MARK = "Возможно, повтор"
SENDS = ("sendMessage", "editMessageText", "answerCallbackQuery")
ON_THE_WAY = 0.06  # seconds that a call takes to reach Telegram
FOR_EVER = 10**12
PLAIN = {0xA0: " ", 0x202F: " "}


@dataclass(frozen=True, slots=True)
class Shown:
    """A new message of the bot: `life` counts the bot's starts, `at` is Unix seconds."""

    at: float
    chat: int
    message: int
    text: str
    life: int

    @property
    def is_marked(self) -> bool:
        """Whether it says that it may be a repeat."""
        return MARK in self.text

    @property
    def is_answer(self) -> bool:
        """Whether a marked one answers what somebody wrote: the mark stands apart there."""
        return self.text.endswith(f"\n\n{MARK}")


@dataclass
class Doors:
    """Where a bot meets Telegram; `knock` is called at each door with its name."""

    knock: Callable[[str], None] = lambda _: None


@dataclass
class WatchedFaults(Faults):
    """Faults that tell of every call as it comes in."""

    doors: Doors = field(default_factory=Doors)

    def take(self, method: str, chat: int | None) -> Fault | None:
        if method in SENDS:
            self.doors.knock("called")
        return super().take(method, chat)


@dataclass
class Record:
    """Watches a sandbox that has not been started yet."""

    sandbox: Sandbox
    life: int = 0
    shown: list[Shown] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)
    doors: Doors = field(default_factory=Doors)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        world, queue = self.sandbox.world, self.sandbox.world.home.queue
        write, put, peek = world.write, queue.put, queue.peek

        def noted_write(chat: Chat, content: Json, *, out: bool, file: SandboxFile | None = None) -> Message:
            message = write(chat, content, out=out, file=file)
            if not out:
                said = str(content.get("text", "")).translate(PLAIN)
                self.shown.append(Shown(time.time(), chat.person.id, message.id, said, self.life))
                self.doors.knock("taken")
            return message

        def noted_put(kind: str, payload: dict[str, Any]) -> None:
            self.updates.append(queue._next)
            put(kind, payload)

        def noted_peek(limit: int) -> list[QueuedUpdate]:
            batch = peek(limit)
            if batch:
                self.doors.knock("handed out")
            return batch

        world.write, queue.put, queue.peek = noted_write, noted_put, noted_peek  # type: ignore[method-assign]
        self.sandbox.faults = WatchedFaults(doors=self.doors)
        self.sandbox.faults.add("slow", SENDS, times=FOR_EVER, seconds=ON_THE_WAY)
        world.watchers.append(lambda _: self.changed.set())

    async def until(self, holds: Callable[[], object], patience: float) -> bool:
        """Wait for something on the phones; whether it came in time."""
        ends = time.monotonic() + patience
        while not holds():
            if (left := ends - time.monotonic()) <= 0:
                return False
            self.changed.clear()
            try:
                async with asyncio.timeout(min(left, 0.25)):
                    await self.changed.wait()
            except TimeoutError:
                continue
        return True
