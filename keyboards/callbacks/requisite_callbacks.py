"""Presses of «Реквизиты компании»."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback


@callback("requisites")
@dataclass(frozen=True, slots=True)
class OpenRequisites(CallbackData):
    """All of them."""


@callback("reqgroup")
@dataclass(frozen=True, slots=True)
class OpenRequisiteGroup(CallbackData):
    """Some of them, each a button."""

    name: str


@callback("reqset")
@dataclass(frozen=True, slots=True)
class ChangeRequisite(CallbackData):
    """Ask for one."""

    name: str


@callback("reqfill")
@dataclass(frozen=True, slots=True)
class FillRequisites(CallbackData):
    """Ask for all that are missing."""


@callback("reqvat")
@dataclass(frozen=True, slots=True)
class ChooseVat(CallbackData):
    """The rate of VAT; `in_turn`: the next missing requisite is asked after it."""

    rate: str
    in_turn: bool | None = None


@callback("reqsample")
@dataclass(frozen=True, slots=True)
class SendSampleInvoice(CallbackData):
    """An invoice on made-up data."""


@callback("reqcard")
@dataclass(frozen=True, slots=True)
class ConfirmRequisiteCard(CallbackData):
    """Keep what was read of a pasted card. `step` is the question's number."""

    step: int
