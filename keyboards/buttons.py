"""Buttons that press something (`keyboards.callbacks` has every press), and those that stand on most screens."""

from __future__ import annotations

from keyboards.callback_data import CallbackData
from keyboards.callbacks.list_callbacks import OpenHome
from keyboards.screen import Button, Colour
from keyboards.translator import Translator

BESIDE = 14  # characters of a label that a phone of 360 px shows beside another one


def button(text: str, press: CallbackData, *, colour: Colour | None = None) -> Button:
    """A button with a press; ValueError if it does not fit into 64 bytes."""
    return Button(text, press.pack(), colour)


def home(t: Translator) -> Button:
    """The way out of everywhere."""
    return button(t("🏠 Меню"), OpenHome())


def back(t: Translator, press: CallbackData) -> Button:
    return button(t("‹ Назад"), press)
