"""The state of the sandbox: people, bots, their private chats and messages. No HTTP and no rules here."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sandbox.bot_api.update_queue import UpdateQueue
from sandbox.world.file_store import FileStore, SandboxFile
from sandbox.world.shifted_clock import ShiftedClock

Json = dict[str, Any]
EVENTS_KEPT = 2_000
FIRST_PERSON = 100_001


@dataclass(slots=True)
class Person:
    """Somebody with a phone. `sms`: a client without Telegram, who only gets SMS at `number`."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    title: str = ""
    language: str = "ru"
    number: str | None = None
    sms: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    def names(self) -> Json:
        """The names as a User or a Chat shows them."""
        named = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {key: value for key, value in named.items() if value}

    def user(self) -> Json:
        """The person as a Telegram User."""
        return {"id": self.id, "is_bot": False, **self.names(), "language_code": self.language}


@dataclass(slots=True)
class Message:
    """One message. `body` is the Bot API object and is replaced, never changed: others may hold it.

    `out`: the phone's owner wrote it. `fixed`: Telegram lets nobody edit it. `rev`: the last change.
    """

    id: int
    body: Json
    out: bool
    rev: int
    file: SandboxFile | None = None
    fixed: bool = False
    silent: bool = False
    pinned: bool = False
    reaction: str | None = None


@dataclass(slots=True)
class Query:
    """A tap that the bot has not answered yet."""

    id: str
    chat: "Chat"
    at: datetime
    answer: "asyncio.Future[Json] | None" = None


class Chat:
    """The private chat of one person with one bot."""

    def __init__(self, bot: "SandboxBot", person: Person) -> None:
        self.bot = bot
        self.person = person
        self.instance = str(person.id * 7_919_000_003 + bot.serial)
        self.card: Json = {"id": person.id, **person.names(), "type": "private"}
        self.empty()

    def empty(self) -> None:
        """Forget everything said."""
        self.messages: dict[int, Message] = {}
        self.deleted: list[tuple[int, int]] = []
        self.keyboard: Json | None = None
        self.reply_to: int | None = None
        self.started = False
        self.blocked = False
        self.unread = 0


class SandboxBot:
    """A bot, with its own chats, numbering of messages and queue of updates."""

    def __init__(self, serial: int, number: int, token: str, username: str) -> None:
        self.serial = serial
        self.id = number
        self.token = token
        self.username = username
        self.name = username.removesuffix("_bot").replace("_", " ").capitalize() or username
        self.chats: dict[int, Chat] = {}
        self.groups: dict[int, Any] = {}  # `sandbox.world.groups`
        self.queue = UpdateQueue()
        self.queries: dict[str, Query] = {}
        self.inline: Any = None  # `sandbox.world.inline`
        self.commands: dict[tuple[str, int, str], list[Json]] = {}
        self.menus: dict[int, Json] = {}
        self.numbers = count(1)
        self.query_numbers = count(4_000_000_000_000_000 + serial * 1_000_000_000)
        self.webhook: Json = {}

    def user(self) -> Json:
        """The bot as a Telegram User."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


@dataclass(slots=True)
class PhoneSms:
    """A text message to a phone number."""

    id: int
    to: str
    text: str
    date: int
    rev: int
    key: str | None = None


@dataclass
class World:
    """Everything there is. `home` is the bot whose chats the phones show: it is there from the start and
    takes the first token that comes; further tokens make further bots."""

    clock: ShiftedClock
    username: str = "verstak_bot"
    files: FileStore = field(default_factory=FileStore)
    people: dict[int, Person] = field(default_factory=dict)
    sms: list[PhoneSms] = field(default_factory=list)
    rev: int = 0
    events: deque[Json] = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))
    watchers: list[Callable[[Json], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home = SandboxBot(1, 0, "", self.username)
        self.bots: list[SandboxBot] = [self.home]
        self._by_token: dict[str, SandboxBot] = {}

    def find_bot(self, token: str) -> SandboxBot | None:
        """The bot of this token, made on first use; None if another token already has its id."""
        return self._by_token.get(token) or self._new_bot(token)

    def _new_bot(self, token: str) -> SandboxBot | None:
        number = int(token.partition(":")[0])
        if any(bot.id == number for bot in self.bots):
            return None
        bot = self.home
        if bot.token:
            bot = SandboxBot(len(self.bots) + 1, number, token, f"bot{number}_bot")
            self.bots.append(bot)
        else:
            bot.id, bot.token = number, token
        self._by_token[token] = bot
        return bot

    def add_person(self, person: Person) -> Person:
        """Let somebody in. ValueError if the id is taken."""
        if person.id in self.people:
            raise ValueError(f"there is already a phone {person.id}")
        self.people[person.id] = person
        self.publish("state", person.id)
        return person

    def next_person(self) -> int:
        """A free id."""
        return max(max(self.people, default=0) + 1, FIRST_PERSON)

    def chat(self, person: Person, bot: SandboxBot | None = None) -> Chat:
        """The person's chat with `bot`, by default with the home bot; an empty one on first use."""
        bot = bot or self.home
        chat = bot.chats.get(person.id)
        if chat is None:
            chat = bot.chats[person.id] = Chat(bot, person)
        return chat

    def date(self) -> int:
        """Now, in whole Unix seconds."""
        return int(self.clock.now().timestamp())

    def publish(self, kind: str, phone: int | None, **more: Any) -> int:
        """Tell whoever watches that something has changed. Returns the new revision."""
        self.rev += 1
        event = {"rev": self.rev, "phone": phone, "kind": kind, **more}
        self.events.append(event)
        for watch in self.watchers:
            watch(event)
        return self.rev

    def write(self, chat: Chat, content: Json, *, out: bool, file: SandboxFile | None = None) -> Message:
        """Put a new message into a chat: from the person if `out`, else from the bot."""
        author = chat.person.user() if out else chat.bot.user()
        number = next(chat.bot.numbers)
        body = {"message_id": number, "from": author, "chat": chat.card, "date": self.date(), **content}
        rev = self.publish("message", chat.person.id, message=number)
        message = chat.messages[number] = Message(number, body, out, rev, file)
        if out:
            chat.started = True
            chat.unread = 0
        else:
            chat.unread += 1
        return message

    def touch(self, chat: Chat, message: Message) -> None:
        """Note that a message has changed."""
        message.rev = self.publish("edit", chat.person.id, message=message.id)

    def erase(self, chat: Chat, message: Message) -> None:
        """Take a message away on both sides."""
        del chat.messages[message.id]
        chat.deleted.append((self.publish("delete", chat.person.id, message=message.id), message.id))

    def find_sms_person(self, number: str) -> Person | None:
        """Who gets SMS at this number; spaces and punctuation do not matter."""
        wanted = digits(number)
        return next((p for p in self.people.values() if p.sms and digits(p.number or "") == wanted), None)

    def reset(self) -> None:
        """Forget chats, messages, SMS and pending updates; people, bots and the clock stay."""
        for bot in self.bots:
            for chat in bot.chats.values():
                chat.empty()
            bot.groups.clear()
            bot.queue.clear()
            bot.queries.clear()
            bot.inline = None
        self.sms.clear()
        self.publish("state", None)


def digits(number: str) -> str:
    """A phone number without anything but its digits."""
    return "".join(c for c in number if c.isdecimal())
