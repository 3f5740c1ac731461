"""The lines of a checklist as people edit them: what a line may say, how many there may be, how one changes places.

The same rules hold for the checklist of one deal and for the template that the owner edits (K-5).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from models.errors import ListChanged
from models.values.clean_text import is_meaningful_name, one_line, squeeze
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import StoredTitle

MOST = 30  # lines of one checklist: a card with its buttons must stay readable on a phone
LONGEST = 200  # characters of a line, as in a process file
EXAMPLE = N_("Проверить размеры проёма")
T = TypeVar("T")


def read(raw: str, others: Collection[str]) -> StoredTitle:
    """A line's text as it was typed; `others` are the lines that stand beside it.

    Raises Wrong: item.empty, item.long, item.same.
    """
    said = one_line(raw, limit=LONGEST * 10)
    if not is_meaningful_name(said):
        raise InvalidValue("item.empty", N_("В пункте должна быть хотя бы одна буква или цифра."), EXAMPLE)
    if len(said) > LONGEST:
        message = N_("Слишком длинно: в пункте помещается {most} знаков, а здесь {n}.")
        raise InvalidValue("item.long", message, EXAMPLE, most=LONGEST, n=len(said))
    if squeeze(said) in {squeeze(one) for one in others}:
        raise InvalidValue("item.same", N_("Такой пункт уже есть: «{title}»."), title=said)
    return StoredTitle(said)  # a line like those of the file from here on


def check_room(n: int) -> None:
    """Raise Wrong if a checklist with `n` lines is full."""
    if n >= MOST:
        message = N_("В чек-листе уже {most} пунктов, больше не помещается. Уберите лишние.")
        raise InvalidValue("item.many", message, most=MOST)


def moved(lines: Sequence[T], at: int, to: int) -> list[T]:
    """The lines after the one at `at` was taken to the place `to`, both from 0; ListChanged if none is there."""
    if not (0 <= at < len(lines) and 0 <= to < len(lines)):
        raise ListChanged
    out = list(lines)
    out.insert(to, out.pop(at))
    return out
