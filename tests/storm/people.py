"""Who lives through the storm: movers press and do not wait, cashiers enter money by a conversation, one writes, and a
site sends leads until each has been taken."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import aiohttp

from keyboards.callbacks.deal_callbacks import MoveDeal
from keyboards.callbacks.payment_callbacks import EnterPayment
from models.ids import DealId, Revision
from sandbox.world import phone_acts
from sandbox.world.world import Chat, Person
from tests.bench.people import Card
from tests.storm.fixture_shop import Shop
from tests.storm.record import Record

PATIENCE = 90.0  # seconds for an answer, kills included
MOVES, PAYMENTS, WORDS, LEADS = 0.6, 0.25, 0.5, 0.4  # a second, of each person or site
TOKEN = "storm-intake-token"
SURE, STEPS = "Верно", ("Сегодня", "Перевод на счёт")  # buttons on the way of a payment; the first if the sum is odd
FIRST_SUM = 1_001  # roubles; every payment has a sum of its own


@dataclass
class Expected:
    """What has been asked of the bot: by this it is judged."""

    moves: int = 0
    sums: list[int] = field(default_factory=list)  # kopecks
    leads: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)  # who waited in vain, and for what
    pressed: dict[int, Card] = field(default_factory=dict)  # what each mover has pressed last


class OnPhone:
    """One person at the phone."""

    def __init__(self, record: Record, key: int) -> None:
        self.record, self.world = record, record.sandbox.world
        self.chat: Chat = self.world.chat(self.world.add_person(Person(key, "Анна", f"Соколова-{key}")))
        self.chat.started = True  # long ago
        self.menu = 0  # the message whose buttons are pressed

    async def arrive(self) -> None:
        """Start the bot. TimeoutError if it does not answer."""
        phone_acts.say(self.world, self.chat, "/start")
        if not await self.record.until(lambda: self._with_buttons(), PATIENCE):
            raise TimeoutError(f"{self.chat.person.id} was not answered")
        self.menu = self._with_buttons()[-1]

    def _with_buttons(self) -> list[int]:
        return [number for number, one in self.chat.messages.items() if one.body.get("reply_markup")]

    async def press(self, data: str, on: int | None = None) -> None:
        """Press and do not wait."""
        await phone_acts.tap(self.world, self.chat, on or self.menu, data, 0)

    def say(self, text: str) -> int:
        """Write and do not wait; the message."""
        return phone_acts.say(self.world, self.chat, text).id

    def button(self, label: str, after: int = 0) -> tuple[int, str] | None:
        """The newest message after that one with such a button, and what it presses (a repeat leaves older ones)."""
        for number in reversed([one for one in self.chat.messages if one > after]):
            if (data := self.has(number, label)) is not None:
                return number, data
        return None

    def has(self, number: int, label: str) -> str | None:
        """What such a button of a message presses; None if there is none."""
        rows = self.chat.messages[number].body.get("reply_markup", {}).get("inline_keyboard", [])
        found = (one["callback_data"] for row in rows for one in row if label in one["text"])
        return next(found, None)

    def shows(self, text: str) -> bool:
        """Whether a message of the bot stands in the chat that says so."""
        return any(not one.out and text in one.body.get("text", "") for one in self.chat.messages.values())


class Crowd:
    """Everybody. They go on until `leave`; then each ends what he has begun."""

    def __init__(self, record: Record, shop: Shop, intake: str, chance: random.Random) -> None:
        self.record, self.shop, self.intake, self.chance = record, shop, intake, chance
        self.asked = Expected()
        self.phones = {key: OnPhone(record, key) for key in shop.people}
        self._leaving = asyncio.Event()
        self._sums: Iterator[int] = iter(range(FIRST_SUM, 10**9))
        self._doing: list[asyncio.Task[None]] = []

    async def arrive(self) -> None:
        """Everybody starts the bot."""
        await asyncio.gather(*(one.arrive() for one in self.phones.values()))

    def begin(self) -> None:
        """Everybody does his work from now on."""
        acts: list[tuple[float, Callable[[], object]]] = [(LEADS, self._lead)]
        acts += [(MOVES, lambda key=key: self._move(key)) for key in self.shop.movers]  # type: ignore[misc]
        acts += [(PAYMENTS, lambda key=key: self._pay(key)) for key in self.shop.cashiers]  # type: ignore[misc]
        acts += [(WORDS, self._write)]
        self._doing = [asyncio.ensure_future(self._again(rate, act)) for rate, act in acts]

    async def once(self) -> None:
        """One arrives and moves a card, one enters money, one writes, the site sends a lead: each once, to its end."""
        key, cashier = self.shop.movers[0], self.shop.cashiers[0]

        async def move() -> None:
            await self.phones[key].arrive()
            await self._move(key)

        async def pay() -> None:
            await self.phones[cashier].arrive()
            await self._pay(cashier)

        await asyncio.gather(move(), pay(), self._write(), self._lead())

    async def leave(self) -> None:
        """Nobody begins anything more; what was begun is ended."""
        self._leaving.set()
        await asyncio.gather(*self._doing)

    async def _again(self, rate: float, act: Callable[[], object]) -> None:
        while not self._leaving.is_set():
            try:
                async with asyncio.timeout(self.chance.expovariate(rate)):
                    await self._leaving.wait()
            except TimeoutError:
                await act()  # type: ignore[misc]

    async def _move(self, key: int) -> None:
        """Press a stage, for the card as it will be when everything pressed before has taken effect."""
        card = self.chance.choice(self.shop.cards[key])
        to = "making" if card.stage == "prepayment" else "prepayment"
        await self.phones[key].press(MoveDeal(DealId(card.id), Revision(card.version), to).pack())
        card.version, card.stage = card.version + 1, to
        self.asked.moves += 1
        self.asked.pressed[key] = replace(card)

    async def _pay(self, key: int) -> None:
        """Enter money, step by step, as each question comes."""
        phone, deal, roubles = self.phones[key], self.shop.owing[key].pop(), next(self._sums)
        title = f"Кухня-{deal} "
        await phone.press(EnterPayment(DealId(deal)).pack())
        if not await self._sees(phone, title, f"the question for the sum of {deal}"):
            return
        said, number = phone.say(str(roubles)), 0
        if not await self._waits(
            lambda: phone.button(SURE, said) or phone.button(STEPS[0], said), f"what comes of {roubles}"
        ):
            return
        for label in (SURE, *STEPS) if phone.button(SURE, said) else STEPS:
            if not await self._waits(lambda: phone.button(label, said), f"the button «{label}» of {deal}"):  # noqa: B023
                return
            found = phone.button(label, said)
            assert found is not None
            number = found[0]
            if label == STEPS[-1]:
                self.asked.sums.append(roubles * 100)
            await phone.press(found[1], number)
        await self._waits(lambda: not phone.has(number, STEPS[-1]), f"the end of the payment of {deal}")

    async def _write(self) -> None:
        """Write something, and read the answer."""
        phone, word = self.phones[self.shop.writer], f"слово{len(self.asked.words) + 1}х"
        self.asked.words.append(word)
        phone.say(f"/find {word}")
        await self._sees(phone, word, f"what was found of {word}")

    async def _lead(self) -> None:
        """A site sends a lead until it has been taken."""
        name = f"Заявка-{len(self.asked.leads) + 1}-я"
        self.asked.leads.append(name)
        phone = f"+7 912 {self.chance.randrange(10**7):07}"
        given = {"name": name, "phone": phone, "comment": name, "idempotency_key": name}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            while not await _taken(http, self.intake, given):  # noqa: ASYNC110 — nothing tells when the bot lives again
                await asyncio.sleep(0.5)

    async def _sees(self, phone: OnPhone, text: str, what: str) -> bool:
        return await self._waits(lambda: phone.shows(text), what)

    async def _waits(self, holds: Callable[[], object], what: str) -> bool:
        came = await self.record.until(holds, PATIENCE)
        if not came:
            self.asked.unanswered.append(what)
        return came


async def _taken(http: aiohttp.ClientSession, where: str, given: dict[str, str]) -> bool:
    try:
        async with http.post(where, json=given, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            await answer.read()
            return answer.status < 300
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
