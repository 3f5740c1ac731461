"""Who is not of the company: heard once, then silently put by, and never at the cost of those who are (promise 9).

Nothing that somebody of the company sends is put by, nor an invitation that would let its bearer in, nor what he sends
after it: both are looked up in the very transaction that puts the rest by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection

from bot.updates import inbox
from bot.updates.inbox import InboxItem
from bot.updates.token_bucket import TokenBucket
from handlers.people import start
from scheduler.clock import Clock
from services import invitations
from services.people import employees
from services.unit_of_work import Company, UnitOfWork

ANSWERS, INVITATIONS = 1, 3  # at once: the one sentence; why an invitation does not work
REFILL = timedelta(minutes=10)
FRESH = timedelta(minutes=1)  # for how long somebody counts as one of us without being looked up
# what a stranger sends beside these (that he has blocked the bot, say) is always heard: it is answered by nothing
ANSWERED = frozenset({"message", "edited_message", "channel_post", "callback_query", "inline_query"})


class Strangers:
    """Knows whose an update is, and which ones of a stranger are heard."""

    def __init__(self, clock: Clock, company: Company) -> None:
        self._clock, self._company = clock, company
        self._staff: set[int] = set()
        self._read_at = datetime.min.replace(tzinfo=clock().tzinfo)
        self._answers = TokenBucket(ANSWERS, REFILL, clock)
        self._invitations = TokenBucket(INVITATIONS, REFILL, clock)

    def knows(self, chat: int) -> bool:
        """Whether the chat is that of somebody who was of the company a minute ago."""
        return chat in self._staff

    def unknown(self, tx: Connection, chats: Iterable[int]) -> set[int]:
        """Those of the chats that belong to nobody who works here."""
        work = self._work(tx)
        if not timedelta(0) <= work.now - self._read_at < FRESH:
            self._staff, self._read_at = employees.find_accounts(work), work.now
        found = set(chats) - self._staff
        return found - self._recognise(work, found) if found else found

    def among(self, tx: Connection, items: Sequence[InboxItem]) -> set[int]:
        """The chats of those who neither work here nor hold an invitation among these updates."""
        chats = self.unknown(tx, (one.chat_id for one in items))
        asking = [(token, one.chat_id) for one in items if one.chat_id in chats and (token := _invitation(one))]
        if not asking:
            return chats
        valid = invitations.usable(self._work(tx), {token for token, _ in asking})
        return chats - {chat for token, chat in asking if token in valid}

    def hears(self, item: InboxItem) -> bool:
        """Whether a stranger's update is handled like anybody's; this spends his budget."""
        if ANSWERED.isdisjoint(item.update):
            return True
        budget = self._answers if _invitation(item) is None else self._invitations
        return budget.take(item.chat_id)

    def put_by(self, tx: Connection, waiting: Sequence[InboxItem]) -> list[InboxItem]:
        """Put by what a stranger has sent beyond his budget: the first ones of those that wait; gives them.

        None of them if he has become one of us, or if the first one is to be heard for what it says.
        """
        work = self._work(tx)
        if self._recognise(work, {waiting[0].chat_id}):
            return []
        silent = list(takewhile(lambda one: not ANSWERED.isdisjoint(one.update), waiting))
        tokens = {token for one in silent if (token := _invitation(one))}
        valid = invitations.usable(work, tokens) if tokens else set()
        silent = list(takewhile(lambda one: _invitation(one) not in valid, silent))
        inbox.put_by(tx, [one.id for one in silent], work.now)
        return silent

    def _recognise(self, work: UnitOfWork, chats: set[int]) -> set[int]:
        found = employees.find_accounts(work, chats)
        self._staff |= found
        return found

    def _work(self, tx: Connection) -> UnitOfWork:
        return UnitOfWork(tx, self._clock(), self._company)


def _invitation(item: InboxItem) -> str | None:
    message: Any = item.update.get("message")
    if not isinstance(message, dict):
        return None
    text = message.get("text") or message.get("caption")
    return start.token_in(text) if isinstance(text, str) else None
