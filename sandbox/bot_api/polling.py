"""Bot API methods that say how updates reach the bot."""

import ipaddress
import re
from urllib.parse import urlsplit

from sandbox.bot_api.api_error import ApiError, bad
from sandbox.bot_api.call_params import Params
from sandbox.bot_api.method_registry import method, waiting
from sandbox.world.world import Json, SandboxBot, World

LONGEST_POLL = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Raw(str):
    """A result that is JSON already."""

    __slots__ = ()


@waiting("getUpdates", "offset limit timeout allowed_updates")
async def get_updates(world: World, bot: SandboxBot, params: Params) -> Raw:
    """Long polling: confirm what is below `offset`, wait up to `timeout` seconds, hand out."""
    if bot.webhook.get("url"):
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _allow(bot, params)
    limit = params.integer("limit", 100)
    timeout = min(max(params.integer("timeout"), 0), LONGEST_POLL)
    entries = await bot.queue.poll(params.integer("offset"), min(max(limit, 1), 100), timeout)
    return Raw(f"[{','.join([entry.raw for entry in entries])}]")


@method("setWebhook", "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token")
def set_webhook(world: World, bot: SandboxBot, params: Params) -> bool:
    """Have updates posted to an address of this machine; an empty one ends that."""
    url, secret = params.text("url"), params.text("secret_token")
    if url:
        _check_url(url)
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    connections = params.integer("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad("max_connections must be between 1 and 100")
    _allow(bot, params)
    if params.flag("drop_pending_updates"):
        bot.queue.clear()
    bot.webhook = {"url": url, "secret": secret, "max_connections": connections} if url else {}
    return True


@method("deleteWebhook", "drop_pending_updates")
def delete_webhook(world: World, bot: SandboxBot, params: Params) -> bool:
    """Back to getUpdates."""
    if params.flag("drop_pending_updates"):
        bot.queue.clear()
    bot.webhook = {}
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, bot: SandboxBot, params: Params) -> Json:
    """Where updates go and what went wrong last."""
    info: Json = {
        "url": bot.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(bot.queue.entries),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if name in bot.webhook:
            info[name] = bot.webhook[name]
    if bot.queue.allowed:
        info["allowed_updates"] = sorted(bot.queue.allowed)
    return info


def _allow(bot: SandboxBot, params: Params) -> None:
    """Left out, the earlier choice stays."""
    kinds = params.json("allowed_updates", "can't parse allowed updates JSON object")
    if kinds is None:
        return
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad("expected an Array of String as allowed updates")
    bot.queue.allow(kinds)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not is_loopback(parts.hostname):
        raise bad("bad webhook: the sandbox posts to this machine only")


def is_loopback(host: str) -> bool:
    """Whether `host` names this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
