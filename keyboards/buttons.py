"""Buttons that press something (`keyboards.callbacks` has every press), and those that stand on most screens."""

from __future__ import annotations

from keyboards import base36, callback_data
from keyboards.callback_data import CallbackData
from keyboards.callbacks.list_callbacks import OpenHome
from keyboards.screen import Button, Colour
from keyboards.translator import Translator


def button(text: str, press: CallbackData | str, *args: int | str, colour: Colour | None = None) -> Button:
    """A button with a press; ValueError if it does not fit into 64 bytes. (A word with arguments: forms.)"""
    return Button(text, data(press, *args) if isinstance(press, str) else press.pack(), colour)


def data(action: str, *args: int | str) -> str:
    """What the buttons of forms carry, until they are typed as well."""
    made = ":".join(("v1", action, *(base36.to36(arg) if isinstance(arg, int) else arg for arg in args)))
    if len(made.encode()) > callback_data.MOST_BYTES:
        raise ValueError(f"callback data of {len(made.encode())} bytes: {made}")
    return made


def home(t: Translator) -> Button:
    """The way out of everywhere."""
    return button(t("🏠 Меню"), OpenHome())


def back(t: Translator, press: CallbackData) -> Button:
    return button(t("‹ Назад"), press)
