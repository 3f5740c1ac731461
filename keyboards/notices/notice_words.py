"""How each kind of notice reads and which buttons it has: registered by the feature that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.notice_callbacks import ExplainNotice, OpenNotice
from keyboards.callbacks.task_callbacks import AskStep, OpenTask
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Button, Line, Rows, Screen
from keyboards.translator import Translator
from models.notices.notice import NOTICES, Notice

N = TypeVar("N", bound=Notice)
W = TypeVar("W", bound="type[NoticeWords[Any]]")


class NoticeWords(Generic[N]):
    """The words of a kind of notice: an icon, a sentence, further lines, buttons; what a line of a digest opens.

    `names_deal`: the sentence may name the deal already, and then its title is not said twice. `about_deal`: without
    a deal there is nothing to press.
    """

    icon: ClassVar[str] = "🔔 "
    names_deal: ClassVar[bool] = False
    about_deal: ClassVar[bool] = True

    def said(self, view: NoticeView, notice: N, t: Translator) -> str:
        """The sentence."""
        raise NotImplementedError

    def below(self, view: NoticeView, notice: N, t: Translator) -> list[Line]:
        """What stands below the deal."""
        return []

    def rows(self, view: NoticeView, notice: N, t: Translator) -> Rows:
        """The buttons; only of a notice about a deal."""
        return ((open_button(view, t),),)

    def dressed(self, view: NoticeView, notice: N, screen: Screen) -> Screen:
        """The screen with what else belongs to it, a photo for example."""
        return screen

    def digest_icon(self, notice: N) -> str:
        """The icon of its line in a digest."""
        return self.icon

    def digest_press(self, view: NoticeView, notice: N) -> CallbackData:
        """What its button in a digest does."""
        return OpenNotice(view.id)


WORDS: dict[type[Notice], NoticeWords[Any]] = {}


def presents(*kinds: type[Notice]) -> Callable[[W], W]:
    """Register the words of kinds of notices."""

    def register(words: W) -> W:
        made = words()
        for kind in kinds:
            if kind in WORDS:
                raise ValueError(f"the notice {kind.kind} has words already")
            WORDS[kind] = made
        return words

    return register


def missing() -> list[str]:
    """Kinds of notices without words, or without a word that they are kept under."""
    return [f"notice {kind.kind}: no words" for kind in NOTICES if kind not in WORDS] + NOTICES.undeclared(Notice)


def words_of(view: NoticeView) -> NoticeWords[Any]:
    """The words of a notice."""
    return WORDS[type(view.notice)]


def open_button(view: NoticeView, t: Translator) -> Button:
    """To the reader's own task on the deal, else to its card."""
    assert view.deal is not None
    if view.job is not None:
        return buttons.button(t("Открыть"), OpenTask(view.job), colour="primary")
    return buttons.button(t("Открыть"), OpenDeal(view.deal.id), colour="primary")


def step_button(view: NoticeView, t: Translator) -> tuple[Button, ...]:
    """The reader's answer to what reminds him: what he will do next, and when; none where that is not his to say."""
    if view.deal is None or not view.may_step:
        return ()
    return (buttons.button(t("⏭ Дальше"), AskStep(view.deal.id)),)


def why_button(view: NoticeView, t: Translator) -> Button:
    """By which rule it came."""
    return buttons.button(t("Почему мне это пришло?"), ExplainNotice(view.id))
