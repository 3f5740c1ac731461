"""Presses about personal data: consent, what is known of a person, erasing him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyboards.callback_data import CallbackData, callback

PersonOf = Literal["client", "lead"]  # whose: of a client's card, or of a lead that has none


@callback("consent")
@dataclass(frozen=True, slots=True)
class NoteConsent(CallbackData):
    """He has consented, or takes it back."""

    of: PersonOf
    key: int
    given: bool


@callback("person")
@dataclass(frozen=True, slots=True)
class OpenPerson(CallbackData):
    """All that is known of him: how much, and what can be done with it."""

    of: PersonOf
    key: int


@callback("person_give")
@dataclass(frozen=True, slots=True)
class GivePerson(CallbackData):
    """The same as a file."""

    of: PersonOf
    key: int


@callback("person_erase")
@dataclass(frozen=True, slots=True)
class ErasePerson(CallbackData):
    """Erase him, after a second press; `open_too`: his open deals are taken away with him."""

    of: PersonOf
    key: int
    sure: bool
    open_too: bool


@callback("data_rules")
@dataclass(frozen=True, slots=True)
class OpenDataRules(CallbackData):
    """What is kept how long, and who was erased."""


@callback("erased_act")
@dataclass(frozen=True, slots=True)
class TakeCertificate(CallbackData):
    """The certificate of an erasure once more."""

    erasure: int
