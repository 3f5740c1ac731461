"""The claims of a message as typed values, kept with it when it is sent: which function gives those of which kind.

A kind that declares none is refused at start: what the bot says by itself can be asked afterwards whether it was true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from keyboards.notices.notice_view import NoticeView
from models.notices.notice import NOTICES, Notice
from models.statements import Statement

N = TypeVar("N", bound=Notice)
Claims = Callable[[NoticeView, N], Iterable[Statement]]
CLAIMS: dict[type[Notice], Claims[Any]] = {}


def states(*kinds: type[N]) -> Callable[[Claims[N]], Claims[N]]:
    """Register what a notice of these kinds claims. ValueError for a kind that has declared it already."""

    def register(claims: Claims[N]) -> Claims[N]:
        for kind in kinds:
            if kind in CLAIMS:
                raise ValueError(f"the notice {kind.kind} declares its claims twice")
            CLAIMS[kind] = claims
        return claims

    return register


def of(view: NoticeView) -> tuple[Statement, ...]:
    """What the message claims, as it is sent now."""
    claims = CLAIMS.get(type(view.notice))
    return tuple(claims(view, view.notice)) if claims is not None else ()


def missing() -> list[str]:
    """Kinds of notices that do not say what they claim."""
    return [f"notice {kind.kind}: nothing says what it claims (@states)" for kind in NOTICES if kind not in CLAIMS]
