"""What somebody at a phone presses: the echo's one button, or the move of one of his deals, by its fresh card."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any, Self

from keyboards import callback_data
from keyboards.callbacks.deal_callbacks import MoveDeal
from models.ids import DealId, Revision
from sandbox.world.world import Chat, Json


@dataclass
class Card:
    """A deal as its card was last seen."""

    id: int
    version: int
    stage: str


@dataclass
class Order:
    """How to load a bot: seconds of warming up, of the window, of saturation; presses a second; whose cards."""

    warm: float
    seconds: float
    saturate: float
    rate: float
    cards: dict[int, list[Card]]

    def to_data(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """From another process."""
        cards = {int(key): [Card(**one) for one in found] for key, found in data.pop("cards").items()}
        return cls(cards=cards, **data)


class Presser:
    """One person: with cards he moves them to and fro, without he counts."""

    def __init__(self, chat: Chat, cards: list[Card]) -> None:
        self.chat, self.cards = chat, cards
        self.message = 0
        self._pressed = 0
        self._chosen: Card | None = None

    def find_message(self) -> bool:
        """Whether the bot has sent something with buttons."""
        known = [number for number, one in self.chat.messages.items() if one.body.get("reply_markup")]
        self.message = known[-1] if known else 0
        return bool(known)

    def choose(self) -> str:
        """The data of the next press."""
        if not self.cards:
            self._pressed += 1
            return str(self._pressed)
        card = self._chosen = random.choice(self.cards)
        to = "making" if card.stage == "prepayment" else "prepayment"
        # the way back is a button of the stage menu, with the very same data
        return MoveDeal(DealId(card.id), Revision(card.version), to).pack()

    def check(self, answer: Json) -> None:
        """Read the card that came back. AssertionError if the deal was not moved."""
        assert answer["answered"], "a press was not answered"
        card = self._chosen
        if card is None:
            return
        body = self.chat.messages[self.message].body
        rows = body["reply_markup"]["inline_keyboard"]
        onward = [one.get("callback_data", "") for row in rows for one in row]
        moves = [press for data in onward if isinstance(press := callback_data.unpack(data), MoveDeal)]
        assert moves, f"no way on from here: {body['text']}"
        to = moves[0].to
        assert (moves[0].deal, moves[0].seen) == (card.id, card.version + 1), body["text"]
        card.version += 1
        card.stage = {"making": "prepayment", "delivery": "making"}[to]
