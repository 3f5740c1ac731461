"""What people write and send of themselves: a next step, a call, a reply, a message passed on, one corrected, and words
that are typed when a question was left behind."""

from __future__ import annotations

import random
from typing import Any

from keyboards.callbacks.deal_callbacks import AskCall, FillField, LogCall
from keyboards.callbacks.task_callbacks import AskStep
from models.ids import DealId
from tests.walk.crew import SALES
from tests.walk.leading import Leaders
from tests.walk.shop import some

PHRASES = (
    "перезвонить завтра в 15", "сверить {замер} в пятницу", "каждый понедельник в 10 проверить оплату",
    "через час", "вчера в 10", "в 3 ночи послезавтра", "спросить про ручки", "31.02 в 12", "😀",
)  # fmt: skip
WORDS = (
    "позвонила, думает", "перезвоню завтра в 11", "Гусев", "0001", "150 000", "напомни завтра в 15 позвонить",
    "Пётр 8 903 111-22-33 шкаф купе", "<b>жирно</b>", "7" * 300,
)  # fmt: skip
SENDER = {"type": "hidden_user", "sender_user_name": "Ольга {К}", "date": 0}


class Talkers(Leaders):
    """Everybody of the shop; they write, reply, pass on and correct."""

    async def sets_a_step(self, rnd: random.Random) -> None:
        """Two taps and a phrase; some phrases say no time, or one that is over."""
        deal, chat_id, message = await self._at_a_card(rnd)
        if message is None:
            return
        self.note(f"{chat_id} says what comes next on № {deal.number}")
        await self.shop.press(chat_id, message, AskStep(DealId(deal.id)).pack())
        await self.shop.say(chat_id, some(rnd, list(PHRASES)))
        await self._gives_up(rnd, chat_id)

    async def logs_a_call(self, rnd: random.Random) -> None:
        """📞, how it ended, and what comes next."""
        deal, chat_id, message = await self._at_a_card(rnd)
        if message is None:
            return
        self.note(f"{chat_id} has called the client of № {deal.number}")
        await self.shop.press(chat_id, message, AskCall(DealId(deal.id)).pack())
        ended = LogCall(DealId(deal.id), rnd.choice(("reached", "missed", "calls_back")))
        await self.shop.press(chat_id, message, ended.pack())
        await self.shop.say(chat_id, some(rnd, [*PHRASES, *WORDS]))
        await self._gives_up(rnd, chat_id)

    async def replies(self, rnd: random.Random) -> None:
        """An answer to any message that stands in the chat."""
        chat_id = some(rnd, await self.of_roles())
        message = some(rnd, self.shop.phones.messages(chat_id))
        if message is not None:
            self.note(f"{chat_id} replies to «{message.text[:40]}»")
            await self.shop.say(chat_id, some(rnd, list(WORDS)), reply_to=message.id)
            await self._gives_up(rnd, chat_id)

    async def passes_on(self, rnd: random.Random) -> None:
        """Somebody outside has written; where it belongs is chosen by chance."""
        chat_id = some(rnd, await self.of_roles(*SALES))
        self.note(f"{chat_id} passes a message on")
        await self.shop.say(chat_id, some(rnd, list(WORDS)), forward_origin=SENDER)
        message = await self.newest(chat_id)
        chosen = some(rnd, message.buttons) if message else None
        if message is not None and chosen is not None:
            await self.shop.press(chat_id, message, chosen[1])
            await self.see_through(rnd, chat_id)

    async def corrects(self, rnd: random.Random) -> None:
        """A message that was sent before has other words now."""
        chat_id = some(rnd, await self.of_roles())
        said = some(rnd, self.shop.said.get(chat_id, [])[-6:])
        if said is not None:
            self.note(f"{chat_id} corrects message {said}")
            await self.shop.edit(chat_id, said, some(rnd, list(WORDS)))
            await self._gives_up(rnd, chat_id)

    async def leaves_a_question(self, rnd: random.Random) -> None:
        """A field is asked; he goes to the menu and types something: the field has not taken it."""
        deal, chat_id, message = await self._at_a_card(rnd)
        if message is None:
            return
        process = self.shop.app.company.processes[deal.process]
        texts = [name for name, one in process.fields.items() if one.type == "text" and not one.filled_by]
        name = some(rnd, texts)
        if name is None:
            return
        self.note(f"{chat_id} is asked «{name}» of № {deal.number}, and goes to the menu")
        await self.shop.press(chat_id, message, FillField(DealId(deal.id), name).pack())
        asked = await self.shop.draft(chat_id)
        if asked is None:
            return
        before = await self._value(deal.id, name)
        await self.shop.say(chat_id, "/menu")
        await self.shop.say(chat_id, some(rnd, list(WORDS)))
        after = await self._value(deal.id, name)
        assert after == before, f"№ {deal.number}: {name} took what was typed elsewhere: {before!r} → {after!r}"
        await self.see_through(rnd, chat_id)

    async def _value(self, deal_id: int, name: str) -> Any:
        rows = [one for one in await self.deals(closed=True) if one.id == deal_id]
        return (rows[0].fields or {}).get(name) if rows else None

    async def _at_a_card(self, rnd: random.Random) -> tuple[Any, int, Any]:
        deal = some(rnd, await self.deals())
        chat_id = await self.leader(rnd, deal) if deal else None
        return deal, chat_id or 0, await self.newest(chat_id) if chat_id else None

    async def _gives_up(self, rnd: random.Random, chat_id: int) -> None:
        """What is asked now is answered, or left."""
        if rnd.randrange(2):
            await self.see_through(rnd, chat_id)
