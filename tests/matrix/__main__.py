"""`make matrix`: the long form; ends with 1 if a cell is wrong. MATRIX="--seed 7 --presses 60000"."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Sequence

import structlog

from tests.matrix.running import MatrixRun


def main(given: Sequence[str] | None = None) -> int:
    """Press everything about everything, then by chance up to so many presses; print what is wrong."""
    asked = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--presses", type=int, default=30_000, help="how many in all, at least")
    options = asked.parse_args(given)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    begun = time.monotonic()
    run = MatrixRun(options.seed)
    for part in (run.open_links, lambda: run.answer_everything(20), lambda: run.press_everything(14)):
        part()
        _say(run, begun)
    run.press_by_chance(max(0, options.presses - run.result.presses))
    _say(run, begun)
    for line in run.result.wrong:
        print(line)
    for line in run.never_asked():
        print(f"a row of the table that nobody asked: {line}")
    return 1 if run.result.wrong else 0


def _say(run: MatrixRun, begun: float) -> None:
    found = run.result
    counts = f"{found.presses} presses, {found.answered} answered, {found.refused} refused"
    print(f"{time.monotonic() - begun:.0f} s: {counts}, {len(found.wrong)} wrong cells", flush=True)


if __name__ == "__main__":
    sys.exit(main())
