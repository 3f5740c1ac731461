"""Inline queries (`@bot 1042` in any chat): answered from memory, beside the inbox.

A query is a press of a key, not an act: it changes nothing, the next one takes its place, and one that is lost is typed
on. So none is stored, and none takes a turn, a worker or a transaction that writes: each is looked up in one that can
only read, few at once, of each person the newest only. Whoever does not work here is told so, at most so often.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiogram.exceptions import TelegramAPIError
from sqlalchemy import Connection

from bot import log
from bot.background import TaskGroup
from bot.database import Database
from bot.delivery import telegram_render
from bot.telegram_client import TelegramClient
from bot.updates import inbox
from bot.updates.token_bucket import TokenBucket
from handlers.clients import inline_search
from handlers.request import Incoming, Request
from keyboards import translator
from keyboards.clients import inline_page
from keyboards.clients.inline_page import InlinePage, InlineResult
from keyboards.translator import Translator
from models.entities import Employee
from scheduler.clock import Clock
from services.people import employees
from services.unit_of_work import Company, UnitOfWork

KIND = "inline_query"
AT_ONCE = 2  # searches; whoever presses a button meets no more of them
MOST_WAITING = 500  # people whose query waits; beyond that it is dropped, and the next key asks again
REMEMBERED = 2_000  # updates that were taken, and strangers
STRANGE_FOR = timedelta(seconds=30)  # for so long a stranger is not looked up again
STRANGERS_ANSWERS, REFILL = 3, timedelta(seconds=10)
PATIENCE = 5.0  # seconds for Telegram to take an answer: later nobody sees it
FURTHEST = 10_000  # pages
logger = log.get("bot.updates.inline_queries")


@dataclass(frozen=True, slots=True)
class InlineQuery:
    """What somebody has typed."""

    id: str
    telegram_id: int
    language: str
    text: str
    page: int


class InlineQueries:
    """Answers inline queries."""

    def __init__(
        self, db: Database, telegram: TelegramClient, company: Company, clock: Clock, username: Callable[[], str]
    ) -> None:
        self._db, self._telegram, self._company, self._clock, self._username = db, telegram, company, clock, username
        self.tasks = TaskGroup()
        self._waiting: dict[int, InlineQuery] = {}  # by person: the newest
        self._serving: dict[int, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._strange: OrderedDict[int, datetime] = OrderedDict()  # by person: until when
        self._budget = TokenBucket(STRANGERS_ANSWERS, REFILL, clock)
        self.answered = self.dropped = 0

    def take_out(self, updates: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Answer the inline queries among the updates, later; gives the others."""
        for one in updates:
            if KIND in one:
                self._take(one)
        return [one for one in updates if KIND not in one]

    async def settle(self) -> None:
        """Wait until all that came has been answered."""
        while self._serving:
            await asyncio.wait(list(self._serving.values()))

    def _take(self, update: dict[str, Any]) -> None:
        query, number = _read(inbox.clean(update)[0][KIND]), update.get("update_id")
        if query is None or not isinstance(number, int) or number in self._taken:
            return
        self._taken[number] = None
        while len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        who = query.telegram_id
        is_new = who not in self._waiting and len(self._waiting) >= MOST_WAITING
        if is_new or (self._is_strange(who) and not self._budget.take(who)):
            self.dropped += 1
            return
        self._waiting[who] = query
        if who not in self._serving:
            self._serving[who] = self.tasks.spawn(self._serve(who), f"inline query {number}")

    async def _serve(self, who: int) -> None:
        """One after the other; of those that have come meanwhile the newest."""
        try:
            while (query := self._waiting.pop(who, None)) is not None:
                await self._answer(query)
        finally:
            del self._serving[who]

    async def _answer(self, query: InlineQuery) -> None:
        async with self._gate:
            if query.telegram_id in self._waiting:  # he has typed on
                return
            page = await self._page(query)
        if query.telegram_id in self._waiting:
            return
        try:
            await self._telegram.call("answerInlineQuery", _params(query, page), timeout=PATIENCE)
            self.answered += 1
        except TelegramAPIError as error:  # too late, or out of reach: the next key asks again
            logger.info("an inline query was not answered", failure=log.describe(error))

    async def _page(self, query: InlineQuery) -> InlinePage:
        t = self._translator(query.language)
        if self._is_strange(query.telegram_id):
            return inline_page.stranger(t)
        try:
            found = await self._db.read(lambda tx: self._look(tx, query))
        except Exception as error:
            logger.error("an inline query failed", failure=log.describe(error), exc_info=error)
            return inline_page.failed(t)
        if found is None:
            self._strange[query.telegram_id] = self._clock() + STRANGE_FOR
            while len(self._strange) > REMEMBERED:
                self._strange.popitem(last=False)
        return found or inline_page.stranger(t)

    def _look(self, tx: Connection, query: InlineQuery) -> InlinePage | None:
        """None for who does not work here, or no more."""
        work = UnitOfWork(tx, self._clock(), self._company)
        person = employees.find_by_telegram(work, query.telegram_id)
        if person is None:
            return None
        work.actor = person
        return inline_search.answer(self._request(work, person, query), query.text, query.page)

    def _request(self, work: UnitOfWork, person: Employee, query: InlineQuery) -> Request:
        who = query.telegram_id
        incoming = Incoming("inline", who, who, person.name, query.language, query_id=query.id, text=query.text)
        return Request(work, self._translator(person.locale), incoming, person, self._username())

    def _is_strange(self, who: int) -> bool:
        until = self._strange.get(who)
        return until is not None and self._clock() < until <= self._clock() + STRANGE_FOR

    def _translator(self, language: str) -> Translator:
        known = language[:2] if language[:2] in ("ru", "en") else self._company.locale
        return translator.translator(known, self._company.calendar.zone)


def _read(raw: Any) -> InlineQuery | None:
    """The query, None if it is none that Telegram sends."""
    sender = raw.get("from") if isinstance(raw, dict) else None
    who = sender.get("id") if isinstance(sender, dict) else None
    if not isinstance(raw, dict) or not isinstance(sender, dict) or not isinstance(raw.get("id"), str):
        return None
    if not isinstance(who, int) or isinstance(who, bool) or not 0 < who < inbox.INT64:
        return None
    offset = str(raw.get("offset") or "")
    page = int(offset) if offset.isascii() and offset.isdecimal() and len(offset) < 6 else 0
    language, text = str(sender.get("language_code") or ""), str(raw.get("query") or "")
    return InlineQuery(raw["id"], who, language, text, min(page, FURTHEST))


def _params(query: InlineQuery, page: InlinePage) -> dict[str, Any]:
    """As Telegram takes it: each person's own, and kept for moments only, since rights and deals change."""
    button = {"text": page.note, "start_parameter": page.leads_to} if page.note else None
    return {
        "inline_query_id": query.id,
        "results": [_article(one) for one in page.results],
        "is_personal": True,
        "cache_time": page.seconds,
        "next_offset": page.next,
        "button": button,
    }


def _article(one: InlineResult) -> dict[str, Any]:
    posted = {"message_text": telegram_render.html(one.posted), "parse_mode": "HTML"}
    article = {
        "type": "article", "id": one.id, "title": one.title, "description": one.description,
        "input_message_content": {**posted, "link_preview_options": {"is_disabled": True}},
    }  # fmt: skip
    if (keys := telegram_render.keyboard(one.posted)) is not None:
        article["reply_markup"] = keys
    return article
