"""The buttons of questions, by their verbs."""

from __future__ import annotations

from collections.abc import Callable

from handlers.forms.form_state import Form
from handlers.request import Request
from keyboards.screen import Reply
from models.errors import NotFound

Verb = Callable[[Request, Form, tuple[str, ...]], Reply]
VERBS: dict[str, Verb] = {}


def on_verb(name: str) -> Callable[[Verb], Verb]:
    """Register what a button of a question does; it gets what else the button says."""

    def register(verb: Verb) -> Verb:
        if name in VERBS:
            raise ValueError(f"the button {name} of a question is registered twice")
        VERBS[name] = verb
        return verb

    return register


def first(args: tuple[str, ...]) -> str:
    """What the button says; NotFound for a cut one."""
    if not args:
        raise NotFound("button")
    return args[0]
