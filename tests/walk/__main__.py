"""The long walk: `python -m tests.walk --minutes 30 --process kitchens --seed 1`; the seed of each part is printed."""

from __future__ import annotations

import argparse
import logging
import sys
import time

from tests.walk.machine import TOTALS
from tests.walk.walking import walk

EVERY = ("furniture", "kitchens", "measurement")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.walk")
    parser.add_argument("--minutes", type=float, default=30, help="for each process")
    parser.add_argument("--process", action="append", choices=EVERY, help="by itself; may be repeated")
    parser.add_argument("--together", action="store_true", help="all processes in one shop")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--shrink", action="store_true", help="look for the shortest way to what was found")
    parser.add_argument("--keep-on", action="store_true", help="go on after something untrue was found")
    return parser.parse_args()


def main() -> int:
    """Walk, and print how often each thing was done; the exit status is 1 if anything untrue was found."""
    given, untruths = _options(), 0
    logging.disable(logging.ERROR)  # what fails is judged by the walk itself
    chosen = tuple(given.process or EVERY)
    for processes in [chosen] if given.together else [(one,) for one in chosen]:
        ends, number = time.monotonic() + 60 * given.minutes, given.seed
        while time.monotonic() < ends:
            print(f"seed {number}: {', '.join(processes)}", flush=True)
            try:
                walk(processes, number, 5, given.steps, shrink=given.shrink)
            except AssertionError as untrue:
                print(untrue, flush=True)
                untruths += 1
                if not given.keep_on:
                    break
            number += 1
    for what, n in sorted(TOTALS.items(), key=lambda one: (-one[1], one[0])):
        print(f"{n:6} {what}")
    return 1 if untruths else 0


sys.exit(main())
