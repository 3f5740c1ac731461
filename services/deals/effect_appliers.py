"""Which feature carries out which effect of a plan. A feature registers its appliers beside its verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_args

from models.engine.effects import (
    ClaimOpened,
    ClaimSettled,
    ClientsCreated,
    Converted,
    Effect,
    PaymentEntered,
    PaymentReversed,
)
from services.deals.changes import DealChanges

E = TypeVar("E")
Applier = Callable[[DealChanges, E], None]
APPLIERS: dict[type[Any], Applier[Any]] = {}
# what is taken back by a verb of its own, or not at all: the undo of a press would leave half of it
LASTING = (ClaimOpened, ClaimSettled, ClientsCreated, Converted, PaymentEntered, PaymentReversed)


def applies(effect: type[E]) -> Callable[[Applier[E]], Applier[E]]:
    """Register who carries out an effect. ValueError if somebody does already."""

    def register(applier: Applier[E]) -> Applier[E]:
        if effect in APPLIERS:
            raise ValueError(f"the effect {effect.__name__} is carried out twice")
        APPLIERS[effect] = applier
        return applier

    return register


def apply(changes: DealChanges, effect: Effect) -> None:
    """Carry out one effect, within the transaction of its plan."""
    if changes.work.look is not None and isinstance(effect, LASTING):
        changes.work.look.lasting = True
    APPLIERS[type(effect)](changes, effect)


def missing() -> list[str]:
    """Effects that nobody carries out."""
    return [f"effect {kind.__name__}: nobody carries it out" for kind in get_args(Effect) if kind not in APPLIERS]
