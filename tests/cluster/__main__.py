"""`python -m tests.cluster`: three bots on one PostgreSQL, by polling and by webhook, struck for minutes."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.cluster import storm

MODES = ("polling", "webhook")


def main() -> int:
    """Run, print the figures, and end with 1 if a bar was missed."""
    asked = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    asked.add_argument("--minutes", type=float, default=4.0, help="of strikes, shared by the modes (default 4)")
    asked.add_argument("--mode", choices=MODES, action="append", help="one of them only")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--keep", action="store_true", help="keep the bots' logs, and say where they are")
    given = asked.parse_args()
    modes = given.mode or list(MODES)
    folder, missed = Path(tempfile.mkdtemp(prefix="verstak-cluster-")), 0
    for mode in modes:
        (folder / mode).mkdir()
        found = asyncio.run(
            storm.run(
                folder / mode, webhook=mode == "webhook", seconds=given.minutes * 60 / len(modes), seed=given.seed
            )
        )
        missed += len(storm.missed(found))
        print(
            json.dumps({"mode": mode, "seed": given.seed, **found}) if given.json else _table(mode, given.seed, found)
        )
    if given.keep:
        print(folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if missed else 0


def _table(mode: str, seed: int, found: dict[str, float]) -> str:
    width = max(map(len, found))
    lines = [f"{mode}, seed {seed}"]
    for name, value in found.items():
        bar = f"  (bar {storm.BARS[name]:g})" if name in storm.BARS else ""
        over = "  MISSED" if name in storm.missed(found) else ""
        lines.append(f"  {name:{width}}  {value:10.6g}{bar}{over}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
