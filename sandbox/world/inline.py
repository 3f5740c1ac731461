"""Inline queries: what somebody types behind the bot's name in any chat, what is offered, and what he sends of it."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.world.groups import Group
from sandbox.world.world import Json, Message, Person, SandboxBot, World

LONGEST_QUERY = 256
KEPT = 1_000  # answers that Telegram keeps instead of asking again
CHAT_TYPES = ("sender", "private", "group", "supergroup", "channel")
NOTHING: Json = {"answered": False, "results": [], "button": None, "next_offset": "", "cached": False}


@dataclass(slots=True)
class InlineAsk:
    """A query that the bot has not answered yet."""

    id: str
    person: Person
    query: str
    offset: str
    at: datetime
    answer: "asyncio.Future[Json]"


@dataclass(slots=True)
class InlineState:
    """What has been asked of one bot and not answered, the answers that are kept, and what each person is offered."""

    asked: dict[str, InlineAsk] = field(default_factory=dict)
    kept: dict[tuple[int, str, str], tuple[datetime, Json]] = field(default_factory=dict)
    offered: dict[int, dict[str, Json]] = field(default_factory=dict)


def book(bot: SandboxBot) -> InlineState:
    """The bot's own."""
    if not isinstance(bot.inline, InlineState):
        bot.inline = InlineState()
    return bot.inline


async def ask(world: World, bot: SandboxBot, person: Person, query: str, offset: str, where: str, wait: float) -> Json:
    """Type `@bot query` somewhere, and wait up to `wait` seconds of real time. An answer that is still good is shown
    without asking the bot again, as Telegram does."""
    held = book(bot)
    for who in (person.id, 0):  # his own, or one that is the same for everybody
        until, answer = held.kept.get((who, query, offset), (world.clock.now(), NOTHING))
        if until > world.clock.now():
            return _offer(held, person, {**answer, "cached": True}, offset)
    number = str(next(bot.query_numbers))
    answered: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
    if len(held.asked) >= KEPT:
        held.asked.clear()
    held.asked[number] = InlineAsk(number, person, query, offset, world.clock.now(), answered)
    body: Json = {"id": number, "from": person.user(), "query": query, "offset": offset, "chat_type": where}
    bot.queue.put("inline_query", body)
    if wait <= 0:
        return dict(NOTHING)
    try:
        return _offer(held, person, await asyncio.wait_for(answered, wait), offset)
    except TimeoutError:
        return dict(NOTHING)


def settle(world: World, bot: SandboxBot, asked: InlineAsk, answer: Json, seconds: int, personal: bool) -> None:
    """The bot has answered: whoever waits sees it, and it is kept for so many seconds."""
    held = book(bot)
    if seconds > 0:
        if len(held.kept) >= KEPT:
            held.kept.clear()
        key = (asked.person.id if personal else 0, asked.query, asked.offset)
        held.kept[key] = (world.clock.now() + timedelta(seconds=seconds), answer)
    if not asked.answer.done():
        asked.answer.set_result(answer)


def _offer(held: InlineState, person: Person, answer: Json, offset: str) -> Json:
    """Only what is on the screen can be sent; a further page is added to it."""
    shown = held.offered.get(person.id, {}) if offset else {}
    held.offered[person.id] = {**shown, **{one["id"]: one for one in answer["results"]}}
    return answer


def choose(world: World, bot: SandboxBot, person: Person, number: str, group: Group | None) -> Message | None:
    """Send what was offered, into a group, or into one's own chat with the bot. ValueError if it was not offered."""
    offered = book(bot).offered.get(person.id, {}).get(number)
    if offered is None:
        raise ValueError(f"nothing with the id {number!r} is offered to {person.name}")
    content: Json = {**offered["content"], "via_bot": bot.user()}
    if "reply_markup" in offered:
        content["reply_markup"] = offered["reply_markup"]
    if group is None:
        chat = world.chat(person, bot)
        if chat.blocked:
            raise ValueError("the bot is blocked on this phone: unblock it first")
        message = world.write(chat, content, out=True)
        bot.queue.put("message", message.body)
        return message
    body: Json = {"message_id": next(bot.numbers), "chat": group.card, "date": world.date(), "from": person.user()}
    group.posted.append({**body, **content})
    if group.has_bot:
        bot.queue.put("message", group.posted[-1])
    return None
