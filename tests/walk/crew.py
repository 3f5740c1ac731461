"""The people of a shop: who they are, what lies before them, and how they answer a form that is open."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from tests.walk import answers
from tests.walk.phones import Message
from tests.walk.shop import WalkShop, some

MANAGEMENT = ("owner", "supervisor")
SALES = ("manager", "supervisor", "owner")
LONGEST_FORM = 14
AWAY = ("⚙", "Отмена", "Домой", "🏠", "Язык", "English", "Команда", "Удалить", "Уволить")  # not what is tried here


@dataclass
class Crew:
    """Everybody of the shop, with what has happened so far."""

    shop: WalkShop
    counts: Counter[str] = field(default_factory=Counter)
    diary: list[str] = field(default_factory=list)
    begun: int = 0

    def note(self, what: str) -> None:
        """For whoever reads what happened before a failure."""
        self.diary.append(f"{self.shop.clock():%a %d.%m %H:%M} {what}")

    # --- whom and what

    async def of_roles(self, *roles: str) -> list[int]:
        """The chats of those who work here in these roles."""
        staff = await self.shop.staff()
        return [chat for chat, one in staff.items() if not roles or one.role in roles]

    async def deals(self, *, closed: bool = False) -> list[Any]:
        """The deals there are, the open ones only unless `closed`."""
        wanted = (DealRow.deleted_at.is_(None), *(() if closed else (DealRow.status == "open",)))
        rows: list[Any] = await self.shop.work(
            lambda work: work.tx.execute(select(DealRow).where(*wanted).order_by(DealRow.id)).all()
        )
        return rows

    async def tasks(self) -> list[Any]:
        rows: list[Any] = await self.shop.work(
            lambda work: work.tx.execute(select(TaskRow).where(TaskRow.state == "open").order_by(TaskRow.due_at)).all()
        )
        return rows

    async def leader(self, rnd: random.Random, deal: Any) -> int | None:
        """Who would act on the deal: mostly its responsible, now and then somebody above."""
        staff = await self.shop.staff()
        own = [chat for chat, one in staff.items() if one.id == deal.responsible_id]
        if own and rnd.randrange(6):
            return own[0]
        return some(rnd, await self.of_roles("supervisor") or await self.of_roles("owner"))

    async def newest(self, chat_id: int) -> Message | None:
        found = self.shop.phones.messages(chat_id)
        return found[0] if found else None

    # --- answering

    async def see_through(self, rnd: random.Random, chat_id: int) -> None:
        """Answer the form that is open, question after question; some people give up half-way."""
        for _ in range(LONGEST_FORM):
            draft = await self.shop.draft(chat_id)
            if draft is None or rnd.randrange(40) == 0:
                return
            await self._answer(rnd, chat_id, draft)

    async def _answer(self, rnd: random.Random, chat_id: int, draft: Any) -> None:
        process = self.shop.app.company.processes.get(draft.process) if draft.process else None
        known = process.fields.get(draft.current) if process and draft.current else None
        message = await self._question(chat_id, draft)
        kind = known.type if known is not None else "text"
        if kind in ("file", "photo"):
            await self.shop.photo(chat_id)
            message = await self._question(chat_id, draft)
        usable = [one for one in message.buttons if not avoided(one[0])] if message else []
        wanted = answers.BY_BUTTON if rnd.randrange(4) else ()
        confirm = [one for one in usable if one[0].startswith(("Готово", "✅", "Верно", "Да", "Так", "👍"))]
        if message and confirm and rnd.randrange(8):
            await self.shop.press(chat_id, message, confirm[0][1])
        elif message and usable and (kind in wanted or draft.step_state is not None or rnd.randrange(5) == 0):
            await self.shop.press(chat_id, message, some(rnd, usable)[1])
        else:
            await self.shop.say(chat_id, answers.typed(rnd, known))

    async def _question(self, chat_id: int, draft: Any) -> Message | None:
        fresh = await self.shop.draft(chat_id)
        key = (fresh or draft).message_id
        return self.shop.phones.chats.get(chat_id, {}).get(key) or await self.newest(chat_id)


def avoided(label: str) -> bool:
    """Whether the button leads away from what is tried here."""
    return any(word in label for word in AWAY)
