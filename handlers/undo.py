"""«Вернуть как было»: one press for everything that can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from handlers.request import Request, on_callback
from keyboards.callbacks.undo_callbacks import TakeBack
from keyboards.screen import Reply
from models import access
from models.undo import STATES, StateBefore, Undo
from services import undo

Shown = Callable[[Request, Undo], Reply]
PAGES: dict[type[StateBefore], Shown] = {}


def shows_undone(kind: type[StateBefore]) -> Callable[[Shown], Shown]:
    """Register what is shown after something of that kind was taken back."""

    def register(page: Shown) -> Shown:
        PAGES[kind] = page
        return page

    return register


@on_callback(TakeBack, access.EVERYONE)
def take_back(request: Request, press: TakeBack) -> Reply:
    """Whoever did it, or those above; others are refused by the verb."""
    done = undo.take_back(request.work, press.undo)
    return PAGES[type(done.before)](request, done)


def missing() -> list[str]:
    """What can be taken back and shows nothing then."""
    return [f"undo {kind.kind}: nothing is shown after it" for kind in STATES if kind not in PAGES]
