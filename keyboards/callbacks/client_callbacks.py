"""Presses about clients: finding them, their cards, two cards of one person, and who may look at how many of them."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import ClientId, EmployeeId


@callback("find")
@dataclass(frozen=True, slots=True)
class AskSearch(CallbackData):
    """Whom or what to look for?"""


@callback("found")
@dataclass(frozen=True, slots=True)
class SearchPage(CallbackData):
    """A page of what is found by these words (`keyboards.clients.packed_words`), perhaps narrowed by a filter."""

    words: str
    page: int
    only: str | None = None


@callback("narrow")
@dataclass(frozen=True, slots=True)
class NarrowSearch(CallbackData):
    """By what to narrow what is found by these words."""

    words: str


@callback("range")
@dataclass(frozen=True, slots=True)
class AskRange(CallbackData):
    """Between which sums, or which days, of what is found by these words?"""

    words: str


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


@callback("cl_firm")
@dataclass(frozen=True, slots=True)
class WriteCompany(CallbackData):
    """The firm of a client who has none on his card."""

    client: ClientId
    company: ClientId


@callback("looks")
@dataclass(frozen=True, slots=True)
class OpenListRules(CallbackData):
    """Which clients managers see, and how many of others' in a day."""


@callback("looks_own")
@dataclass(frozen=True, slots=True)
class ShowOnlyOwn(CallbackData):
    """Managers see the clients of their own deals and free ones only, or all of them."""

    own_only: bool


@callback("looks_most")
@dataclass(frozen=True, slots=True)
class LimitLooks(CallbackData):
    """So many of others' clients a day; without a number, as many as they like."""

    most: int | None = None


@callback("looks_lift")
@dataclass(frozen=True, slots=True)
class LiftLimit(CallbackData):
    """No limit for that person: on that day (its number in the calendar), or from now on."""

    person: EmployeeId
    day: int | None = None


@callback("looks_back")
@dataclass(frozen=True, slots=True)
class PutLimitBack(CallbackData):
    """The limit holds for that person again."""

    person: EmployeeId


@callback("looks_log")
@dataclass(frozen=True, slots=True)
class ShowJournal(CallbackData):
    """«Кто что смотрел», perhaps of one person; the rows before that one."""

    person: EmployeeId | None
    before: int | None = None
