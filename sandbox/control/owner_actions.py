"""Buttons of the page that the owner of the sandbox supplies."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ActionField:
    """One input of an action's little form."""

    name: str
    title: str
    placeholder: str = ""
    value: str = ""


@dataclass(frozen=True)
class OwnerAction:
    """A button of the page; the sandbox does not know what it does.

    `run` gets the fields' values and returns a sentence to show; the text of a ValueError is shown as an error.
    """

    name: str
    title: str
    run: Callable[[dict[str, str]], Awaitable[str]]
    fields: tuple[ActionField, ...] = ()
