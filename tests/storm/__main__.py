"""`python -m tests.storm`: kill the bot under load, on both databases side by side, and say what that has cost."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.__main__ import Options, positive, whole
from tests.bench.postgres import Server
from tests.storm import storm
from tests.storm.figures import Figures
from tests.storm.nursery import Nursery

ENGINES = ("sqlite", "postgresql")


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = Options(prog="python -m tests.storm", description=__doc__, allow_abbrev=False)
    parser.add_argument("--kills", type=whole, default=300, help="on SQLite; PostgreSQL gets a third (default: 300)")
    parser.add_argument("--postgresql-kills", type=whole, help="so many on PostgreSQL instead")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="default: both")
    parser.add_argument("--seconds", type=positive, help="end after so long, however many kills there were")
    parser.add_argument("--seed", type=whole, help="of all that is drawn by lot (default: the time; it is printed)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--keep", action="store_true", help="leave databases and logs where they are")
    given = parser.parse_args(argv)
    given.engine = given.engine or list(ENGINES)
    given.seed = given.seed or int(time.time())
    return given


def _fork(engine: str, url: str, given: argparse.Namespace, folder: Path) -> int:
    """A process for one database, with a nursery of its own; what it found goes to a file of its folder."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        nursery = Nursery()
        kills = given.kills if engine == "sqlite" else given.postgresql_kills or max(1, given.kills // 3)
        chance = random.Random(f"{given.seed} {engine}")
        wanted = storm.Wanted(engine, url, kills, given.seconds, chance)
        found = asyncio.run(storm.run(wanted, nursery, folder))
        found.seed = given.seed
        (folder / "figures.json").write_text(json.dumps(found.to_data(), ensure_ascii=False))
        nursery.close()
        status = 0
    except BaseException:  # noqa: BLE001 — the parent has to hear of everything
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def main() -> int:
    """Storm, and print the figures; the exit status is 1 if a promise did not hold."""
    given = arguments()
    print(f"seed {given.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="verstak-storm-"))
    found: dict[str, Any] = {}
    running: dict[int, str] = {}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # nobody storms on alone
    try:
        server = Server(folder) if "postgresql" in given.engine else None
        for engine in given.engine:
            (own := folder / engine).mkdir(mode=0o700)
            url = server.create("storm") if server and engine == "postgresql" else f"sqlite:///{own}/verstak.db"
            running[_fork(engine, url, given, own)] = engine
        failed = []
        for pid, engine in list(running.items()):
            if os.waitpid(pid, 0)[1]:
                failed.append(engine)
            del running[pid]
        for engine in set(given.engine) - set(failed):
            found[engine] = json.loads((folder / engine / "figures.json").read_text())
        return _tell(given, found, failed)
    finally:
        for pid in running:
            os.kill(pid, signal.SIGTERM)
        if given.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _tell(given: argparse.Namespace, found: dict[str, Any], failed: Sequence[str]) -> int:
    broken = [f"{engine}: the storm itself failed" for engine in failed]
    for engine, data in sorted(found.items(), reverse=True):
        figures = Figures(**data)
        print(f"\n{engine}", *figures.lines(), sep="\n")
        broken += [f"{engine}: {one}" for one in figures.broken()]
    if given.json:
        given.json.write_text(json.dumps(found, ensure_ascii=False, indent=1))
    print("\nNOT HELD" if broken else "\nall held", *broken, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
