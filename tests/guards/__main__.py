"""`make guards`: take each guard out of a copy of the product and see its tests fail; ends with 1 if any does not.

First all named tests must pass with every guard in. Then, guard by guard: `died` if every named test failed, `survived`
if one passed all the same, `broken` if they did not run (the change cannot even be imported, or they hang).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.guards import trial
from tests.guards.catalogue import CHAPTERS
from tests.guards.guard import Guard
from tests.guards.scratch import Scratch
from tests.guards.trial import Outcome

AT_ONCE = 2
WITH_ALL = 900.0  # seconds for all named tests, every guard in
SHORT = 150  # characters of a reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a guard's tests without it."""

    guard: Guard
    word: str
    outcome: Outcome

    @property
    def is_good(self) -> bool:
        return self.word == "died"


def judge(guard: Guard, outcome: Outcome) -> Verdict:
    """Every named test has to fail; one with parameters, in each of those that are run."""
    if outcome.trouble is not None:
        return Verdict(guard, "broken", outcome)
    missed = [test for test in guard.tests if not any(_is_of(test, one) for one in outcome.failed)]
    return Verdict(guard, "survived" if missed or outcome.passed else "died", outcome)


def _is_of(test: str, ran: str) -> bool:
    return ran == test or ran.startswith(f"{test}[")


class Copies:
    """Copies of the product, one for each trial that runs at the same time."""

    def __init__(self, folder: Path, number: int) -> None:
        self._free: SimpleQueue[Scratch] = SimpleQueue()
        for place in range(number):
            self._free.put(Scratch(folder / str(place)))

    @contextmanager
    def one(self) -> Iterator[Scratch]:
        """A copy for oneself."""
        copy = self._free.get()
        try:
            yield copy
        finally:
            self._free.put(copy)


def main(arguments: Sequence[str]) -> int:
    """Try the guards of a chapter, or those whose name or file contains one of the words; all of them without any."""
    parser = argparse.ArgumentParser(prog="make guards", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("words", nargs="*", help="only guards of these chapters, or with such a word in name or file")
    parser.add_argument("--jobs", type=int, default=AT_ONCE, help="trials at the same time")
    parser.add_argument("--why", action="store_true", help="say how each test failed")
    given = parser.parse_args(arguments)
    chosen = [guard for name, chapter in CHAPTERS.items() for guard in chapter if _is_chosen(name, guard, given.words)]
    trial.warm_up()
    with tempfile.TemporaryDirectory(prefix="verstak-guards-") as folder, ThreadPoolExecutor(given.jobs) as pool:
        copies = Copies(Path(folder), given.jobs)
        faults = _with_all(copies, pool, chosen, given.jobs)
        verdicts = []
        for verdict in pool.map(lambda guard: _without(copies, guard), chosen):
            verdicts.append(verdict)
            _show(verdict, given.why)
    died = sum(one.is_good for one in verdicts)
    print(f"\nguards: {len(verdicts)}, died without them: {died}, not: {len(verdicts) - died}")
    return 0 if died == len(verdicts) and not faults else 1


def _is_chosen(chapter: str, guard: Guard, words: Sequence[str]) -> bool:
    text = " ".join([guard.name, *(one.file for one in guard.cuts)]).lower()
    return not words or chapter in words or any(word.lower() in text for word in words if word not in CHAPTERS)


def _with_all(copies: Copies, pool: ThreadPoolExecutor, chosen: Sequence[Guard], jobs: int) -> int:
    """All named tests pass with every guard in; how many do not."""
    tests = sorted({test for guard in chosen for test in guard.tests})
    shares = [share for place in range(jobs) if (share := tests[place::jobs])]

    def run(share: list[str]) -> Outcome:
        with copies.one() as copy:
            return trial.run(copy.root, share, WITH_ALL)

    outcomes = list(pool.map(run, shares))
    troubles = [one.trouble for one in outcomes if one.trouble is not None]
    failed = {name: why for one in outcomes for name, why in one.failed.items()}
    for line in (*troubles, *(f"{name}: {why[:SHORT]}" for name, why in failed.items())):
        print(f"with all guards in: {line}")
    print(f"with all guards in: {sum(len(one.passed) for one in outcomes)} tests passed, {len(failed)} failed\n")
    return len(troubles) + len(failed)


def _without(copies: Copies, guard: Guard) -> Verdict:
    with copies.one() as copy, copy.without(guard.cuts):
        return judge(guard, trial.run(copy.root, guard.tests))


def _show(verdict: Verdict, why: bool) -> None:
    outcome = verdict.outcome
    print(f"{verdict.word:<8} {outcome.seconds:5.1f} s  {verdict.guard.name} ({verdict.guard.source})", flush=True)
    for test in verdict.guard.tests:
        print(f"{'':>19}→ {test}", flush=True)
    if outcome.trouble is not None:
        print(f"{'':>21}{outcome.trouble}")
    if why or not verdict.is_good:
        for name, reason in outcome.failed.items():
            print(f"{'':>21}failed {name.rpartition('::')[2]}: {' '.join(reason.split())[:SHORT]}")
    for name in outcome.passed:
        print(f"{'':>21}passed {name.rpartition('::')[2]}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # a reason may hold half a letter
    sys.exit(main(sys.argv[1:]))
