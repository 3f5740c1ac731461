"""`python -m tests.storm.sweep`: one short scenario, the bot ended at its k-th commit or call, for every k (SQLite).

Before and after each is a point of its own. After the crash a bot without one ends the work, and all is judged as in
the storm.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from copy import deepcopy
from datetime import timedelta
from itertools import count
from pathlib import Path

from tests.bench.__main__ import Options, whole
from tests.storm import fixture_shop, judge, storm
from tests.storm.crash_points import CRASHED
from tests.storm.eye import Eye
from tests.storm.figures import Figures
from tests.storm.fixture_shop import Shop
from tests.storm.lives import Lives
from tests.storm.nursery import CRASH_AT, Nursery
from tests.storm.people import Crowd

DUE = timedelta(seconds=-2)  # the reminders wait already when the bot is started
PAUSE = 0.3  # seconds between two looks whether all is done


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = Options(prog="python -m tests.storm.sweep", description=__doc__, allow_abbrev=False)
    parser.add_argument("--first", type=whole, default=1, help="the first point")
    parser.add_argument("--last", type=whole, help="the last point (default: until the scenario has no more)")
    parser.add_argument("--every", type=whole, default=1, help="only every so-manieth")
    return parser.parse_args(argv)


class Sweep:
    """One scenario on copies of one database."""

    def __init__(self, nursery: Nursery, folder: Path, shop: Shop) -> None:
        self.nursery, self.folder, self.shop = nursery, folder, shop
        self.template = folder / "template.db"

    async def point(self, number: int) -> Figures | None:
        """Crash there, start again, judge; None if the scenario was over before."""
        own = self.folder / str(number)
        own.mkdir(mode=0o700)
        shutil.copy(self.template, own / "verstak.db")
        url, figures = f"sqlite:///{own}/verstak.db", Figures()
        async with storm.stand_in() as record:
            eye, shop, chance = Eye(url, own), deepcopy(self.shop), random.Random(number)
            lives = Lives(self.nursery, record, storm.settings(url, record, own), shop, eye, chance, figures)
            crowd = Crowd(record, shop, f"http://127.0.0.1:{lives.settings['HTTP_PORT']}/intake/leads", chance)
            if not await _crashed(lives, crowd, number):
                return None
            await judge.judge(figures, record, lives, crowd, eye)
        shutil.rmtree(own)
        return figures


async def _crashed(lives: Lives, crowd: Crowd, number: int) -> bool:
    plain = lives.settings
    lives.settings = {**plain, CRASH_AT: str(number)}
    await lives.begin()
    done = asyncio.ensure_future(_through(lives, crowd))
    await asyncio.wait(
        [ended := asyncio.ensure_future(lives.nursery.buried(lives.pid)), done], return_when="FIRST_COMPLETED"
    )
    if not ended.done():  # over without coming to that point
        await done
        lives.strike()
        await ended
        return False
    if ended.result() != CRASHED:
        raise RuntimeError(f"point {number}: the bot ended with {ended.result()}\n{lives.last_words()}")
    lives.gone()
    lives.settings = plain
    await lives.begin()
    await lives.ready()
    await done
    await storm.settle(lives, PAUSE)
    await lives.stop()
    return True


async def _through(lives: Lives, crowd: Crowd) -> None:
    await crowd.once()
    await storm.settle(lives, PAUSE)


async def sweep(nursery: Nursery, folder: Path, given: argparse.Namespace) -> int:
    """Point after point; how many were not survived."""
    template = f"sqlite:///{folder}/template.db"
    shop = await fixture_shop.open_shop(template, 4.0, 2.0, 1, DUE)
    found, broken, marked = Sweep(nursery, folder, shop), 0, 0
    for number in count(given.first, given.every):
        figures = None if given.last and number > given.last else await found.point(number)
        if figures is None:
            break
        told = [one for one in figures.broken() if not one.startswith("no reminder waited")]
        broken, marked = broken + bool(told), marked + figures.marked_repeats
        print(
            f"point {number}: {'; '.join(told) or 'held'}, {figures.marked_repeats} marked",
            *figures.examples,
            flush=True,
        )
    print(f"points {given.first}..{number - given.every} by {given.every}: {broken} not held, {marked} marked repeats")
    return broken


def main() -> int:
    """Sweep; the exit status is 1 if a point was not survived."""
    given, nursery = arguments(), Nursery()
    folder = Path(tempfile.mkdtemp(prefix="verstak-sweep-"))
    try:
        return 1 if asyncio.run(sweep(nursery, folder, given)) else 0
    finally:
        nursery.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
