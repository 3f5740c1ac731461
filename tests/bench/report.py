"""The table: absolute numbers for this machine, ratios for everybody, and the bars beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

ECHO = "echo"
BARS = {"sqlite": 1.25, "postgresql": 1.5}
GROWTH_BAR = 1.1

Round = Mapping[str, Mapping[str, Any]]
Rounds = Sequence[Round]


def cost(found: Mapping[str, Any]) -> float:
    """CPU milliseconds of a press, database included."""
    return float(found["cpu"] + found["server_cpu"])


def table(rounds: Rounds, cells: Sequence[str]) -> str:
    """All of it as text."""
    head = (
        f"{'':18}{'CPU ms':>8}{'+ DB ms':>9}{'x E':>7}{'min..max':>13}{'bar':>7}{'p50 ms':>8}{'p99 ms':>8}"
        f"{'x E p99':>9}{'/s full':>9}{'RSS MB':>8}"
    )
    return "\n".join([head, *(_row(rounds, cell) for cell in cells), *_growth(rounds, cells)])


def _row(rounds: Rounds, cell: str) -> str:
    def mid(name: str) -> float:
        return float(median(one[cell][name] for one in rounds))

    every = sorted(cost(one[cell]) / cost(one[ECHO]) for one in rounds)
    bar = BARS.get(cell.partition(" ")[0]) if "+" not in cell else None
    slow = median(one[cell]["p99"] / one[ECHO]["p99"] for one in rounds)
    return (
        f"{cell:18}{mid('cpu'):8.2f}{mid('server_cpu'):9.2f}{median(every):7.2f}{every[0]:7.2f}..{every[-1]:4.2f}"
        f"{f'<={bar}' if bar else '':>7}{mid('p50'):8.1f}{mid('p99'):8.1f}{slow:9.2f}{mid('saturated'):9.0f}"
        f"{mid('rss'):8.0f}{_verdict(every, bar)}"
    )


def _growth(rounds: Rounds, cells: Sequence[str]) -> list[str]:
    out = []
    for engine in BARS:
        small, big = f"{engine} 1k", f"{engine} 1M"
        if small in cells and big in cells:
            every = sorted(cost(one[big]) / cost(one[small]) for one in rounds)
            out.append(
                f"{engine}: 1M / 1k deals {median(every):.2f} ({every[0]:.2f}..{every[-1]:.2f})  bar <={GROWTH_BAR}"
                f"{_verdict(every, GROWTH_BAR)}"
            )
    return out


def _verdict(every: Sequence[float], bar: float | None) -> str:
    """Of the median; rounds on both sides of the bar decide nothing, and that is said."""
    if bar is None:
        return ""
    found = median(every)
    said = "  ok" if found <= bar else f"  OVER by {100 * (found / bar - 1):.0f} %"
    return f"{said}, but the rounds disagree" if min(every) <= bar < max(every) else said
