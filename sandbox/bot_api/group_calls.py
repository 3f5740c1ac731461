"""Bot API: what a bot may do in a group or a channel: say a text, and go."""

from sandbox.bot_api import message_text
from sandbox.bot_api.api_error import ApiError, chat_not_found
from sandbox.bot_api.call_params import Params
from sandbox.bot_api.method_registry import method
from sandbox.world import groups
from sandbox.world.groups import Group
from sandbox.world.world import Json, SandboxBot, World


def find_group(bot: SandboxBot, params: Params) -> Group | None:
    """The group that a call is about; None if it is about a person."""
    try:
        return groups.find(bot, int(params.values.get("chat_id") or 0))
    except (TypeError, ValueError):
        return None


def say(world: World, bot: SandboxBot, group: Group, params: Params) -> Json:
    """A text into a group. Refused where the bot is not."""
    check_inside(group)
    text, entities = message_text.read_text(params)
    body: Json = {"message_id": next(bot.numbers), "date": world.date(), "chat": group.card, "text": text}
    if entities:
        body["entities"] = entities
    group.heard.append(body)
    return body


@method("leaveChat", "chat_id")
def leave_chat(world: World, bot: SandboxBot, params: Params) -> bool:
    """The bot goes."""
    group = find_group(bot, params)
    if group is None:
        raise chat_not_found()
    check_inside(group)
    groups.leave(world, bot, group)
    return True


def check_inside(group: Group) -> None:
    """In Telegram's own words."""
    if group.moved_to is not None:
        said = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, said, {"migrate_to_chat_id": group.moved_to})
    if group.kicked:
        raise ApiError(403, f"Forbidden: bot was kicked from the {group.kind} chat")
    if not group.has_bot:
        raise ApiError(403, f"Forbidden: bot is not a member of the {group.kind} chat")
