"""Misbehaviour on request: what Telegram and the network do on a bad day."""

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.bot_api.api_error import ApiError, blocked

ASKED_FOR = ("getUpdates", "sms")
KINDS = ("429", "500", "502", "401", "403", "409", "drop", "drop_after", "garbage", "slow")


@dataclass(slots=True)
class Fault:
    """One rule: the next `times` calls that match misbehave.

    `methods` None means every method but getUpdates (its endless calls would eat the count) and the SMS gateway (`sms`,
    which is not Telegram's); name them to hit them. `chat` None means any. `retry_after` and `seconds` are in seconds
    of real time.
    drop: the connection is cut before anything is done; drop_after: the thing is done, its answer is lost.
    """

    kind: str
    methods: tuple[str, ...] | None = None
    chat: int | None = None
    times: int = 1
    retry_after: int = 1
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {self.kind}; known: {', '.join(KINDS)}")
        if self.times < 1:
            raise ValueError("times must be at least 1")

    def matches(self, method: str, chat: int | None) -> bool:
        """Whether a call of `method` for `chat` falls under this rule."""
        if self.methods is None:
            if method in ASKED_FOR:
                return False
        elif method.lower() not in [name.lower() for name in self.methods]:
            return False
        return self.chat is None or self.chat == chat


@dataclass(slots=True)
class Faults:
    """The rules in force, in the order they were added."""

    rules: list[Fault] = field(default_factory=list)

    def add(
        self,
        kind: str,
        methods: tuple[str, ...] | list[str] | None = None,
        *,
        chat: int | None = None,
        times: int = 1,
        retry_after: int = 1,
        seconds: float = 1.0,
    ) -> Fault:
        """Add a rule. ValueError if there is no such kind of fault."""
        names = tuple(methods) if methods is not None else None
        fault = Fault(kind, names, chat, times, retry_after, seconds)
        self.rules.append(fault)
        return fault

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The first rule that this call falls under, counted down and dropped when used up."""
        for fault in self.rules:
            if fault.matches(method, chat):
                fault.times -= 1
                if not fault.times:
                    self.rules.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Behave again."""
        self.rules.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """The rules, for the page."""
        return [asdict(fault) for fault in self.rules]


async def apply(fault: Fault) -> None:
    """Refuse or wait as the rule says; the kinds that cut or garble the answer are the server's business."""
    if fault.kind == "429":
        raise ApiError(429, f"Too Many Requests: retry after {fault.retry_after}", {"retry_after": fault.retry_after})
    if fault.kind == "500":
        raise ApiError(500, "Internal Server Error")
    if fault.kind == "502":
        raise ApiError(502, "Bad Gateway")
    if fault.kind == "401":
        raise ApiError(401, "Unauthorized")
    if fault.kind == "403":
        raise blocked()
    if fault.kind == "409":
        said = "terminated by other getUpdates request; make sure that only one bot instance is running"
        raise ApiError(409, f"Conflict: {said}")
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
