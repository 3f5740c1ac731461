"""How each kind of line in a deal's history reads: registered by the feature that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from keyboards.deals.deal_view import DealView
from keyboards.translator import Translator
from models.history.deal_lines import RuleNoted
from models.history.line import LINES, HistoryEntry, HistoryLine, UnknownLine
from models.process.process import Process

L = TypeVar("L", bound=HistoryLine)
Words = Callable[[HistoryEntry, L, DealView, Translator], str]
Hides = Callable[[L, DealView], bool]
WORDS: dict[type[HistoryLine], Words[Any]] = {}
HIDDEN: dict[type[HistoryLine], Hides[Any]] = {}
TOLD_ELSEWHERE: dict[type[HistoryLine], Hides[Any]] = {}


def tells(
    *kinds: type[L], hidden: Hides[L] | None = None, told_elsewhere: Hides[L] | None = None
) -> Callable[[Words[L]], Words[L]]:
    """Register the words of kinds of lines.

    `hidden`: whether a line tells what is hidden from the reader's role; `told_elsewhere`: another line says the same.
    """

    def register(words: Words[L]) -> Words[L]:
        for kind in kinds:
            if kind in WORDS:
                raise ValueError(f"the line {kind.kind} has words already")
            WORDS[kind] = words
            if hidden is not None:
                HIDDEN[kind] = hidden
            if told_elsewhere is not None:
                TOLD_ELSEWHERE[kind] = told_elsewhere
        return words

    return register


def missing() -> list[str]:
    """Kinds of lines without words, or without a word that they are kept under."""
    silent = [f"line of the history {kind.kind}: no words" for kind in LINES if kind not in WORDS]
    return silent + LINES.undeclared(HistoryLine)


def happened(one: HistoryEntry, view: DealView, t: Translator) -> str:
    """One line of the history in words; of one that this version cannot read, what it says in itself."""
    if isinstance(one.line, UnknownLine):
        return one.line.text or one.line.word
    return WORDS[type(one.line)](one, one.line, view, t)


def told(one: HistoryEntry, view: DealView, t: Translator) -> str:
    """«пт, 27 ноября, 10:42 · Анна Соколова: «Замер» → «Договор»»: when, who, what."""
    return f"{t.moment(one.at, now=view.now)} · {who(one, t)}: {said(one, view, t)}"


def who(one: HistoryEntry, t: Translator) -> str:
    """Who has done it; of a robot's note not the one who set it going: he has not written it (K-6)."""
    by_robot = isinstance(one.line, RuleNoted) and one.rule
    return t("Система") if by_robot else one.actor or t("Система")


def said(one: HistoryEntry, view: DealView, t: Translator) -> str:
    """The line in words; what was undone is seen as undone."""
    words = happened(one, view, t)
    return t("{line} — отменено", line=words) if one.undone else words


def is_seen(one: HistoryEntry, view: DealView) -> bool:
    """Whether the reader sees the line: not what tells of what is hidden from him, nor what another line tells."""
    elsewhere = TOLD_ELSEWHERE.get(type(one.line))
    return not is_hidden(one, view) and not (elsewhere is not None and elsewhere(one.line, view))


def is_hidden(one: HistoryEntry, view: DealView) -> bool:
    """Whether the line tells of what is hidden from the reader's role."""
    hides = HIDDEN.get(type(one.line))
    return hides is not None and hides(one.line, view)


def of_account(line: HistoryLine, view: DealView) -> bool:
    """It tells of the deal's money."""
    return not view.sees_money


def stage_title(process: Process, place: str | None, t: Translator) -> str:
    """The title of `pipeline.stage`, with the direction where it is not told by the stage alone."""
    pipeline, _, name = (place or "").partition(".")
    found = process.find_stage(pipeline, name)
    return t(found.title) if found else name
