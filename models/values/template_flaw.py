"""What of a .docx of the owner's would run, or be fetched, when somebody opens it: told by code, part and detail."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TemplateFlaw:
    """One thing for which a template is not taken. `kind` is one of `FindingKind`, `part` a file inside the .docx,
    `detail` tells it from others: a field's name, an address; both are the file's own words, never ours."""

    kind: str
    part: str
    detail: str = ""


def to_text(flaws: Sequence[TemplateFlaw]) -> str:
    """As one text, to be kept where otherwise a sentence stands."""
    return json.dumps([[one.kind, one.part, one.detail] for one in flaws], ensure_ascii=False)


def from_text(text: str | None) -> tuple[TemplateFlaw, ...]:
    """Out of such a text; none if it is a sentence."""
    if not text or not text.startswith("[["):
        return ()
    try:
        return tuple(TemplateFlaw(*map(str, one)) for one in json.loads(text))
    except (ValueError, TypeError):
        return ()
