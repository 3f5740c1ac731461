"""The bot is down for a while; Telegram (the sandbox) and its clock go on."""

from __future__ import annotations

from bot import app as root
from bot.delivery.rate_limits import RateLimits
from tests.stories.driver import Shop


async def down(shop: Shop) -> None:
    """The bot stops."""
    shop.sandbox.clock.listeners.clear()
    await shop.app.stop()


async def again(shop: Shop) -> None:
    """The bot starts again on the same database."""
    settings, clock = shop.app.settings, shop.sandbox.clock
    shop.app = await root.build(settings, clock=clock.now, limits=RateLimits.none())
    await shop.app.start()
    clock.listeners.append(shop.app.tick_and_settle)
    await shop.settle()
