"""Whom a deal is for, and where to call: one rule for cards, lists, papers, messages and calendars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from models.entities import Deal
from models.process.process import ClientFields


class Card(Protocol):
    """A client's card as far as this rule reads it."""

    @property
    def name(self) -> str: ...
    @property
    def phones(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class ClientContact:
    """The client's name, perhaps empty, and his phones (E.164), the one to be called first."""

    name: str = ""
    phones: tuple[str, ...] = ()

    @property
    def phone(self) -> str | None:
        """The one to be called; None if no phone is known."""
        return self.phones[0] if self.phones else None


def contact(mapping: ClientFields, deal: Deal, card: Card | None) -> ClientContact:
    """What the client's card says; where it says nothing, or there is none yet, the deal's own fields."""
    phone = deal.fields.get(mapping.phone)
    own = ClientContact(str(deal.fields.get(mapping.name) or ""), (str(phone),) if phone else ())
    return ClientContact(card.name or own.name, card.phones or own.phones) if card is not None else own
