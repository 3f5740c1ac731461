"""The table of Bot API methods: a name, what it takes, what it does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.bot_api.api_error import bad, blocked, chat_not_found, never_started
from sandbox.bot_api.call_params import Params
from sandbox.world.world import Chat, SandboxBot, World

Handler = Callable[[World, SandboxBot, Params], Any]
METHODS: dict[str, "Method"] = {}
# Taken and not shown: they change nothing that the sandbox draws.
QUIET = frozenset(
    {"protect_content", "allow_paid_broadcast", "message_effect_id", "link_preview_options", "has_spoiler"}
    | {"disable_web_page_preview", "show_caption_above_media", "disable_content_type_detection"}
)
# What the sandbox does not play. Refusing is better than pretending.
UNPLAYED = frozenset(
    {"business_connection_id", "message_thread_id", "direct_messages_topic_id", "inline_message_id"}
    | {"ephemeral_message_parameters", "receiver_user_id", "suggested_post_parameters", "rich_message"}
)


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `run` may be a coroutine function: then `waits` is set."""

    name: str
    takes: frozenset[str]
    run: Handler
    waits: bool = False

    def check(self, params: Params) -> None:
        """Refused if there is a parameter that this method does not know."""
        unknown = params.values.keys() - self.takes
        if params.uploads:
            attached = str(params.values)
            unknown |= {n for n in params.uploads if n not in self.takes and f"attach://{n}" not in attached}
        if not unknown:
            return
        name = min(unknown)
        if name in UNPLAYED:
            raise bad(f'the sandbox does not play parameter "{name}" of {self.name}')
        raise bad(f'unknown parameter "{name}" of {self.name}')


def method(name: str, takes: str = "") -> Callable[[Handler], Handler]:
    """Enter a function into the table under a Bot API method's name; `takes` lists its parameters."""

    def enter(run: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, frozenset(takes.split()) | QUIET, run)
        return run

    return enter


def waiting(
    name: str, takes: str = ""
) -> Callable[[Callable[[World, SandboxBot, Params], Awaitable[Any]]], Callable[..., Any]]:
    """The same for a coroutine function."""

    def enter(run: Callable[[World, SandboxBot, Params], Awaitable[Any]]) -> Callable[..., Any]:
        METHODS[name.lower()] = Method(name, frozenset(takes.split()), run, waits=True)
        return run

    return enter


def get_chat(world: World, bot: SandboxBot, params: Params, name: str = "chat_id") -> Chat:
    """The chat of a call, open to the bot. Refused if there is none, it was never started, or is blocked."""
    chat = find_started(world, bot, params, name)
    if chat is None:
        raise never_started()
    if chat.blocked:
        raise blocked()
    return chat


def find_started(world: World, bot: SandboxBot, params: Params, name: str = "chat_id") -> Chat | None:
    """The chat if the person has ever written to the bot. Refused if there is no such person."""
    value = params.values.get(name)
    if value is None or value == "":
        raise bad(f"{name} is empty")
    try:
        chat = bot.chats.get(int(value))
    except (TypeError, ValueError):
        raise chat_not_found() from None
    if chat is not None and not chat.person.sms:
        return chat if chat.started else None
    person = world.people.get(int(value))
    if person is None or person.sms:
        raise chat_not_found()
    return None
