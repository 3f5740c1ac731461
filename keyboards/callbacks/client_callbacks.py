"""Presses about clients: finding them, their cards, two cards of one person."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import ClientId


@callback("find")
@dataclass(frozen=True, slots=True)
class AskSearch(CallbackData):
    """Whom or what to look for?"""


@callback("new_with")
@dataclass(frozen=True, slots=True)
class BeginLead(CallbackData):
    """A new lead with the phone that was looked for: its digits as a number, the country's code first."""

    phone: int


@callback("client")
@dataclass(frozen=True, slots=True)
class OpenClient(CallbackData):
    """The card of a client."""

    client: ClientId


@callback("cl_phone")
@dataclass(frozen=True, slots=True)
class AddClientPhone(CallbackData):
    """One more phone of his."""

    client: ClientId


@callback("cl_name")
@dataclass(frozen=True, slots=True)
class RenameClient(CallbackData):
    """Another name."""

    client: ClientId


@callback("merge")
@dataclass(frozen=True, slots=True)
class CompareClients(CallbackData):
    """Both cards, before they become one."""

    one: ClientId
    other: ClientId


@callback("merge_ask")
@dataclass(frozen=True, slots=True)
class AskMerge(CallbackData):
    """Those above are to look whether they are one client."""

    one: ClientId
    other: ClientId


@callback("merge_do")
@dataclass(frozen=True, slots=True)
class MergeClients(CallbackData):
    """One card out of two."""

    keep: ClientId
    drop: ClientId
