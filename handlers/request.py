"""One update being handled, and the registry of what can be pressed, typed and sent.

A handler is an ordinary function that runs inside the update's one transaction. It declares who may call it; one that
declares nobody does not start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from keyboards.callback_data import CallbackData
from keyboards.screen import Reply, Screen
from keyboards.translator import Translator
from models import access
from models.entities import Employee
from models.process.process import Process
from services.files.incoming_files import IncomingFile
from services.operation.group_chats import GroupChat
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact as it came in; `telegram_id` is whose account it is, if it has one."""

    phone: str
    name: str
    telegram_id: int | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a person did, in plain words."""

    kind: str  # tap | message | membership | group
    telegram_id: int
    chat_id: int
    name: str
    language: str
    message_id: int | None = None
    query_id: str | None = None
    data: str | None = None
    text: str | None = None
    file: IncomingFile | None = None
    contact: SharedContact | None = None
    location: tuple[float, float] | None = None
    album: str | None = None
    sent_at: datetime | None = None  # the message's own date: it may arrive hours later
    reply_to: int | None = None  # the message that it answers
    forwarded: str | None = None  # whose message was passed on, as his account is called; None: it is the person's own
    edited: bool = False  # a message that was sent before has other words now
    protected: bool = False  # the message that was pressed cannot be passed on
    blocked: bool | None = None  # membership: whether the person shut the bot out
    group: GroupChat | None = None  # group: where the bot was put, or heard somebody
    added: bool = False  # group: it was put there just now


@dataclass(frozen=True, slots=True)
class Request:
    """An update by a known employee, inside its transaction."""

    work: UnitOfWork
    t: Translator
    incoming: Incoming
    me: Employee
    bot_username: str = ""

    def hidden(self, process: Process | None) -> frozenset[str]:
        """The fields of which nothing is told to who asks."""
        return access.hidden_fields(self.me.role, process) if process else frozenset()

    @property
    def message_id(self) -> int | None:
        """The message that was pressed, None for a typed one."""
        return self.incoming.message_id if self.incoming.kind == "tap" else None

    def kept_here(self, screen: Screen) -> Screen:
        """The screen as one that no employee passes on or saves: a list of clients, or what is taken out of the base.
        The owner may."""
        return replace(screen, protect=self.me.role not in access.OWNER)


P = TypeVar("P", bound=CallbackData)
PressHandler = Callable[[Request, P], Reply]
MessageHandler = Callable[[Request], Reply | None]
M = TypeVar("M", bound=MessageHandler)


@dataclass(frozen=True, slots=True)
class RegisteredCallback:
    """Who may press it, and what happens then: the handler takes the press as the class it is registered for."""

    roles: frozenset[str]
    handler: Callable[[Request, Any], Reply]


CALLBACKS: dict[type[CallbackData], RegisteredCallback] = {}
COMMANDS: dict[str, tuple[frozenset[str], MessageHandler]] = {}
MESSAGES: list[tuple[int, frozenset[str], MessageHandler]] = []


def on_callback(press: type[P], roles: frozenset[str]) -> Callable[[PressHandler[P]], PressHandler[P]]:
    """Register what a press does and who may do it. Raises ValueError for one that is registered
    twice or for nobody."""

    def register(handler: PressHandler[P]) -> PressHandler[P]:
        if press in CALLBACKS or not roles:
            raise ValueError(f"the press {press} is registered twice or for nobody")
        CALLBACKS[press] = RegisteredCallback(roles, handler)
        return handler

    return register


def on_command(name: str, roles: frozenset[str]) -> Callable[[M], M]:
    """Register a command such as /start."""

    def register(handler: M) -> M:
        if name in COMMANDS or not roles:
            raise ValueError(f"the command {name} is registered twice or for nobody")
        COMMANDS[name] = (roles, handler)
        return handler

    return register


def on_message(order: int, roles: frozenset[str]) -> Callable[[M], M]:
    """Register a handler of messages; lower `order` is asked first, None passes on to the next. ValueError for one that
    is for nobody."""

    def register(handler: M) -> M:
        if not roles:
            raise ValueError("a handler of messages is for nobody")
        MESSAGES.append((order, roles, handler))
        MESSAGES.sort(key=lambda one: one[0])
        return handler

    return register
