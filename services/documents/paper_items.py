"""The items of an order, as a person writes them one on each line: «Фасады МДФ, эмаль — 12 шт. — 84 000» (K-10)."""

from __future__ import annotations

import re
from decimal import Decimal

from models.values.invalid_value import InvalidValue
from models.values.money import parse_money
from services.documents.paper_data import PrintedItem

DASH = re.compile(r"(?<!\s)\s+[—–-]\s+")
QTY = re.compile(r"([0-9]{1,5}(?:[.,][0-9]{1,3})?)\s*([^\W\d].{0,14})?")
ABBREVIATED = ("шт", "компл", "уп")


def read(text: str, total: Decimal | None) -> list[PrintedItem]:
    """Name, quantity and sum of each line.

    Nothing, if a line has no sum or their sum is not the order's: a table that does not add up is no table for a paper.
    """
    written = [line for line in text.splitlines() if line.strip()]
    known = [line for line in map(_line, written) if line is not None]
    whole = sum((line.total for line in known), Decimal(0))
    return known if written and len(known) == len(written) and total == whole else []


def listed(text: str, *, prices: bool) -> str:
    """The lines as they were written; their names alone where prices are hidden."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines if prices else [DASH.split(line)[0] for line in lines])


def _line(line: str) -> PrintedItem | None:
    name, *rest = (part.strip(" .;") for part in DASH.split(line.strip()))
    counted = QTY.fullmatch(rest[0]) if len(rest) == 2 else None
    if len(rest) not in (1, 2) or (len(rest) == 2 and counted is None):
        return None
    try:
        whole = parse_money(rest[-1])
    except InvalidValue:
        return None
    if counted is None:
        return PrintedItem(name, whole, unit="компл.")
    qty, unit = Decimal(counted[1].replace(",", ".")), counted[2] or "шт"
    price = (whole / qty).quantize(Decimal("0.01")) if qty else whole
    if not qty or price * qty != whole:  # 1 000 for three cannot be told by the piece
        return PrintedItem(f"{name}, {rest[0]}", whole, unit="компл.")
    return PrintedItem(name, price, qty, f"{unit}." if unit in ABBREVIATED else unit)
