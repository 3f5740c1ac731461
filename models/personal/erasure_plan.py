"""What erasing a person would take, before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from models.entities import Deal


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """`names` of his cards; how many leads and deals, files, papers, payments. `open` deals would be taken away with
    him; `owing` are those of them that cannot be, because money of his is in them. `colleague`: who works here and has
    his phone."""

    names: tuple[str, ...]
    deals: int
    open: tuple[Deal, ...]
    owing: tuple[Deal, ...]
    files: int
    papers: int
    payments: int
    colleague: str | None = None
