"""Groups and channels: somebody puts the bot into one, writes there, throws it out, makes a supergroup of a group.

The page shows no groups; they are played over the control side, for bots that must behave where others read.
"""

from dataclasses import dataclass, field

from sandbox.world.world import Json, Person, SandboxBot, World

KINDS = ("group", "supergroup", "channel")
FIRST_GROUP, FIRST_SUPERGROUP = -5_001, -1_001_000_000_001


@dataclass(slots=True)
class Group:
    """A chat of many. `has_bot`: the bot is in it; `moved_to`: the supergroup that it became."""

    id: int
    kind: str
    title: str
    has_bot: bool = False
    kicked: bool = False
    moved_to: int | None = None
    heard: list[Json] = field(default_factory=list)
    posted: list[Json] = field(default_factory=list)  # by people, of what the bot has offered them
    times_left: int = 0

    @property
    def card(self) -> Json:
        """The group as a Telegram Chat."""
        return {"id": self.id, "title": self.title, "type": self.kind}


def find(bot: SandboxBot, number: int) -> Group | None:
    """The group of that id."""
    found = bot.groups.get(number)
    return found if isinstance(found, Group) else None


def make(bot: SandboxBot, kind: str, title: str) -> Group:
    """A new one, without the bot. ValueError for a kind that Telegram does not have."""
    if kind not in KINDS:
        raise ValueError(f"a group is one of {', '.join(KINDS)}")
    first = FIRST_GROUP if kind == "group" else FIRST_SUPERGROUP
    group = Group(first - len(bot.groups), kind, title)
    bot.groups[group.id] = group
    return group


def put_bot(world: World, bot: SandboxBot, group: Group, by: Person) -> None:
    """Somebody adds the bot; nothing happens if it is there."""
    if not group.has_bot:
        old = "kicked" if group.kicked else "left"
        group.has_bot, group.kicked = True, False
        _tell(world, bot, group, by.user(), old, "administrator" if group.kind == "channel" else "member")


def throw_out(world: World, bot: SandboxBot, group: Group, by: Person) -> None:
    """Somebody removes the bot; it is told."""
    if group.has_bot:
        group.has_bot, group.kicked = False, True
        _tell(world, bot, group, by.user(), "member", "kicked")


def leave(world: World, bot: SandboxBot, group: Group) -> None:
    """The bot goes by itself; it is told that, too."""
    group.has_bot = False
    group.times_left += 1
    _tell(world, bot, group, bot.user(), "member", "left")


def write(world: World, bot: SandboxBot, group: Group, by: Person, text: str) -> None:
    """A text by somebody in it: a bot that is there hears it (in a channel, as a post by nobody)."""
    if not group.has_bot:
        return
    body: Json = {"message_id": next(bot.numbers), "chat": group.card, "date": world.date(), "text": text}
    if group.kind == "channel":
        bot.queue.put("channel_post", {**body, "sender_chat": group.card})
    else:
        bot.queue.put("message", {**body, "from": by.user()})


def upgrade(world: World, bot: SandboxBot, group: Group, by: Person) -> Group:
    """A group becomes a supergroup, with another id: both are told, and the bot is in the new one if it was here."""
    new = make(bot, "supergroup", group.title)
    new.has_bot, group.has_bot, group.moved_to = group.has_bot, False, new.id
    if new.has_bot:
        common: Json = {"from": by.user(), "date": world.date()}
        old = {**common, "message_id": next(bot.numbers), "chat": group.card, "migrate_to_chat_id": new.id}
        fresh = {**common, "message_id": next(bot.numbers), "chat": new.card, "migrate_from_chat_id": group.id}
        bot.queue.put("message", old)
        bot.queue.put("message", fresh)
    return new


def _tell(world: World, bot: SandboxBot, group: Group, by: Json, old: str, new: str) -> None:
    change: Json = {"chat": group.card, "from": by, "date": world.date()}
    change["old_chat_member"] = {"user": bot.user(), "status": old, **_rights(old)}
    change["new_chat_member"] = {"user": bot.user(), "status": new, **_rights(new)}
    bot.queue.put("my_chat_member", change)


def _rights(status: str) -> Json:
    """What Telegram tells beside a status."""
    if status == "kicked":
        return {"until_date": 0}
    if status != "administrator":
        return {}
    names = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
        "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories "
        "can_send_welcome_messages"
    )
    return {**dict.fromkeys(names.split(), False), "can_post_messages": True}
