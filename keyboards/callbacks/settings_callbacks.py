"""Presses of one's own «Настройки»."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback


@callback("settings")
@dataclass(frozen=True, slots=True)
class OpenSettings(CallbackData):
    """The page."""


@callback("lang")
@dataclass(frozen=True, slots=True)
class SetLanguage(CallbackData):
    """Another language."""

    locale: str


@callback("quiet")
@dataclass(frozen=True, slots=True)
class SetQuietHours(CallbackData):
    """A preset by its place; without one, the presets."""

    choice: int | None = None


@callback("quiet_own")
@dataclass(frozen=True, slots=True)
class AskQuietHours(CallbackData):
    """Any other quiet hours, typed."""


@callback("myphone")
@dataclass(frozen=True, slots=True)
class AskOwnPhone(CallbackData):
    """One's own phone for work."""


@callback("why_about")
@dataclass(frozen=True, slots=True)
class ExplainMessages(CallbackData):
    """Why messages come at all."""


@callback("rights")
@dataclass(frozen=True, slots=True)
class OpenRights(CallbackData):
    """Who may do what: with one kind of thing, or the list of them."""

    thing: str | None = None
