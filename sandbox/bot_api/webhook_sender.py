"""Posting updates to bots that asked for a webhook."""

import asyncio
import contextlib

import aiohttp

from sandbox.bot_api.update_queue import QueuedUpdate
from sandbox.world.world import SandboxBot, World

ANSWER_WITHIN = aiohttp.ClientTimeout(total=60)


class Webhooks:
    """One posting task per bot with a webhook: in order, one at a time, again until a 2xx comes.

    `first_pause` is the first pause before a repeat in seconds of real time (Telegram's own is longer,
    which nobody wants to wait for here); it doubles up to sixteen times that. Retry-After is honoured.
    """

    def __init__(self, world: World, first_pause: float = 0.25) -> None:
        self._world = world
        self._pause = first_pause
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def refresh(self, bot: SandboxBot) -> None:
        """Start or stop posting after the bot's webhook has changed."""
        await self._stop(bot.serial)
        if bot.webhook:
            bot.queue.release()
            loop = asyncio.get_running_loop()
            self._tasks[bot.serial] = loop.create_task(self._run(bot), name=f"webhook of bot {bot.id}")

    async def close(self) -> None:
        """Stop posting."""
        for serial in tuple(self._tasks):
            await self._stop(serial)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _stop(self, serial: int) -> None:
        task = self._tasks.pop(serial, None)
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self, bot: SandboxBot) -> None:
        pause = self._pause
        while True:
            if not bot.queue.entries:
                bot.queue.arrived.clear()
                await bot.queue.arrived.wait()
                continue
            entry = bot.queue.entries[0]
            failure, wanted = await self._post(bot, entry)
            if failure is None:
                if bot.queue.entries and bot.queue.entries[0] is entry:
                    bot.queue.entries.popleft()
                pause = self._pause
                continue
            bot.webhook.update(last_error_date=self._world.date(), last_error_message=failure)
            await asyncio.sleep(pause if wanted is None else wanted)
            pause = min(pause * 2, self._pause * 16)

    async def _post(self, bot: SandboxBot, entry: QueuedUpdate) -> tuple[str | None, float | None]:
        """None if taken, else what went wrong and how long the bot asks to wait."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=ANSWER_WITHIN)
        headers = {"Content-Type": "application/json"}
        if bot.webhook["secret"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = bot.webhook["secret"]
        try:
            async with self._session.post(
                bot.webhook["url"], data=entry.raw.encode(), headers=headers, allow_redirects=False
            ) as response:
                await response.read()
                if 200 <= response.status < 300:
                    return None, None
                wait = response.headers.get("Retry-After", "")
                failure = f"Wrong response from the webhook: {response.status} {response.reason}"
                return failure, float(wait) if wait.isdecimal() else None
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {error}", None
