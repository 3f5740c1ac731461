"""Card, «Учёт клиентов» and «Мой график» show of each visit what its row says: its day, its hour, that it is off."""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.hours_callbacks import OpenPlan
from keyboards.callbacks.register_callbacks import OpenEntry
from models.ids import DealId
from models.tables.visits import VisitRow
from services.unit_of_work import UnitOfWork
from tests.walk import facts
from tests.walk.facts import COMING, DealFacts
from tests.walk.numbers import MONTHS
from tests.walk.shop import WalkShop, some

WORDS = {0: "сегодня", 1: "завтра"}
SEEN_AHEAD = 30  # days; a schedule goes no further than it must


async def untrue(shop: WalkShop, rnd: random.Random) -> list[str]:
    """What any of the three shows otherwise of one visit than it is."""
    found = await shop.work(lambda work: _any_visit(work, rnd))
    if found is None:
        return []
    row, deal = found
    staff = await shop.staff()
    boss = next((chat for chat, one in staff.items() if one.role == "owner"), None)
    if boss is None:
        return []
    problems = await _shown(shop, boss, OpenDeal(DealId(row.deal_id)).pack(), row, deal, "the card")
    if deal.process.ledger is not None and deal.deal.kind != "practice":
        problems += await _in_register(shop, boss, row, deal)
    if row.state in COMING and deal.deal.kind != "practice":
        for chat, one in staff.items():
            if one.id in (row.employee_id, *(row.others or ())):
                problems += await _shown(shop, chat, OpenPlan().pack(), row, deal, f"the schedule of {one.name}")
    return problems


def _any_visit(work: UnitOfWork, rnd: random.Random) -> tuple[Any, DealFacts] | None:
    rows = [
        row for row in work.tx.execute(select(VisitRow).where(VisitRow.current, VisitRow.starts_at > work.now))
        if row.state in (*COMING, "off") and (row.starts_at - work.now).days < SEEN_AHEAD
    ]  # fmt: skip
    row = some(rnd, rows)
    deal = facts.of(work, row.deal_id) if row is not None else None
    return (row, deal) if deal is not None and deal.deal.status != "won" else None


async def _shown(shop: WalkShop, chat: int, data: str, row: Any, deal: DealFacts, where: str) -> list[str]:
    """Its hour and its day stand there; of one that is off, that it is."""
    text = await _text(shop, chat, data)
    if text is None:
        return []
    calendar = shop.app.company.calendar
    starts_at, today = calendar.local(row.starts_at), calendar.local(shop.clock()).date()
    if row.state == "off":
        kind = deal.process.visit_kinds[row.name]
        return [] if "Отменено" in text else [f"{where} does not say that «{kind.title}» of {starts_at} is off: {text}"]
    hours = {f"{starts_at:%H:%M}", f"{starts_at.hour}:{starts_at:%M}"}
    said = any(hour in text for hour in hours) and _says_day(text, starts_at, today)
    return [] if said else [f"{where} does not show {row.name} of № {deal.deal.number} at {starts_at}: {text}"]


def _says_day(text: str, at: datetime, today: date) -> bool:
    word = WORDS.get((at.date() - today).days, "?")
    return word in text.lower() or f"{at.day} {MONTHS[at.month - 1]}" in text or f"{at:%d.%m}" in text


async def _in_register(shop: WalkShop, chat: int, row: Any, deal: DealFacts) -> list[str]:
    """If the entry shows the visit, it shows its day."""
    ledger, kind = deal.process.ledger, deal.process.visit_kinds[row.name]
    if ledger is None or ledger.date not in kind.fields or row.state == "off":
        return []
    text = await _text(shop, chat, OpenEntry(DealId(row.deal_id)).pack())
    calendar = shop.app.company.calendar
    at, today = calendar.local(row.starts_at), calendar.local(shop.clock()).date()
    if text is None or deal.deal.number not in text or _says_day(text, at, today):
        return []
    return [f"the ledger does not show {row.name} of № {deal.deal.number} on {at}: {text}"]


async def _text(shop: WalkShop, chat: int, data: str) -> str | None:
    """What a press shows; None if nothing could be pressed."""
    message = next(iter(shop.phones.messages(chat)), None)
    if message is None:
        return None
    await shop.press(chat, message, data)
    standing = shop.phones.chats[chat].get(message.id)
    return standing.text if standing is not None else None
