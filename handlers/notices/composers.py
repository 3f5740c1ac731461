"""Who makes the screen of a notice, where it takes more than its words: the card of a task, a paper with its file."""

from __future__ import annotations

from collections.abc import Callable

from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Screen
from keyboards.translator import Translator
from models.notices.notice import Notice
from services.unit_of_work import UnitOfWork

Composer = Callable[[UnitOfWork, Translator, NoticeView], Screen | None]
COMPOSERS: dict[type[Notice], Composer] = {}


def composes(*kinds: type[Notice]) -> Callable[[Composer], Composer]:
    """Register who makes the screen; None from it means that there is nothing to say any more.

    The unit of work is the reader's own: what he may not see is not in it.
    """

    def register(composer: Composer) -> Composer:
        for kind in kinds:
            if kind in COMPOSERS:
                raise ValueError(f"the notice {kind.kind} is composed twice")
            COMPOSERS[kind] = composer
        return composer

    return register
