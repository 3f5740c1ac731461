"""`python -m tests.bench`: E, then Verstak's stage move on SQLite and PostgreSQL with few and with many deals."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from tests.bench import cells, fill, postgres, report, searching
from tests.bench.cells import Cell, Pace


class Options(argparse.ArgumentParser):
    """Options whose mistakes are told in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"bench: {message} (--help lists what can be said)\n")


def whole(said: str) -> int:
    """A whole number from 1."""
    if not said.isdecimal() or int(said) < 1:
        raise argparse.ArgumentTypeError(f"{said!r} is no whole number from 1")
    return int(said)


def positive(said: str) -> float:
    """A number above 0."""
    try:
        found = float(said)
    except ValueError:
        found = 0.0
    if not 0 < found < math.inf:
        raise argparse.ArgumentTypeError(f"{said!r} is no number above 0")
    return found


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = Options(prog="python -m tests.bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--deals", type=whole, action="append", help="sizes of the shop (default: 1000 and 1000000)")
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql"], help="default: both")
    parser.add_argument("--rounds", type=whole, help="default: 5")
    parser.add_argument("--rate", type=positive, default=Pace.rate, help="presses a second")
    parser.add_argument("--seconds", type=positive, default=Pace.seconds, help="length of a window")
    parser.add_argument("--quick", action="store_true", help="1000 deals, two short rounds: a look, not a measurement")
    parser.add_argument("--bell", action="store_true", help="also with the messages sent that a move brings about")
    parser.add_argument("--json", type=Path, help="write what was measured to this file")
    given = parser.parse_args(argv)
    if given.quick:
        given.deals, given.rounds, given.seconds = given.deals or [1000], given.rounds or 2, 6.0
    given.rounds = given.rounds or 5
    given.deals, given.engine = given.deals or [1000, 1_000_000], given.engine or ["sqlite", "postgresql"]
    return given


def short(deals: int) -> str:
    """«1k», «1M»."""
    return f"{deals // 1_000_000}M" if deals >= 1_000_000 else f"{deals // 1000}k" if deals >= 1000 else str(deals)


async def shops(given: argparse.Namespace, folder: Path) -> list[Cell]:
    """Fill a database for every cell."""
    found = [Cell(report.ECHO)]
    server = postgres.Server(folder) if "postgresql" in given.engine else None
    for engine in given.engine:
        for deals in given.deals:
            name = f"{engine} {short(deals)}"
            url = (
                server.create(f"shop{deals}") if server and engine == "postgresql" else f"sqlite:///{folder}/{deals}.db"
            )
            print(f"{name}: filled in {await fill.fill(url, deals):.0f} s", flush=True)
            pid = server.pid if server and engine == "postgresql" else None
            found.append(Cell(name, url, deals, pid))
            if given.bell:
                found.append(Cell(f"{name} + bell", url, deals, pid, bell=True))
    return found


async def main() -> None:
    """Fill, measure in shuffled rounds, print."""
    given = arguments()
    pace = Pace(rate=given.rate, seconds=given.seconds)
    folder = Path(tempfile.mkdtemp(prefix="verstak-bench-"))
    began = time.monotonic()
    try:
        todo = await shops(given, folder)
        rounds: list[dict[str, dict[str, Any]]] = []
        for number in range(given.rounds):
            measured = {}
            for cell in random.sample(todo, len(todo)):
                measured[cell.name] = await cells.measure(cell, pace, folder)
            rounds.append(measured)
            print(f"round {number + 1} of {given.rounds}, {time.monotonic() - began:.0f} s", flush=True)
        print(report.table(rounds, [cell.name for cell in todo]))
        await searching.main(max(given.deals), given.engine, folder)
        if given.json:
            given.json.write_text(json.dumps(rounds, indent=1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
