"""Sums that a person should confirm, because they are so far from the usual ones that thousands were meant, or a nought
slipped in: «150» for a kitchen (truth 38)."""

from __future__ import annotations

import re
from decimal import Decimal

from models.values.clean_text import squeeze
from models.values.money import KOPECK, THOUSAND

FAR = 50  # times smaller or larger than usual
BARE = re.compile(r"[0-9][0-9 '.,]*")
FRACTION = re.compile(r"[.,][0-9]{1,2}$")


def is_bare(raw: str) -> bool:
    """Whether only the number was typed: who writes «150 руб», «150т» or the kopecks has said what he means."""
    text = squeeze(raw).rstrip(" .!")
    return BARE.fullmatch(text) is not None and FRACTION.search(text) is None


def readings(amount: Decimal, usual: Decimal) -> tuple[Decimal, ...]:
    """What may be meant by an amount in roubles where `usual` is what one would expect: nothing to ask, (the amount) to
    be confirmed, or the amount and the same in thousands, or without three noughts."""
    if amount <= 0 or usual <= 0:
        return ()
    if amount * FAR < usual:
        other = amount * THOUSAND
    elif amount > usual * FAR:
        other = amount / THOUSAND
    else:
        return ()
    is_likely = usual <= other * FAR and other <= usual * FAR and other == other.quantize(KOPECK)
    return (amount, other.quantize(KOPECK)) if is_likely else (amount,)
