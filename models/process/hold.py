"""What must stay true on a stage and behind it: a guard that holds, not a door that one has passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from pydantic import Field as Setting
from pydantic import model_validator

from models.process.annotations import AmountFieldName, OneOrMany, ProcessModel, Sentence
from models.process.conditions import Condition


class Hold(ProcessModel):
    """What must stay true on this stage and on every stage behind it that no way leads to past this one, until the deal
    is lost or moved back before it. Nobody comes here either while it is not so.

    It says conditions (`if`), or a sum that is not lowered (`not_lowered`).
    """

    if_: OneOrMany[Condition] = Setting(default=(), alias="if")
    """The conditions that must stay true."""
    not_lowered: AmountFieldName | None = None
    """The amount that must not become less, nor be emptied; with `else: refuse` or `ask`."""
    once: OneOrMany[Condition] = ()
    """It binds only once this holds: a sum is not lowered `once: {filled: contract_copy}`."""
    why: Sentence
    """What people read when it is broken, or would be."""
    else_: Literal["refuse", "ask", "mark", "tell"] = Setting(default="mark", alias="else")
    """What becomes of a change that breaks it. `refuse`: it is not made. `ask`: whoever is neither owner nor supervisor
    asks them for it, and their «yes» makes it. `mark`: it is made, for it is a fact; the responsible and the supervisor
    hear, the card says that the deal does not add up, and no way leads on until it does again. `tell`: as `mark`, but
    the ways stay open."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Hold:
        if bool(self.if_) == bool(self.not_lowered):
            raise ValueError("a hold says `if` or `not_lowered`, one of them")
        if self.not_lowered and not self.guards_change:
            raise ValueError("`not_lowered` looks at a change: say `else: refuse` or `else: ask`")
        return self

    @property
    def guards_change(self) -> bool:
        """Whether it stands against the change; the others are true or not of the deal as it is."""
        return self.else_ in ("refuse", "ask")

    @property
    def shuts(self) -> bool:
        """Whether no way leads on while it is broken."""
        return self.else_ == "mark"


Ways = Mapping[str, Collection[str]]


def find_bound(order: Sequence[str], ways: Ways, begins: Iterable[str], holder: str) -> frozenset[str]:
    """The stages where what `holder` says must hold: itself, and those behind it that no way leads to past it.

    `begins` are the stages where deals come into the pipeline.
    """
    reached, queue = set[str](), [one for one in begins if one != holder]
    while queue:
        here = queue.pop()
        if here not in reached:
            reached.add(here)
            queue += [to for to in ways.get(here, ()) if to != holder]
    behind = order[order.index(holder) + 1 :]
    return frozenset([holder, *(one for one in behind if one not in reached)])
