"""When something is a trouble, and when it is none any more: the second is farther off, so that none comes and goes."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

LOW, AMPLE = 0.10, 0.12  # of the disk
OFF, RIGHT = 60.0, 30.0  # seconds between two clocks
MEGABYTE = 1024 * 1024
ROOM = 16 * MEGABYTE  # free bytes with which a full disk is none any more


class DiskUsage(Protocol):
    """What `shutil.disk_usage` gives, in bytes."""

    @property
    def total(self) -> int: ...
    @property
    def free(self) -> int: ...


def is_low(usage: DiskUsage) -> bool:
    """Whether the disk is nearly full."""
    return usage.free < LOW * usage.total


def is_ample(usage: DiskUsage) -> bool:
    """Whether there is room enough again."""
    return usage.free >= AMPLE * usage.total


def disk_details(usage: DiskUsage) -> dict[str, str | int]:
    """What the words about a disk need."""
    return {"percent": int(100 * usage.free / max(usage.total, 1)), "free": usage.free // MEGABYTE}


def is_off(seconds: float) -> bool:
    """Whether a clock that is so far ahead (below zero: behind) is wrong."""
    return abs(seconds) > OFF


def is_right(seconds: float) -> bool:
    """Whether it is right again."""
    return abs(seconds) < RIGHT


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path("/"))
