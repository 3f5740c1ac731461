"""`python -m bot`, with the machine's clock set wrong by so many seconds as a file says now."""

from __future__ import annotations

import mmap
import os
import struct
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from apscheduler.schedulers import base

from bot import __main__ as program
from scheduler import clock, ticks

CLOCK = "CLUSTER_CLOCK"  # names the file: seconds, as eight bytes
SHAPE = struct.Struct("d")


def wrong_clock(path: Path) -> type[datetime]:
    """A `datetime` whose `now` follows the file."""
    with path.open("r+b") as file:
        seconds = mmap.mmap(file.fileno(), SHAPE.size)

    class WrongDatetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            (ahead,) = SHAPE.unpack(seconds[:])
            return datetime.now(tz) + timedelta(seconds=ahead)

    return WrongDatetime


def main() -> None:
    """Run the program; its own clock and APScheduler's are the wrong one, the loop's monotonic clock is not."""
    wrong = wrong_clock(Path(os.environ[CLOCK]))
    for module in (clock, ticks, base):
        module.datetime = wrong  # type: ignore[attr-defined]
    program.main()


if __name__ == "__main__":
    main()
